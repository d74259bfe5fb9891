package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Set;

/// All ways of looking at one file, in order.
final class Looks {
    /// Pictures, sounds, fonts, archives of builds: no text, no configuration, no model.
    private static final Set<String> MUTE = Set.of(
            "png", "jpg", "jpeg", "gif", "webp", "ico", "svgz", "mp3", "mp4", "mov", "avi", "wav", "ogg", "woff",
                    "woff2",
            "ttf", "otf", "eot", "class", "map", "psd", "pdf", "gz", "xz", "bz2", "zst", "7z", "rar", "tar", "tgz",
                    "mo");
    /// Other files are looked at for keys up to this size.
    static final int KEY_BYTES = 512 * 1024;

    private final Scene scene;
    private final Places places = new Places(AgentKind.shipped());
    private final AgentFiles agents;
    private final Skills skills;
    private final Manifests manifests;
    private final Workloads workloads;
    private final Models models;
    private final Code code;
    private final Texts texts;

    Looks(Scene scene) {
        this.scene = scene;
        this.texts = new Texts(scene);
        this.agents = new AgentFiles(scene, new Servers(scene), texts);
        this.skills = new Skills(scene, texts);
        this.manifests = new Manifests(scene);
        this.workloads = new Workloads(scene, texts);
        this.models = new Models(scene);
        this.code = new Code(scene);
    }

    Asset skill(String directory) {
        return skills.asset(directory);
    }

    /// Bytes of it that are wanted; 0 where nothing looks at such a file.
    int wants(String name, long size, boolean bundled, int most) {
        var leaf = name.substring(name.lastIndexOf('/') + 1);
        var ending = Skills.ending(leaf);
        if (bundled || !places.of(name).isEmpty() || manifests.takes(leaf) || workloads.takes(leaf)) return most;
        if (models.takes(leaf)) return Models.HEAD_BYTES;
        return MUTE.contains(ending) || size > KEY_BYTES ? 0 : KEY_BYTES;
    }

    /// @param bundle the directory of the skill that it belongs to; null-free: empty text where `bundled` is false
    void look(Source source, boolean bundled, String bundle) {
        var matches = places.of(source.name());
        matches.forEach(match -> agents.look(source, match));
        if (bundled) skills.look(source, bundle);
        if (manifests.takes(source.leaf())) manifests.look(source);
        if (workloads.takes(source.leaf())) workloads.look(source);
        if (models.takes(source.leaf())) models.look(source);
        if (source.binary()) return;
        if (Skills.script(source.leaf())) scene.judge().read("agentcode", scene.owner(), source.name(), source.text());
        if (!bundled && Skills.script(source.leaf())) code.repository(source, scene.owner());
        if (matches.isEmpty()) keys(source);
    }

    private void keys(Source source) {
        if (source.bytes().length > KEY_BYTES) return;
        var text = source.text();
        for (var key : Secrets.in(text)) {
            var credential = scene.credential(key.type(), source.name(), key.type(), "file", scene.owner());
            var tree = Json.object("type", key.type()).with("in", "file");
            scene.judge().look(new Subject(
                    "credential", "", credential, source.name(), "", List.of(key.type()), tree));
        }
    }

}
