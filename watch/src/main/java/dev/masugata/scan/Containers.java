package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Map;

/// One container, whoever describes it: its image, what it may, who reaches it, what keys it is given.
record Containers(Scene scene) {
    void look(Source source, String name, List<String> path, String image, boolean open, boolean privileged,
            boolean host,
            String mounts, Map<String, String> environment, String capabilities, String user) {
        var engine = Engines.image(image);
        var workload = scene.found().add("Workload", "workload:" + source.name() + "#" + name, name,
                Map.of("file", source.name(), "engine", engine, "open", open, "ai", !engine.isEmpty()));
        scene.found().relate("RUNS", scene.owner().id(), workload.id());
        if (!image.isEmpty()) image(image, workload, source, 0);
        boolean keyed = environment.keySet().stream().anyMatch(it ->
                it.matches(".*(?:API_KEY|AUTH|TOKEN|PASSWORD|SECRET).*"));
        var tree = Json.object("image", image).with("engine", engine).with("ai", Json.of(!engine.isEmpty()))
                .with("open", Json.of(open)).with("auth", Json.of(keyed)).with("privileged", Json.of(privileged))
                .with("host", Json.of(host)).with("mounts", mounts).with("caps", capabilities).with("user", user);
        scene.judge().look(new Subject("container", "", workload, source.name(), source.text(), path, tree));
        environment.forEach((variable, value) ->
                Secrets.type(variable, value).ifPresent(type -> key(type, variable, workload, source)));
    }

    void key(String type, String variable, Asset workload, Source source) {
        var credential = scene.credential(type, source.name(), variable, "workload", workload);
        var tree = Json.object("type", type).with("in", "workload");
        scene.judge().look(
                new Subject("credential", "", credential, source.name(), source.text(), List.of(variable), tree));
    }

    void image(String image, Asset workload, Source source, int line) {
        var engine = Engines.image(image);
        var asset = scene.found().add("Image", "image:" + image, image,
                Map.of("engine", engine, "ai", !engine.isEmpty()));
        scene.found().relate("USES", workload.id(), asset.id());
        int colon = image.lastIndexOf(':');
        boolean tagged = colon > image.lastIndexOf('/');
        boolean loose = !image.contains("@sha256:") && !image.contains("$") && !image.equals("scratch")
                && (!tagged || image.endsWith(":latest") || image.endsWith(":main"));
        var tree = Json.object("image", image).with("engine", engine).with("loose", Json.of(loose));
        scene.judge().look(new Subject("image", "", workload, source.name(), source.text(), List.of(image), tree));
    }
}
