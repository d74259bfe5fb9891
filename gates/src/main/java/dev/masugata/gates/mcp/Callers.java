package dev.masugata.gates.mcp;

import dev.masugata.model.Session;
import dev.masugata.net.Request;
import java.util.Optional;

/// Who is calling, and in which session. Said by where the request came in and what it proves, never by its body.
public interface Callers {
    /// @param address where it comes from, for limits and the record
    record Caller(Session session, String address) {}

    /// The caller; empty where nothing was proved.
    Optional<Caller> of(Request request);

    /// What whoever proved nothing is told of how to (RFC 9110 section 11.6.1).
    default String challenge(Request request) {
        return "Bearer";
    }
}
