package dev.masugata.gates.mcp;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Session;
import dev.masugata.net.Headers;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.util.Optional;

/// One request of one conversation while it is served.
///
/// @param outlet  where messages go to the client meanwhile
/// @param headers those it came with, over HTTP
record Turn(Conversation with, JsonRpc.Request request, Outlet outlet, Optional<Headers> headers) {
    Session session() {
        return with.session();
    }

    Json id() {
        return request.id();
    }

    Json.Obj params() {
        return request.params();
    }

    boolean isModern() {
        return with.isModern();
    }

    Circumstance here() {
        return Circumstance.at(with.address());
    }

    /// The message as an action towards what it is addressed to, for what is decided before a server is chosen.
    Action.Message asMessage() {
        return new Action.Message(
                Methods.kind(request.method()), with.only().orElse("masugata"), request.method(), request.params());
    }

    Optional<Json> progressToken() {
        return params().object("_meta").at("progressToken");
    }

    Json.Obj meta() {
        return params().object("_meta");
    }

    void send(JsonRpc.Message message) {
        outlet.send(message.toJson());
    }
}
