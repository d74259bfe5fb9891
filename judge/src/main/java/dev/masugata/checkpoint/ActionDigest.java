package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sha256;
import java.util.Set;

/// One action, one digest: SHA-256 over its canonical form (RFC 8785).
///
/// Left out is only what the exit sets itself and what carries no meaning for the target: the request id, the
/// progress token and trace headers. So an equal call has an equal digest, and a changed one has not.
public final class ActionDigest {
    /// Members of `params._meta` that the exit owns or that only trace.
    static final Set<String> OWN_META = Set.of(
            "progressToken",
            "traceparent",
            "tracestate",
            "baggage",
            // Who speaks, and in which revision, the exit says itself (MCP 2026-07-28, `_meta`).
            "io.modelcontextprotocol/protocolVersion",
            "io.modelcontextprotocol/clientInfo",
            "io.modelcontextprotocol/clientCapabilities",
            "io.modelcontextprotocol/logLevel");

    private ActionDigest() {}

    /// The digest, hex.
    public static String of(Action action) {
        return Sha256.hex(JsonWriter.canonical(form(action)));
    }

    /// What an upstream server is sent for this action, without id and progress token.
    static Json.Obj message(Action.Rpc rpc) {
        if (rpc instanceof Action.Reply reply) return Json.object("jsonrpc", "2.0").with("result", reply.params());
        return Json.object("jsonrpc", "2.0").with("method", rpc.method()).with("params", bare(rpc.params()));
    }

    private static Json.Obj form(Action action) {
        var kind = Json.object("kind", action.kind().word()).with("target", action.target());
        return switch (action) {
            case Action.Rpc rpc -> kind.with("message", message(rpc));
            case Action.HttpRequest request -> kind.with("method", request.method())
                    .with("url", request.url().text())
                    .with("headers", new Json.Arr(request.headers().stream()
                            .<Json>map(it -> Json.strings(java.util.List.of(it.name(), it.value())))
                            .toList()))
                    .with("body", request.body().digest());
            case Action.ModelCall call -> kind.with("operation", call.operation())
                    .with("method", call.request().method())
                    .with("url", call.request().url().text())
                    .with("body", call.request().body().digest());
            case Action.Delivery delivery -> kind.with("message", delivery.message());
            case Action.FileApply apply -> kind.with("paths", Json.strings(apply.paths()));
            case Action.HouseCall call -> kind.with("method", call.method()).with("path", call.path())
                    .with("body", call.body());
            case Action.Operator command -> kind.with("command", command.command()).with("detail", command.detail());
        };
    }

    /// The parameters without what the exit sets itself. An untouched object keeps its bytes.
    static Json.Obj bare(Json.Obj params) {
        if (!(params.members().get("_meta") instanceof Json.Obj meta)) return params;
        var kept = meta;
        for (var own : OWN_META) kept = kept.without(own);
        if (kept == meta) return params;
        return kept.members().isEmpty() ? params.without("_meta") : params.with("_meta", kept);
    }
}
