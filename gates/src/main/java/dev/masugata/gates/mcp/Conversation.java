package dev.masugata.gates.mcp;

import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// One client talking to the gate: what it negotiated and what it waits for. It is part of a session and resets
/// nothing of it.
///
/// @param only the one server it talks to by that server's own names; empty: all, as `server__tool`
record Conversation(
        String id, Session session, Optional<String> only, String address, String revision, Map<Json, Thread> inFlight) {
    /// Requests of one conversation at once.
    static final int IN_FLIGHT_MAX = 64;

    Conversation(String id, Session session, Optional<String> only, String address, String revision) {
        this(id, session, only, address, revision, new ConcurrentHashMap<>());
    }

    /// Ends the work on one request; nothing happens if there is none.
    void cancel(Json requestId) {
        Optional.ofNullable(inFlight.get(requestId)).ifPresent(Thread::interrupt);
    }
}
