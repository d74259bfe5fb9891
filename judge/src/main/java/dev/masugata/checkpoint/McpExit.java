package dev.masugata.checkpoint;

import java.util.Optional;

/// The way out to one MCP server. It takes permits and nothing else, sends what was judged and nothing else, and lets
/// nothing in unjudged.
public interface McpExit extends AutoCloseable {
    /// Sends a request and waits for its judged answer.
    Answer call(Permit permit, Calling calling);

    /// Sends a notification. Nothing answers it; its end is recorded when it has left.
    void tell(Permit permit);

    /// Says how the server wants to be spoken to from now on.
    void speak(Speech speech);

    /// Why this exit can no longer be used; empty while it can.
    Optional<String> broken();

    /// Ends the connection; calls in flight get an answer that says so.
    @Override
    void close();
}
