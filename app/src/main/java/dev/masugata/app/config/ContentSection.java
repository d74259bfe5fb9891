package dev.masugata.app.config;

import dev.masugata.model.ContentLabels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads what a server's content is: its `labels` and `content`.
final class ContentSection {
    private ContentSection() {}

    /// `labels` is about all of a server's content, `content` about tools and fields: `tool` or `tool /pointer`.
    static ContentLabels read(Section entry) {
        var base = entry.node("labels").isPresent() ? labels(entry, "labels") : Set.of("untrusted");
        var rules = new ArrayList<ContentLabels.Rule>();
        var content = entry.section("content");
        for (var key : List.copyOf(content.names())) {
            var parts = key.split(" ", 2);
            var field = parts.length > 1 ? parts[1] : "";
            var held = labels(content, key);
            if (field.isEmpty() || field.startsWith("/")) rules.add(new ContentLabels.Rule(parts[0], field, held));
            else
                content.problemAt(
                        key,
                        "`" + key + "` must be a tool, or a tool and a JSON Pointer:"
                                + " `read_mail /structuredContent/sender`");
        }
        content.done();
        return new ContentLabels(base, rules);
    }

    private static Set<String> labels(Section section, String name) {
        var known = new HashSet<String>();
        for (var label : section.texts(name)) {
            if (ContentLabels.KNOWN.contains(label)) known.add(label);
            else
                section.problemAt(name, "`" + label + "` is no label; known: "
                        + String.join(", ", ContentLabels.KNOWN.stream().sorted().toList()));
        }
        return known;
    }
}
