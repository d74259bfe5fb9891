package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.model.Asset;
import dev.masugata.scan.Syntax.Language;
import dev.masugata.wire.Json;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Scripts, and code that agents are made of: parsed, never matched as text, never run.
final class Code {
    private static final Map<Language, FlowWords> WORDS = new EnumMap<>(Language.class);
    private static final Pattern FENCE =
            Pattern.compile(
                    "(?m)^ {0,3}```(python|py|bash|sh|shell|javascript|js|node)[ \\t]*\\n((?:[^`]|`[^`]|``[^`])*)```");

    /// Characters of a repository's script; longer ones are made by programs.
    static final int OWN_CHARS = 64 * 1024;
    /// Characters of a line, on the average.
    private static final int LINE = 300;
    private static final Literals AGENTS = Literals.of(List.of(
            "modelcontextprotocol/sdk", "from mcp", "import mcp", "fastmcp", "@mcp.", "@tool", ".registertool(",
                    ".tool(",
            "from openai", "import openai", "from \"openai\"", "from 'openai'", "from anthropic", "anthropic-ai/sdk",
            "from langchain", "from crewai", "import pickle", "torch.load", "from transformers", "smolagents"));

    static {
        for (var language : Language.values()) WORDS.put(language, FlowWords.of(language));
    }

    private final Scene scene;

    Code(Scene scene) {
        this.scene = scene;
    }

    static Optional<Language> language(Source source) {
        var known = Language.of(Skills.ending(source.leaf()));
        if (known.isPresent()) return known;
        var text = new String(source.bytes(), 0, Math.min(source.bytes().length, 64),
                java.nio.charset.StandardCharsets.ISO_8859_1);
        if (!text.startsWith("#!")) return Optional.empty();
        if (text.contains("python")) return Optional.of(Language.PYTHON);
        if (text.contains("node")) return Optional.of(Language.JAVASCRIPT);
        return text.contains("sh") ? Optional.of(Language.BASH) : Optional.empty();
    }

    /// Code of a repository: of agents, servers and models only, and none that a bundler made.
    void repository(Source source, Asset asset) {
        if (source.bytes().length > OWN_CHARS) return;
        var text = source.text();
        if (AGENTS.in(text).isEmpty() || text.length() > LINE * (text.chars().filter(c -> c == '\n').count()
                + 1)) return;
        look(source, asset);
    }

    void look(Source source, Asset asset) {
        language(source).ifPresent(it -> look(it, source.text(), asset, source.name(), 0));
    }

    /// Blocks of code in a skill's text are what the model runs.
    void fenced(Source source, Asset asset) {
        var text = source.text();
        if (text.indexOf("```") < 0) return;
        var found = FENCE.matcher(text);
        int at = 0;
        while (at < text.length() && found.find(at)) {
            var language = switch (found.group(1)) {
                case "python", "py" -> Language.PYTHON;
                case "javascript", "js", "node" -> Language.JAVASCRIPT;
                case String _ -> Language.BASH;
            };
            look(language, found.group(2), asset, source.name(), Tree.lineAt(text, found.start(2)) - 1);
            at = found.end();
        }
    }

    private void look(Language language, String text, Asset asset, String file, int above) {
        var words = WORDS.get(language);
        if (words == null || words.rare().in(text).isEmpty() || Flow.silent(text, words.in(text))) return;
        var root = Syntax.parse(language, text);
        if (root.isEmpty()) {
            scene.found().unread(file, "a script longer than " + Syntax.CHARS + " characters");
            scene.judge().weak("EVA-011", asset, file, 0, "");
            return;
        }
        for (var reach : Flow.of(root.get(), text, words)) {
            var tree = Json.object("source", reach.source()).with("sink", reach.sink())
                    .with("odd", Json.of(reach.odd()));
            flow(tree, asset, file, above + Tree.lineAt(text, reach.offset()), reach);
        }
    }

    private void flow(Json.Obj tree, Asset asset, String file, int line, Flow.Reach reach) {
        for (var check : Catalog.shipped().on("flow"))
            if (check.when().isPresent() && !check.when().get().holds(tree).isEmpty())
                scene.judge().weak(check.id(), asset, file, line, reach.source() + " to " + reach.sink());
    }

}
