package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.util.Optional;

/// What stands at the head of a Markdown file between two lines of `---`.
///
/// @param problem why it is none
record FrontMatter(Json.Obj tree, Optional<String> problem) {
    /// Characters of it; a longer one is no head.
    static final int CHARS = 64 * 1024;

    private static final Json.Obj NONE = Json.object("none", "").without("none");

    static FrontMatter of(String text) {
        var body = text.startsWith("\ufeff") ? text.substring(1) : text;
        if (!body.startsWith("---\n") && !body.startsWith("---\r\n")) return new FrontMatter(NONE, Optional.empty());
        int end = body.indexOf("\n---", 3);
        if (end < 0 || end > CHARS) return new FrontMatter(NONE, Optional.of("its head has no end"));
        try {
            var trees = Document.yaml(body.substring(body.indexOf('\n') + 1, end + 1));
            if (!trees.isEmpty() && trees.getFirst() instanceof Json.Obj object)
                return new FrontMatter(object, Optional.empty());
            return new FrontMatter(NONE, Optional.of("its head holds no names"));
        } catch (Unreadable bad) {
            return new FrontMatter(NONE, Optional.of(bad.why()));
        }
    }
}
