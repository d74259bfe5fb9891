package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Answer;
import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.checkpoint.Permit;
import dev.masugata.checkpoint.Refusal;
import dev.masugata.checkpoint.StdioExit;
import dev.masugata.checkpoint.Waiting;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One server as one session uses it: its process, the handshake with it, and the tools it says it has.
///
/// All of our own messages to it (handshake, listing) are judged like everybody's. A process that has ended is
/// started again by the next use.
final class Upstream implements AutoCloseable {
    /// Pages of one listing, and tools in all of them.
    static final int PAGES_MAX = 100;

    static final int TOOLS_MAX = 1_000;
    /// The revision we speak to servers.
    static final String REVISION = "2025-11-25";

    private final Checkpoint checkpoint;
    private final Session session;
    private final Servers.Server server;
    private volatile @Nullable StdioExit exit;
    private @Nullable Map<String, ToolDefinition> tools;
    // Set by the exit's reader, which must never wait for a listing that waits for it.
    private volatile boolean outdated;

    Upstream(Checkpoint checkpoint, Session session, Servers.Server server) {
        this.checkpoint = checkpoint;
        this.session = session;
        this.server = server;
    }

    /// A call of ours or of the client did not come to a result.
    static final class Failed extends Exception {
        private final @Nullable Refusal refusal;

        Failed(String message, @Nullable Refusal refusal) {
            super(message);
            this.refusal = refusal;
        }

        Optional<Refusal> refusal() {
            return Optional.ofNullable(refusal);
        }
    }

    Circumstance circumstance(String address) {
        return Circumstance.at(address);
    }

    Servers.Server server() {
        return server;
    }

    /// Asks the server for its tools, now.
    synchronized List<ToolDefinition> list(String address) throws Failed {
        outdated = false;
        // One time for all pages: a page in time and another in time would never end.
        long ends = System.nanoTime() + server.timeout().toNanos();
        var listed = new LinkedHashMap<String, ToolDefinition>();
        var params = Json.EMPTY;
        for (int page = 0; page < PAGES_MAX; page++) {
            var message = new Action.Message(Action.Kind.TOOL_LIST, server.name(), "tools/list", params);
            var left = Duration.ofNanos(ends - System.nanoTime());
            if (!left.isPositive())
                throw new Failed(server.name() + " did not list its tools in " + server.timeout().toSeconds() + " s",
                        null);
            var result = result(running(), message, address, left);
            for (var tool : result.items("tools")) add(listed, tool);
            var next = result.string("nextCursor");
            if (next.isEmpty()) {
                tools = Map.copyOf(listed);
                return List.copyOf(listed.values());
            }
            params = Json.object("cursor", next.get());
        }
        throw new Failed(server.name() + " lists its tools on more than " + PAGES_MAX + " pages", null);
    }

    private void add(Map<String, ToolDefinition> listed, Json tool) throws Failed {
        var definition = ToolDefinition.of(server.name(), tool);
        if (definition.isEmpty()) {
            checkpoint.saw(session, "server:" + server.name(), new Finding("mcp/unusable-tool", Severity.MEDIUM, ""));
            return;
        }
        if (listed.size() >= TOOLS_MAX) throw new Failed(server.name() + " lists more than " + TOOLS_MAX + " tools", null);
        // Two tools of one name: nobody could say which of them was approved. Neither is.
        if (listed.put(definition.get().name(), definition.get()) != null)
            throw new Failed(server.name() + " lists two tools of the name " + definition.get().name(), null);
    }

    /// The tool as it was listed last; the server is asked if it was not yet.
    synchronized Optional<ToolDefinition> tool(String name, String address) throws Failed {
        if (tools == null || outdated || exit == null || exit.broken().isPresent()) list(address);
        return Optional.ofNullable(java.util.Objects.requireNonNull(tools).get(name));
    }

    /// Sends what a permit allows and waits.
    Answer call(Permit permit, StdioExit.Unasked progress) throws Failed {
        return running().call(permit, server.timeout(), progress);
    }

    private Json.Obj result(StdioExit running, Action.Rpc message, String address, Duration limit) throws Failed {
        return switch (checkpoint.judge(session, message, circumstance(address), Waiting.NONE)) {
            case Refusal refusal -> throw new Failed(refusal.text(), refusal);
            case Permit permit ->
                switch (running.call(permit, limit, (_, _) -> {})) {
                    case Answer.Result(var result) -> result;
                    case Answer.Failure(int code, var text, _) ->
                        throw new Failed(server.name() + " answered " + message.method() + " with error " + code + ": " + text, null);
                    case Answer.Withheld(var refusal) -> throw new Failed(refusal.text(), refusal);
                    case Answer.Broken(var reason) -> throw new Failed(reason, null);
                };
        };
    }

    private synchronized StdioExit running() throws Failed {
        if (exit != null && exit.broken().isEmpty()) return exit;
        tools = null;
        // A stop may have come since the gate looked: nothing is started after it.
        if (checkpoint.isStopped(session.id())) throw new Failed(Checkpoint.STOPPED.text(), null);
        try {
            var fresh = new StdioExit(
                    checkpoint,
                    session,
                    server.name(),
                    circumstance("gate"),
                    server.labels(),
                    (method, _) -> unasked(method),
                    server.launcher());
            exit = fresh;
            handshake(fresh);
            return fresh;
        } catch (IOException unstartable) {
            throw new Failed("server " + server.name() + " cannot be started: " + unstartable.getMessage(), null);
        }
    }

    private void handshake(StdioExit fresh) throws Failed {
        try {
            var params = Json.object("protocolVersion", REVISION)
                    .with("capabilities", Json.EMPTY)
                    .with("clientInfo", Json.object("name", "masugata").with("version", "0.1.0"));
            var hello = new Action.Message(Action.Kind.LIFECYCLE, server.name(), "initialize", params);
            var result = result(fresh, hello, "gate", server.timeout());
            var spoken = result.string("protocolVersion").orElse("");
            if (!Protocol.REVISIONS.contains(spoken))
                throw new Failed("server " + server.name() + " speaks a protocol revision that is not known", null);
            var done = new Action.Message(Action.Kind.LIFECYCLE, server.name(), "notifications/initialized", Json.EMPTY);
            switch (checkpoint.judge(session, done, circumstance("gate"), Waiting.NONE)) {
                case Permit permit -> fresh.tell(permit);
                case Refusal refusal -> throw new Failed(refusal.text(), refusal);
            }
        } catch (Failed failed) {
            fresh.close();
            throw failed;
        }
    }

    private void unasked(String method) {
        if (method.equals("notifications/tools/list_changed")) outdated = true;
    }

    @Override
    public void close() {
        // Without the lock: a stop must not wait for a listing in flight.
        var ending = exit;
        if (ending != null) ending.close();
    }
}
