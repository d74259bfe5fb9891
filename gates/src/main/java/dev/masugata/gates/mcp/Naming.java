package dev.masugata.gates.mcp;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a client calls the things that servers have: by their own names where it talks to one server; else tools and
/// prompts as `server__name`, and resources as `mcp://server/URI`.
///
/// @param only the one server; empty: all
record Naming(Optional<String> only) {
    private static final String SCHEME = "mcp://";

    /// Something of one server, by that server's name for it.
    record Place(String server, String name) {}

    String name(String server, String name) {
        return only.isPresent() ? name : server + "__" + name;
    }

    String uri(String server, String uri) {
        return only.isPresent() ? uri : SCHEME + server + "/" + uri;
    }

    /// Which server's tool or prompt a name means.
    Optional<Place> named(String given, List<String> servers) {
        if (only.isPresent()) return Optional.of(new Place(only.get(), given));
        // Server names have no `_`, so the first `__` ends the server's name.
        int end = given.indexOf("__");
        if (end < 0 || !servers.contains(given.substring(0, end))) return Optional.empty();
        return Optional.of(new Place(given.substring(0, end), given.substring(end + 2)));
    }

    /// Which server's resource a URI means.
    Optional<Place> located(String given, List<String> servers) {
        if (only.isPresent()) return Optional.of(new Place(only.get(), given));
        if (!given.startsWith(SCHEME)) return Optional.empty();
        int end = given.indexOf('/', SCHEME.length());
        if (end < 0 || !servers.contains(given.substring(SCHEME.length(), end))) return Optional.empty();
        return Optional.of(new Place(given.substring(SCHEME.length(), end), given.substring(end + 1)));
    }

    /// A result with the URIs in it as the client calls them: in content blocks, and in what was read.
    Json.Obj outward(String server, Json.Obj result) {
        if (only.isPresent()) return result;
        var out = result;
        for (var list : List.of("content", "contents"))
            if (result.at(list).isPresent()) out = out.with(list, all(server, result.items(list)));
        if (result.at("messages").isPresent()) out = out.with("messages", messages(server, result.items("messages")));
        return out;
    }

    private Json messages(String server, List<Json> messages) {
        var out = new ArrayList<Json>();
        for (var message : messages)
            out.add(message instanceof Json.Obj it && it.at("content").orElse(Json.NULL) instanceof Json.Obj content
                    ? it.with("content", block(server, content))
                    : message);
        return new Json.Arr(out);
    }

    private Json all(String server, List<Json> blocks) {
        var out = new ArrayList<Json>();
        for (var block : blocks) out.add(block instanceof Json.Obj it ? block(server, it) : block);
        return new Json.Arr(out);
    }

    /// A resource or a link to one says where; so does what is embedded in a block.
    private Json.Obj block(String server, Json.Obj block) {
        var out = block;
        boolean locates = block.string("type").map(it -> it.equals("resource_link")).orElse(true);
        if (locates && block.string("uri").isPresent()) out = out.with("uri", uri(server, block.string("uri").get()));
        if (block.at("resource").orElse(Json.NULL) instanceof Json.Obj embedded && embedded.string("uri").isPresent())
            out = out.with("resource", embedded.with("uri", uri(server, embedded.string("uri").get())));
        return out;
    }
}
