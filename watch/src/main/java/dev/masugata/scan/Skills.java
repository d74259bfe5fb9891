package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import dev.masugata.wire.Sha256;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Skills: a `SKILL.md` and all that lies beside it, which an agent reads and runs when the model wants it to.
final class Skills {
    private static final Set<String> SCRIPTS =
            Set.of("py", "sh", "bash", "zsh", "js", "mjs", "cjs", "ts", "ps1", "rb", "pl", "php");

    private final Scene scene;
    private final Texts texts;
    private final Bundled bundled;
    private final Code code;

    Skills(Scene scene, Texts texts) {
        this.scene = scene;
        this.texts = texts;
        this.bundled = new Bundled(scene);
        this.code = new Code(scene);
    }

    static boolean is(String leaf) {
        return leaf.equalsIgnoreCase("SKILL.md");
    }

    Asset asset(String directory) {
        var leaf = directory.substring(directory.lastIndexOf('/') + 1);
        var name = leaf.isEmpty() ? scene.owner().name() : leaf;
        var skill = scene.found().add("Skill", "skill:" + name + ":" + directory, name, Map.of("place", directory));
        scene.found().relate("RUNS", scene.owner().id(), skill.id());
        return skill;
    }

    /// @param directory of the nearest `SKILL.md` above it
    void look(Source source, String directory) {
        var skill = asset(directory);
        if (is(source.leaf())) {
            head(source, skill);
            return;
        }
        if (bundled.look(source, skill)) return;
        if (source.binary()) return;
        var ending = ending(source.leaf());
        if (SCRIPTS.contains(ending) || source.text().startsWith("#!")) script(source, skill);
        else if (Set.of("md", "txt", "mdx", "rst", "").contains(ending))
            texts.read("skill", skill, source.name(), source.text());
    }

    static String ending(String leaf) {
        int dot = leaf.lastIndexOf('.');
        return dot < 0 ? "" : leaf.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    static boolean script(String leaf) {
        return SCRIPTS.contains(ending(leaf));
    }

    private void script(Source source, Asset skill) {
        texts.read("script", skill, source.name(), source.text());
        code.look(source, skill);
    }

    private void head(Source source, Asset skill) {
        var text = source.text();
        var front = FrontMatter.of(text);
        var name = front.tree().string("name").orElse(skill.name());
        scene.found().add("Skill", skill.id(), name, Map.of(
                "file", source.name(), "digest", Sha256.hex(source.bytes()), "name", name));
        front.problem().ifPresent(_ -> scene.judge().weak("SKL-023", skill, source.name(), 1, ""));
        var tree = front.tree().with("mixed", Json.of(Hidden.mixed(name)));
        scene.judge().look(new Subject("skillhead", "", skill, source.name(), text, List.of(), tree));
        texts.read("skill", skill, source.name(), text);
        code.fenced(source, skill);
    }

}
