package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.HttpServer;
import dev.masugata.checkpoint.Pipes;
import dev.masugata.checkpoint.ToolPins;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The servers that configuration gives a session. House knows how each is sealed and started, or reached.
public interface Servers {
    /// Their names, in the order of configuration.
    List<String> names(Session session);

    /// One of them.
    Server server(Session session, String name);

    /// How a server is reached.
    sealed interface Way {
        /// A sealed process, over its standard input and output.
        record Stdio(Pipes.Launcher launcher) implements Way {}

        /// Over HTTP.
        record Http(HttpServer there) implements Way {}

        /// Not by this session.
        record Barred(Reason why) implements Way {}
    }

    /// @param labels     what its content is, now
    /// @param reviewable true if all it can write is the session's own workspace copy
    /// @param timeout    for one call, from sending to its answer
    /// @param firstUse   that its definitions count as they are first seen; empty: only once approved
    /// @param lent       the credential that its requests leave with, by name
    record Server(
            String name,
            Supplier<ContentLabels> labels,
            boolean reviewable,
            Duration timeout,
            Optional<ToolPins.FirstUse> firstUse,
            Circumstance.Lent lent,
            Way way) {}
}
