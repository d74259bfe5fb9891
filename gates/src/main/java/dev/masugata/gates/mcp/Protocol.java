package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Refusal;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.util.List;
import java.util.Set;

/// What we say in the words of the protocol (MCP 2024-11-05 to 2026-07-28).
final class Protocol {
    /// The revisions with a handshake, newest first. The first is what we offer a client that asks for one we do not
    /// know.
    static final List<String> NEWEST_FIRST = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    static final Set<String> REVISIONS = Set.copyOf(NEWEST_FIRST);
    /// The first revision without one: every request says itself who speaks, and in which revision.
    static final String MODERN = "2026-07-28";

    static final String PREFIX = "io.modelcontextprotocol/";
    static final String VERSION = PREFIX + "protocolVersion";
    static final String CAPABILITIES = PREFIX + "clientCapabilities";
    static final String LOG_LEVEL = PREFIX + "logLevel";
    static final String SUBSCRIPTION = PREFIX + "subscriptionId";

    static final Json.Obj SERVER = Json.object("name", "masugata").with("version", "0.1.0");

    static final int HEADER_MISMATCH = -32020;
    static final int MISSING_CAPABILITY = -32021;
    static final int UNSUPPORTED_VERSION = -32022;
    /// Until 2025-11-25; after it [JsonRpc#INVALID_PARAMS].
    static final int NO_SUCH_RESOURCE = -32002;
    /// 2025-11-25 only; after it a result that asks for input.
    static final int URL_ELICITATION_REQUIRED = -32042;

    // Ours lie outside -32768..-32000, which belong to JSON-RPC and the protocol.
    static final int DENIED = -31001;
    static final int HELD = -31002;
    static final int CLOSED = -31003;
    static final int UPSTREAM = -31010;
    static final int LIMITED = -31029;

    /// Where a refusal says, for programs, what it says for readers in its text.
    static final String DECISION = "dev.masugata/decision";

    private Protocol() {}

    /// A refused tool call, as its result: the model reads it and can do something else.
    static Json.Obj refusedCall(Refusal refusal) {
        var words =
                switch (refusal.kind()) {
                    case DENIED -> "denied by policy: " + refusal.text() + named(refusal);
                    case HELD -> "held for approval " + refusal.id() + "; repeat the same call";
                    case LIMITED, CLOSED -> refusal.text();
                };
        var block = Json.object("type", "text").with("text", words);
        return Json.object("content", new Json.Arr(List.of(block)))
                .with("isError", Json.TRUE)
                .with("_meta", Json.object(DECISION, decision(refusal)));
    }

    private static String named(Refusal refusal) {
        return refusal.id().isEmpty() ? "" : " (" + refusal.id() + ")";
    }

    /// A refusal where the protocol has no result to put it in.
    static JsonRpc.Failure refused(Json id, Refusal refusal) {
        var data = decision(refusal);
        if (!refusal.dimension().isEmpty())
            data = data.with("dimension", refusal.dimension()).with("retryAfterMs", refusal.retryAfter().toMillis());
        int code =
                switch (refusal.kind()) {
                    case DENIED -> DENIED;
                    case HELD -> HELD;
                    case LIMITED -> LIMITED;
                    case CLOSED -> CLOSED;
                };
        return new JsonRpc.Failure(id, code, refusal.text(), data);
    }

    static Json.Obj decision(Refusal refusal) {
        var outcome = refusal.kind() == Refusal.Kind.HELD ? "held" : "denied";
        var rules = Json.strings(refusal.because().stream().map(dev.masugata.model.Reason::id).toList());
        return Json.object("id", refusal.id()).with("outcome", outcome).with("reasons", rules);
    }

    /// The revision to speak: the client's, if we know it, else our newest.
    static String agreed(Json.Obj initialize) {
        var asked = initialize.string("protocolVersion").orElse("");
        return REVISIONS.contains(asked) ? asked : NEWEST_FIRST.getFirst();
    }

    /// A result as a modern client expects it: it says that it is complete and who answers.
    static Json.Obj complete(Json.Obj result) {
        return answering(result.with("resultType", "complete"));
    }

    /// ... that may be kept for a while, by this caller alone: what is shown was chosen for it.
    static Json.Obj complete(Json.Obj result, long ttlMillis) {
        return complete(result.with("ttlMs", ttlMillis).with("cacheScope", "private"));
    }

    static Json.Obj answering(Json.Obj result) {
        return result.with("_meta", result.object("_meta").with(PREFIX + "serverInfo", SERVER));
    }

    /// A result without what only modern clients know.
    static Json.Obj legacy(Json.Obj result) {
        return result.without("resultType").without("ttlMs").without("cacheScope");
    }

    /// Why a server could not be used.
    static JsonRpc.Message failed(Json id, Upstream.Failed failed) {
        return failed.refusal()
                .<JsonRpc.Message>map(refusal -> refused(id, refusal))
                .orElseGet(() -> error(id, UPSTREAM, String.valueOf(failed.getMessage())));
    }

    static JsonRpc.Failure error(Json id, int code, String message) {
        return new JsonRpc.Failure(id, code, message, null);
    }
}
