package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.HeaderValue;
import dev.masugata.net.Headers;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.util.Optional;
import java.util.Set;

/// Whether a modern request says in its headers what it says in its body (MCP 2026-07-28, Streamable HTTP, Server
/// Validation). Whoever routes by the one while we act by the other could be led anywhere.
final class HeaderCheck {
    private static final Set<String> NAMED = Set.of("tools/call", "prompts/get");

    private HeaderCheck() {}

    /// The error to answer with; empty where all is as it must be.
    static Optional<JsonRpc.Failure> wrong(Headers headers, JsonRpc.Request request) {
        var meta = request.params().object("_meta");
        var version = meta.string(Protocol.VERSION);
        var header = headers.one("mcp-protocol-version");
        if (header.isEmpty()) return mismatch(request, "header `MCP-Protocol-Version` is missing");
        if (version.isEmpty() || !(meta.at(Protocol.CAPABILITIES).orElse(Json.NULL) instanceof Json.Obj))
            return Optional.of(Protocol.error(request.id(), JsonRpc.INVALID_PARAMS,
                    "`_meta` must hold `" + Protocol.VERSION + "` and `" + Protocol.CAPABILITIES + "`"));
        if (!version.equals(header)) return mismatch(request, "header `MCP-Protocol-Version` is not what the body says");
        if (!version.get().equals(Protocol.MODERN)) return Optional.of(unsupported(request.id(), version.get()));
        var method = headers.one("mcp-method");
        if (method.isEmpty()) return mismatch(request, "header `Mcp-Method` is missing");
        if (!method.get().equals(request.method())) return mismatch(request, "header `Mcp-Method` is not what the body says");
        return name(headers, request);
    }

    private static Optional<JsonRpc.Failure> name(Headers headers, JsonRpc.Request request) {
        boolean reading = request.method().equals("resources/read");
        if (!reading && !NAMED.contains(request.method())) return Optional.empty();
        var expected = request.params().string(reading ? "uri" : "name");
        var given = headers.one("mcp-name");
        if (given.isEmpty()) return mismatch(request, "header `Mcp-Name` is missing");
        var decoded = HeaderValue.decoded(given.get());
        return decoded.isPresent() && decoded.equals(expected)
                ? Optional.empty()
                : mismatch(request, "header `Mcp-Name` is not what the body says");
    }

    private static Optional<JsonRpc.Failure> mismatch(JsonRpc.Request request, String why) {
        return Optional.of(Protocol.error(request.id(), Protocol.HEADER_MISMATCH, why));
    }

    /// The revision is not ours.
    static JsonRpc.Failure unsupported(Json id, String requested) {
        var versions = new java.util.ArrayList<String>();
        versions.add(Protocol.MODERN);
        versions.addAll(Protocol.NEWEST_FIRST);
        var data = Json.object("supported", Json.strings(versions)).with("requested", requested);
        return new JsonRpc.Failure(id, Protocol.UNSUPPORTED_VERSION, "unsupported protocol version", data);
    }

    /// True if a request says that it is one of the revisions without a handshake.
    static boolean isModern(Optional<Headers> headers, JsonRpc.Request request) {
        if (request.params().object("_meta").at(Protocol.VERSION).isPresent()) return true;
        // Without it in the body, the header alone says what the client believes to speak.
        return headers.flatMap(it -> it.one("mcp-protocol-version"))
                .filter(it -> it.equals(Protocol.MODERN) || !Protocol.REVISIONS.contains(it) && !request.method().equals("initialize"))
                .isPresent();
    }
}
