package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.ToolPins;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sha256;
import java.util.ArrayList;
import java.util.List;

/// What a server says of itself beside its tools, and a model reads: a prompt, a template of resources, its
/// instructions. It is approved word for word, like a tool, under a name that no tool can have.
///
/// @param name `prompt:NAME`, `template:URI` or `instructions:`
/// @param hash SHA-256 over the canonical form (RFC 8785) of all of it, hex
record Pinned(String server, String name, Json whole, String hash) {
    /// Characters of a name or a URI that are kept as a name.
    static final int NAME_CHARS_MAX = 256;

    static Pinned prompt(String server, String name, Json.Obj whole) {
        return of(server, "prompt:" + name, whole);
    }

    static Pinned template(String server, String uri, Json.Obj whole) {
        return of(server, "template:" + uri, whole);
    }

    static Pinned instructions(String server, String text) {
        return of(server, "instructions:", Json.object("instructions", text));
    }

    private static Pinned of(String server, String name, Json.Obj whole) {
        return new Pinned(server, name, whole, Sha256.hex(JsonWriter.canonical(whole)));
    }

    /// All of a server that is not a tool.
    static List<Pinned> all(Upstream upstream, String address) throws Upstream.Failed {
        var server = upstream.server().name();
        var greeting = upstream.greeting();
        var all = new ArrayList<Pinned>();
        greeting.instructions().ifPresent(it -> all.add(instructions(server, it)));
        if (greeting.has("prompts"))
            for (var it : upstream.list("prompts/list", "prompts", address).items())
                it.string("name").ifPresent(name -> all.add(prompt(server, name, it)));
        if (greeting.has("resources"))
            for (var it : templates(upstream, address))
                it.string("uriTemplate").ifPresent(uri -> all.add(template(server, uri, it)));
        all.removeIf(it -> it.name().length() > NAME_CHARS_MAX);
        return all;
    }

    /// A server with resources need not know templates.
    private static List<Json.Obj> templates(Upstream upstream, String address) throws Upstream.Failed {
        try {
            return upstream.list("resources/templates/list", "resourceTemplates", address).items();
        } catch (Upstream.Failed unknown) {
            if (unknown.refusal().isPresent()) throw unknown;
            return List.of();
        }
    }

    boolean isApproved(ToolPins pins, Session session, Servers.Server of) {
        if (name.length() > NAME_CHARS_MAX) return false;
        return pins.meet(session, server + "/" + name, hash, whole, of.firstUse()).isPresent();
    }
}
