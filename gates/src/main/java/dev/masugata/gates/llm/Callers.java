package dev.masugata.gates.llm;

import dev.masugata.model.Session;
import dev.masugata.net.Request;
import java.util.Optional;

/// Who calls a model, and in which session. Said by where it came in and what it proves.
public interface Callers {
    /// @param address where it comes from, for limits and the record
    record Caller(Session session, String address) {}

    /// @return empty where nothing was proved
    Optional<Caller> of(Request request);
}
