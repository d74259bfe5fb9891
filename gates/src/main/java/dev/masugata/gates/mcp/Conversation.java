package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.time.Duration;
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

    /// Why one more request cannot be taken beside those under way; empty if it can.
    Optional<JsonRpc.Failure> cannotTake(Json requestId, Checkpoint checkpoint) {
        if (inFlight.containsKey(requestId)) {
            checkpoint.saw(session, session.agent().id(), new Finding("mcp/id-in-use", Severity.LOW, ""));
            return Optional.of(Protocol.error(requestId, JsonRpc.INVALID_REQUEST, "this id is in use"));
        }
        if (inFlight.size() < IN_FLIGHT_MAX) return Optional.empty();
        var text = "more than " + IN_FLIGHT_MAX + " requests of one conversation at once";
        var refusal = checkpoint.limit(session, "conversation", text, Duration.ofSeconds(1));
        return Optional.of(Protocol.refused(requestId, refusal));
    }

    /// Ends the work on one request; nothing happens if there is none.
    void cancel(Json requestId) {
        Optional.ofNullable(inFlight.get(requestId)).ifPresent(Thread::interrupt);
    }
}
