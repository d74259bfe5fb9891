package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.text.LayerLimits;
import dev.masugata.text.Layers;
import java.util.List;

/// Texts that a model takes as orders: instruction files, skills, descriptions. Read as they are, and as they decode.
final class Texts {
    private final Scene scene;

    Texts(Scene scene) {
        this.scene = scene;
    }

    void instructions(Source source, Asset agent) {
        var text = source.text();
        scene.found().add("Instructions", "instructions:" + source.name(), source.leaf(),
                java.util.Map.of("file", source.name()));
        scene.found().relate("USES", agent.id(), "instructions:" + source.name());
        read("instructions", agent, source.name(), text);
    }

    /// @param kind what the catalog calls such a text
    void read(String kind, Asset asset, String file, String text) {
        scene.judge().read(kind, asset, file, text);
        Hidden.first(text).ifPresent(sign ->
                scene.judge().weak(sign.check(), asset, file, Tree.lineAt(text, sign.offset()), sign.what()));
        for (var layer : Layers.of(text, LayerLimits.DEFAULT).all()) {
            if (!layer.decoded() || layer.cased().length() < 8) continue;
            if (!scene.judge().fires(kind, layer.cased())) continue;
            int line = Tree.lineAt(text, layer.originalFrom(0));
            scene.judge().weak("EVA-005", asset, file, line, String.join(" in ", layer.path()));
        }
    }

    static List<String> kinds() {
        return List.of("skill", "instructions", "script", "dockerfile", "registry", "agentcode");
    }
}
