package dev.masugata.checkpoint;

import dev.masugata.wire.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// How one call is made.
///
/// @param limit        for sending and answering together; past it the server is told to stop working on it
/// @param capabilities what the agent's side can be asked, as a modern server is told (MCP 2026-07-28, `_meta`)
/// @param logLevel     from which severity on log messages are wanted; empty: none
/// @param headers      `Mcp-Param-*` that mirror arguments, made from the judged call (2026-07-28, Streamable HTTP)
public record Calling(
        Duration limit, Json.Obj capabilities, Optional<String> logLevel, Map<String, String> headers, Inward inward) {
    public Calling {
        headers = Map.copyOf(headers);
    }

    /// A call of our own: nobody to be asked, nothing wanted beside the answer.
    public static Calling quiet(Duration limit) {
        return new Calling(limit, Json.EMPTY, Optional.empty(), Map.of(), Inward.NONE);
    }
}
