package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.wire.Json;

/// A judged message as it leaves: with what is the exit's own to say, and nothing else beside what was judged.
final class Outgoing {
    /// Who we are to servers (MCP, `Implementation`).
    static final Json.Obj CLIENT = Json.object("name", "masugata").with("version", "0.1.0");

    private static final String PREFIX = "io.modelcontextprotocol/";

    private Outgoing() {}

    /// The request under the exit's own id. Its progress token is that id: no two calls share one.
    static Json.Obj request(Action.Rpc rpc, long id, Speech speech, Calling calling) {
        var message = ActionDigest.message(rpc);
        var asked = rpc.params().object("_meta").at("progressToken").isPresent();
        if (!asked && !speech.modern()) return message.with("id", id);
        var params = message.object("params");
        var meta = params.object("_meta");
        if (asked) meta = meta.with("progressToken", id);
        if (speech.modern()) {
            meta = meta.with(PREFIX + "protocolVersion", speech.revision())
                    .with(PREFIX + "clientInfo", CLIENT)
                    .with(PREFIX + "clientCapabilities", calling.capabilities());
            if (calling.logLevel().isPresent()) meta = meta.with(PREFIX + "logLevel", calling.logLevel().get());
        }
        return message.with("params", params.with("_meta", meta)).with("id", id);
    }

    /// What the record keeps of an answer.
    static Json recorded(Answer answer) {
        return switch (answer) {
            case Answer.Result(var result) -> result;
            case Answer.Failure(int code, var message, _) -> Json.object("code", Json.of(code))
                    .with("message", message);
            case Answer.Withheld _ -> Json.NULL;
            case Answer.Broken(var reason) -> Json.object("broken", reason);
            case Answer.Unauthorized(var reason) -> Json.object("unauthorized", reason);
            case Answer.Expired(var reason) -> Json.object("expired", reason);
        };
    }
}
