package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A product that runs agents, and where it keeps what.
///
/// @param id       as commands name it: `claude`
/// @param files    its files, below a home or a project, or at their absolute places
/// @param skills   directories that hold skills
/// @param commands names of its program
/// @param packages names under which it is installed
/// @param port     where its gateway listens unless told otherwise; 0 if it has none
public record AgentKind(
        String id, String name, String vendor, List<FilePlace> files, List<String> skills, List<String> commands,
        List<String> packages, int port, Optional<Connection> connection) {
    private static final List<AgentKind> SHIPPED = Catalog.agents().stream().map(AgentKind::of).toList();

    /// @param path     below a home or a project; `*` is one name
    /// @param holds    settings, servers, instructions, credentials, environment, transcript, memory, subagent, list
    /// @param servers  ways to the objects whose members are MCP servers
    /// @param projects the way to an object whose members' names are directories; empty if there is none
    /// @param system   absolute places; the path then counts nowhere else
    public record FilePlace(
            String path, String holds, List<String> servers, String projects, List<String> system) {}

    /// How this agent is told of our gate.
    ///
    /// @param file  below a home
    /// @param at    the way to the entry
    public record Connection(String file, String at, Json value) {}

    public static List<AgentKind> shipped() {
        return SHIPPED;
    }

    public static Optional<AgentKind> named(String id) {
        return SHIPPED.stream().filter(it -> it.id().equals(id)).findFirst();
    }

    private static AgentKind of(Json.Obj json) {
        var files = new ArrayList<FilePlace>();
        for (var one : json.items("files")) {
            var file = (Json.Obj) one;
            files.add(new FilePlace(file.string("path").orElseThrow(), file.string("holds").orElseThrow(),
                    words(file, "servers"), file.string("projects").orElse(""), words(file, "system")));
        }
        var connect = json.object("connect");
        return new AgentKind(
                json.string("id").orElseThrow(), json.string("name").orElseThrow(), json.string("vendor").orElse(""),
                List.copyOf(files), words(json, "skills"), words(json, "commands"), words(json, "packages"),
                json.integer("port").orElse(0L).intValue(),
                connect.string("file").map(file -> new Connection(
                        file, connect.string("at").orElseThrow(), connect.at("value").orElseThrow())));
    }

    private static List<String> words(Json.Obj json, String name) {
        return json.items(name).stream().map(Tree::word).toList();
    }
}
