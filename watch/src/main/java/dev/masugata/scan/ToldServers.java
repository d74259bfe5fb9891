package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// The MCP servers that the agents of a home are told of, with all that starts them: what a gate could take over.
public final class ToldServers {
    private ToldServers() {}

    /// @param agent   who was told of it
    /// @param command program and arguments; empty for one that is reached by its URL
    /// @param loose   a package without an exact version
    /// @param image   started by a container engine
    /// @param keyed   its words, its variables or its headers hold a key
    public record ToldServer(
            String name, String agent, List<String> command, String url, boolean loose, boolean image, boolean keyed) {
        public ToldServer {
            command = List.copyOf(command);
        }
    }

    /// Each name once, as the first agent has it.
    public static List<ToldServer> of(Path home) throws IOException {
        var all = new LinkedHashMap<String, ToldServer>();
        for (var kind : AgentKind.shipped())
            for (var place : kind.files()) {
                var file = home.resolve(place.path());
                if (place.path().contains("*") || !place.system().isEmpty() || !Files.isRegularFile(file)) continue;
                for (var way : place.servers())
                    if (!way.contains("*")) for (var one : told(file, way, kind)) all.putIfAbsent(one.name(), one);
            }
        return List.copyOf(all.values());
    }

    private static List<ToldServer> told(Path file, String way, AgentKind kind) throws IOException {
        var servers = new ArrayList<ToldServer>();
        try (var in = Files.newInputStream(file)) {
            var text = new String(in.readNBytes(ScanLimits.FILE_BYTES), StandardCharsets.UTF_8);
            for (var tree : Edits.tree(file.toString(), text).stream().toList())
                for (var place : Tree.at(tree, way))
                    if (place.value() instanceof Json.Obj object)
                        object.members().forEach((name, value) -> {
                            if (value instanceof Json.Obj told) servers.add(one(name, told, kind));
                        });
        }
        return servers;
    }

    private static ToldServer one(String name, Json.Obj told, AgentKind kind) {
        var launch = Launch.of(told);
        var command = new ArrayList<String>();
        if (!launch.command().isEmpty()) {
            command.add(launch.command());
            command.addAll(launch.arguments());
        }
        var url = Tree.at(told, "url|httpUrl|serverUrl|uri").stream().findFirst().map(it -> Tree.word(it.value()))
                .orElse("");
        boolean keyed = Tree.at(told, "env|environment|headers|http_headers.*").stream()
                        .anyMatch(it -> Secrets.type(it.path().getLast(), Tree.word(it.value())).isPresent())
                || command.stream().anyMatch(it -> Secrets.type("", it).isPresent());
        return new ToldServer(name, kind.name(), command, url, !launch.pack().isEmpty() && !launch.pinned(),
                launch.ecosystem().equals("oci"), keyed);
    }
}
