package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import dev.masugata.wire.Sha256;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// MCP servers as agents are told of them, each product in its own words, brought into one form.
final class Servers {
    private static final int DIGEST = 8;

    private final Scene scene;

    Servers(Scene scene) {
        this.scene = scene;
    }


    void look(Tree.Place all, Source source, String text, Places.Match match, Asset agent) {
        if (!(all.value() instanceof Json.Obj servers)) return;
        servers.members().forEach((name, value) -> {
            if (!(value instanceof Json.Obj told)) return;
            var path = new ArrayList<>(all.path());
            path.add(name);
            one(name, told, path, source, text, match, agent);
        });
    }

    private void one(String name, Json.Obj told, List<String> path, Source source, String text, Places.Match match,
            Asset agent) {
        var launch = Launch.of(told);
        var url = Tree.at(told, "url|httpUrl|serverUrl|uri").stream().findFirst().map(it -> Tree.word(it.value()))
                .orElse("");
        var identity = url.isEmpty() ? launch.line() : url.replaceFirst("\\?.*$", "");
        var attributes = new HashMap<String, Object>();
        attributes.put("transport", url.isEmpty() ? "stdio" : "http");
        attributes.put("agents", List.of(match.kind().id()));
        attributes.put("files", List.of(source.name()));
        if (!url.isEmpty()) attributes.put("host", host(url));
        if (!launch.command().isEmpty()) attributes.put("command", launch.command());
        if (!launch.pack().isEmpty()) attributes.put("package", launch.pack());
        attributes.put("pinned", launch.pinned());
        attributes.put("traits", Traits.of(name, launch.pack(), url));
        var server = scene.found().add(
                "McpServer", "mcp:" + name + ":" + Sha256.hex(identity).substring(0, DIGEST), name, attributes);
        scene.found().relate("USES", agent.id(), server.id());
        if (launch.pinned()) depends(launch, server);
        var tree = launch.tree(told).with("name", name).with("url", url).with("scheme", scheme(url))
                .with("host", host(url)).with("local", Json.of(local(host(url))))
                .with("project", Json.of(!scene.machine() && !match.place().holds().equals("settings")));
        scene.judge().look(
                new Subject("server", match.kind().id(), server, source.name(), text, path, tree));
        keys(told, path, source, text, server);
    }

    private void depends(Launch launch, Asset server) {
        var type = launch.ecosystem();
        var pack = scene.found().add("Package", "pkg:" + type + "/" + launch.pack() + "@" + launch.version(),
                launch.pack(),
                Map.of("ecosystem", type, "version", launch.version()));
        scene.found().relate("DEPENDS_ON", server.id(), pack.id());
    }

    private void keys(Json value, List<String> path, Source source, String text, Asset server) {
        switch (value) {
            case Json.Obj object -> object.members().forEach((name, below) -> {
                var deeper = new ArrayList<>(path);
                deeper.add(name);
                keys(below, deeper, source, text, server);
            });
            case Json.Arr array -> array.items().forEach(it -> keys(it, path, source, text, server));
            case Json.Str string -> Secrets.type(path.getLast(), string.value()).ifPresent(type -> {
                var credential = scene.credential(type, source.name(), String.join(".", path), "server", server);
                var tree = Json.object("type", type).with("in", "server");
                scene.judge().look(new Subject("credential", "", credential, source.name(), text, path, tree));
            });
            case Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static String scheme(String url) {
        int colon = url.indexOf("://");
        return colon < 0 ? "" : url.substring(0, colon);
    }

    static String host(String url) {
        try {
            var host = URI.create(url).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException noUrl) {
            return "";
        }
    }

    static boolean local(String host) {
        return host.equals("localhost") || host.endsWith(".localhost") || host.startsWith("127.")
                || host.equals("[::1]");
    }
}
