package dev.masugata.app;

import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.net.Handler;
import dev.masugata.net.Peer;
import dev.masugata.net.Request;
import dev.masugata.net.Response;

/// The handler of one listener. What is turned away there before anybody reads it goes on record too.
///
/// @param session   whose the listener is; empty: all who come from outside
/// @param principal who stands there; empty: whatever the peer's address is
record Door(Checkpoint checkpoint, String session, String principal, Handler inner) implements Handler {
    /// A listener for whoever comes from outside.
    static Door outside(Checkpoint checkpoint, Handler inner) {
        return new Door(checkpoint, "", "", inner);
    }

    @Override
    public Response handle(Request request) throws Exception {
        var response = inner.handle(request);
        if (response.status() == 401) refused(request.peer(), 401, "");
        return response;
    }

    @Override
    public void refused(Peer peer, int status, String why) {
        var address = peer.address().map(it -> it.getAddress().getHostAddress()).orElse("local");
        checkpoint.turnedAway(session, principal.isEmpty() ? "peer:" + address : principal, status);
    }
}
