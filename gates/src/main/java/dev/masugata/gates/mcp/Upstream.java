package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Answer;
import dev.masugata.checkpoint.Calling;
import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.checkpoint.HttpExit;
import dev.masugata.checkpoint.Inward;
import dev.masugata.checkpoint.McpExit;
import dev.masugata.checkpoint.Permit;
import dev.masugata.checkpoint.Refusal;
import dev.masugata.checkpoint.Speech;
import dev.masugata.checkpoint.SsePipes;
import dev.masugata.checkpoint.StdioExit;
import dev.masugata.checkpoint.Waiting;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Finding;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One server as one session uses it: its connection, what it said of itself, and the tools it says it has.
///
/// All of our own messages to it (greeting, listing) are judged like everybody's. A connection that has ended is made
/// anew by the next use.
final class Upstream implements AutoCloseable {
    /// Pages of one listing, and items on all of them.
    static final int PAGES_MAX = 100;

    static final int TOOLS_MAX = 1_000;
    /// How long a listing counts: a server that changes its tools need not say so.
    static final Duration LISTED_MAX = Duration.ofSeconds(60);

    private final Checkpoint checkpoint;
    private final Session session;
    private final Servers.Server server;
    private final Eras eras;
    private final Subscriptions heard;
    private final Attendance attendance = new Attendance(this);
    private volatile @Nullable McpExit exit;
    private volatile @Nullable Greeting greeting;
    private @Nullable Map<String, ToolDefinition> tools;
    private long listed;
    // Set by the exit's reader, which must never wait for a listing that waits for it.
    private volatile boolean outdated;
    private volatile boolean closed;
    private volatile boolean strange;

    Upstream(Checkpoint checkpoint, Session session, Servers.Server server, Eras eras, Subscriptions heard) {
        this.checkpoint = checkpoint;
        this.session = session;
        this.server = server;
        this.eras = eras;
        this.heard = heard;
    }

    /// A call of ours or of the client did not come to a result.
    static class Failed extends Exception {
        private final @Nullable Refusal refusal;

        Failed(String message, @Nullable Refusal refusal) {
            super(message);
            this.refusal = refusal;
        }

        Optional<Refusal> refusal() {
            return Optional.ofNullable(refusal);
        }
    }

    /// The server wants a credential that is not to be had now.
    static final class Unauthorized extends Failed {
        Unauthorized(String reason) {
            super(reason, null);
        }
    }

    /// The server is not for this session. Whoever asked for something of it refuses that, by name.
    static final class Barred extends Failed {
        private final transient Upstream upstream;
        private final transient Reason why;

        Barred(Upstream upstream, Reason why) {
            super(why.text(), null);
            this.upstream = upstream;
            this.why = why;
        }

        Upstream upstream() {
            return upstream;
        }

        Reason why() {
            return why;
        }
    }

    /// What a server says of itself when it is first spoken to.
    record Greeting(Speech speech, Json.Obj capabilities, Optional<String> instructions) {
        boolean has(String capability) {
            return capabilities.at(capability).isPresent();
        }
    }

    Servers.Server server() {
        return server;
    }

    Session session() {
        return session;
    }

    /// What it said of itself; it is spoken to first where it was not yet.
    Greeting greeting() throws Failed {
        running();
        return Objects.requireNonNull(greeting);
    }

    // --- listing ----------------------------------------------------------------------------------------------------

    /// @param ttlMillis how long the server says this is so; 0: it does not say
    record Listed(List<Json.Obj> items, long ttlMillis) {}

    /// All items of one list, of all pages.
    ///
    /// @param member the result's member that holds them
    Listed list(String method, String member, String address) throws Failed {
        // One time for all pages: a page in time and another in time would never end.
        long ends = System.nanoTime() + server.timeout().toNanos();
        var items = new ArrayList<Json.Obj>();
        var params = Json.EMPTY;
        long ttl = Long.MAX_VALUE;
        for (int page = 0; page < PAGES_MAX; page++) {
            var left = Duration.ofNanos(ends - System.nanoTime());
            if (!left.isPositive())
                throw new Failed(server.name() + " did not answer " + method + " in " + server.timeout().toSeconds()
                        + " s", null);
            var message = new Action.Message(Methods.kind(method), server.name(), method, params);
            var result = result(message, address, left);
            ttl = Math.min(ttl, Math.max(0, result.integer("ttlMs").orElse(0L)));
            for (var item : result.items(member)) {
                if (items.size() >= TOOLS_MAX)
                    throw new Failed(server.name() + " lists more than " + TOOLS_MAX + " " + member, null);
                if (item instanceof Json.Obj usable) items.add(usable);
            }
            var next = result.string("nextCursor");
            if (next.isEmpty()) return new Listed(List.copyOf(items), ttl);
            params = Json.object("cursor", next.get());
        }
        throw new Failed(server.name() + " answers " + method + " with more than " + PAGES_MAX + " pages", null);
    }

    /// Asks the server for its tools, now.
    synchronized List<ToolDefinition> listTools(String address) throws Failed {
        running();
        outdated = false;
        if (!greeting().has("tools")) {
            tools = Map.of();
            return List.of();
        }
        var found = new LinkedHashMap<String, ToolDefinition>();
        for (var tool : list("tools/list", "tools", address).items()) {
            var definition = ToolDefinition.of(server.name(), tool);
            if (definition.isEmpty()) {
                checkpoint.saw(session, "server:" + server.name(),
                        new Finding("mcp/unusable-tool", Severity.MEDIUM, ""));
                continue;
            }
            // Two tools of one name: nobody could say which of them was approved. Neither is.
            if (found.put(definition.get().name(), definition.get()) != null)
                throw new Failed(server.name() + " lists two tools of the name " + definition.get().name(), null);
        }
        tools = Map.copyOf(found);
        listed = System.nanoTime();
        return List.copyOf(found.values());
    }

    /// The tool as it was listed last; the server is asked if it was not yet, or not for a while.
    synchronized Optional<ToolDefinition> tool(String name, String address) throws Failed {
        boolean old = outdated || System.nanoTime() - listed > LISTED_MAX.toNanos();
        if (tools == null || old || exit == null || exit.broken().isPresent()) listTools(address);
        return Optional.ofNullable(Objects.requireNonNull(tools).get(name));
    }

    /// False where policy denies this session every call of the tool.
    boolean couldCall(ToolDefinition tool, ToolClass toolClass, String address) {
        var call = new Action.ToolCall(server.name(), tool.name(), Json.object("name", tool.name()));
        var circumstance = new Circumstance(address, toolClass, tool.hash(), server.reviewable(), server.lent());
        return checkpoint.couldPermit(session, call, circumstance);
    }

    // --- calls ------------------------------------------------------------------------------------------------------

    /// Sends what a permit allows and waits.
    Answer call(Permit permit, Calling calling) throws Failed {
        McpExit connected;
        try {
            connected = running();
        } catch (Failed unreached) {
            checkpoint.abandon(permit);
            throw unreached;
        }
        return connected.call(permit, calling);
    }

    /// Sends a notification that a permit allows.
    void tell(Permit permit) throws Failed {
        running().tell(permit);
    }

    /// How a call of somebody is made to this server.
    Calling calling(Json.Obj capabilities, Optional<String> logLevel, Map<String, String> headers, Inward inward) {
        return new Calling(server.timeout(), capabilities, logLevel, headers, inward);
    }

    /// Judges a message of ours, sends it and gives its result.
    Json.Obj result(Action.Rpc message, String address, Duration limit) throws Failed {
        return result(running(), message, address, limit);
    }

    private Json.Obj result(McpExit running, Action.Rpc message, String address, Duration limit) throws Failed {
        return switch (answer(running, message, address, limit)) {
            case Answer.Result(var result) -> result;
            // Its words are for nobody: what is not shown was not labelled.
            case Answer.Failure(int code, _, _) ->
                throw new Failed(server.name() + " answered " + message.method() + " with error " + code, null);
            case Answer.Withheld(var refusal) -> throw new Failed(refusal.text(), refusal);
            case Answer.Broken(var reason) -> throw new Failed(reason, null);
            case Answer.Unauthorized(var reason) -> throw new Unauthorized(reason);
            case Answer.Expired(var reason) -> throw new Failed(reason, null);
        };
    }

    private Answer answer(McpExit running, Action.Rpc message, String address, Duration limit) throws Failed {
        return switch (checkpoint.judge(session, message, at(address), Waiting.NONE)) {
            case Refusal refusal -> throw new Failed(refusal.text(), refusal);
            case Permit permit -> running.call(permit, Calling.quiet(limit));
        };
    }

    // --- the connection ---------------------------------------------------------------------------------------------

    private synchronized McpExit running() throws Failed {
        var known = exit;
        if (known != null && known.broken().isEmpty()) return known;
        if (server.way() instanceof Servers.Way.Barred(var why)) throw new Barred(this, why);
        tools = null;
        // A stop may have come since the gate looked: nothing is started after it.
        if (closed || checkpoint.isStopped(session.id())) throw new Failed(Checkpoint.STOPPED.text(), null);
        try {
            var fresh = greeted();
            // The session may have ended meanwhile; then nobody would close it.
            if (closed) throw new Failed(Checkpoint.STOPPED.text(), null);
            attendance.anew();
            return fresh;
        } catch (Failed | RuntimeException ungreeted) {
            letGo();
            throw ungreeted;
        } catch (IOException unstartable) {
            letGo();
            var how = server.way() instanceof Servers.Way.Http ? " cannot be reached: " : " cannot be started: ";
            throw new Failed("server " + server.name() + how + unstartable.getMessage(), null);
        }
    }

    /// A connection over which nobody was greeted is none.
    private void letGo() {
        var ungreeted = exit;
        exit = null;
        if (ungreeted != null) ungreeted.close();
    }

    /// Speaks to the server first: in the newest way, and if it does not know that, as before (2026-07-28, Versioning,
    /// Backward Compatibility). What it knew the last time is tried first.
    private McpExit greeted() throws Failed, IOException {
        var known = eras.of(server.name());
        if (known != Eras.Era.LEGACY && known != Eras.Era.SSE) {
            var fresh = open();
            if (discovered(fresh)) return fresh;
            if (fresh.broken().isEmpty() && initialized(fresh, Eras.Era.LEGACY)) return fresh;
            fresh.close();
        } else {
            var fresh = known == Eras.Era.SSE ? openOld() : open();
            if (initialized(fresh, known)) return fresh;
            fresh.close();
            eras.forget(server.name());
        }
        if (!(server.way() instanceof Servers.Way.Http)) return again();
        var old = openOld();
        if (initialized(old, Eras.Era.SSE)) return old;
        old.close();
        throw new Failed("server " + server.name() + " answers in no way that is known", null);
    }

    /// A process that did not survive being asked in the newest way, or has changed since: once more, as before.
    private McpExit again() throws Failed, IOException {
        var fresh = open();
        try {
            initialize(fresh, Eras.Era.LEGACY);
            return fresh;
        } catch (Failed failed) {
            fresh.close();
            throw failed;
        }
    }

    private McpExit open() throws IOException {
        McpExit fresh = switch (server.way()) {
            case Servers.Way.Stdio(var launcher) ->
                new StdioExit(checkpoint, session, server.name(), gate(), server.labels(), this::unasked, launcher);
            case Servers.Way.Barred(var why) -> throw new IOException(why.text());
            case Servers.Way.Http(var there) ->
                new HttpExit(checkpoint, session, server.name(), gate(), server.labels(), this::unasked, there);
        };
        exit = fresh;
        return fresh;
    }

    /// Over HTTP in the way of the first revision.
    private McpExit openOld() throws IOException {
        var there = ((Servers.Way.Http) server.way()).there();
        var pipes = new SsePipes(checkpoint, session, server.name(), gate(), there);
        var fresh = new StdioExit(checkpoint, session, server.name(), gate(), server.labels(), this::unasked, pipes);
        exit = fresh;
        return fresh;
    }

    private Circumstance gate() {
        return at("gate");
    }

    /// How a message of ours comes to this server.
    Circumstance at(String address) {
        return Circumstance.at(address).with(server.lent());
    }

    /// How long a server may take over the first question of the newest way: one that does not know it may say nothing.
    private static final Duration DISCOVERY_MAX = Duration.ofSeconds(5);

    private boolean discovered(McpExit fresh) throws Failed {
        var speech = new Speech(Protocol.MODERN, true);
        fresh.speak(speech);
        var hello = new Action.Message(Action.Kind.LIFECYCLE, server.name(), "server/discover", Json.EMPTY);
        var limit = server.timeout().compareTo(DISCOVERY_MAX) < 0 ? server.timeout() : DISCOVERY_MAX;
        var answer = answer(fresh, hello, "gate", limit);
        // It is modern, and says so: it is asked once more in the revision that it names.
        if (namesModern(answer)) answer = answer(fresh, hello, "gate", limit);
        if (answer instanceof Answer.Unauthorized(var why)) {
            fresh.close();
            throw new Unauthorized(why);
        }
        if (!(answer instanceof Answer.Result(var result))) return false;
        if (!result.items("supportedVersions").contains(new Json.Str(Protocol.MODERN))) return false;
        greeting = new Greeting(speech, result.object("capabilities"), result.string("instructions"));
        eras.learn(server.name(), Eras.Era.MODERN);
        return true;
    }

    private static boolean namesModern(Answer answer) {
        return answer instanceof Answer.Failure(int code, _, Json.Obj data)
                && code == Protocol.UNSUPPORTED_VERSION
                && data.items("supported").contains(new Json.Str(Protocol.MODERN));
    }

    private boolean initialized(McpExit fresh, Eras.Era era) throws Failed {
        try {
            initialize(fresh, era);
            return true;
        } catch (Failed failed) {
            // A refusal of ours will be one in every way, and so is a server's that wants another credential.
            boolean always = failed.refusal().isPresent() || failed instanceof Unauthorized;
            if (always || !(server.way() instanceof Servers.Way.Http) || era == Eras.Era.SSE) {
                fresh.close();
                throw failed;
            }
            return false;
        }
    }

    /// What we can be asked for the agent's side, as a server of a revision with a handshake is told once. Roots are
    /// given only within a call: before, they would widen what the operator configured.
    private static final Json.Obj ASKABLE =
            Json.object("elicitation", Json.object("form", Json.EMPTY).with("url", Json.EMPTY))
            .with("sampling", Json.EMPTY)
            .with("roots", Json.EMPTY);

    private void initialize(McpExit fresh, Eras.Era era) throws Failed {
        fresh.speak(new Speech(Protocol.NEWEST_FIRST.getFirst(), false));
        var params = Json.object("protocolVersion", Protocol.NEWEST_FIRST.getFirst())
                .with("capabilities", ASKABLE)
                .with("clientInfo", Protocol.SERVER);
        var hello = new Action.Message(Action.Kind.LIFECYCLE, server.name(), "initialize", params);
        var result = result(fresh, hello, "gate", server.timeout());
        var spoken = result.string("protocolVersion").orElse("");
        if (!Protocol.REVISIONS.contains(spoken))
            throw new Failed("server " + server.name() + " speaks a protocol revision that is not known", null);
        var speech = new Speech(spoken, false);
        fresh.speak(speech);
        var done = new Action.Message(Action.Kind.LIFECYCLE, server.name(), "notifications/initialized", Json.EMPTY);
        switch (checkpoint.judge(session, done, gate(), Waiting.NONE)) {
            case Permit permit -> fresh.tell(permit);
            case Refusal refusal -> throw new Failed(refusal.text(), refusal);
        }
        greeting = new Greeting(speech, result.object("capabilities"), result.string("instructions"));
        eras.learn(server.name(), era);
    }

    // --- what it says on its own account ----------------------------------------------------------------------------

    private void unasked(String method, Json.Obj params) {
        var known = Methods.ofServer(method);
        if (known.isEmpty() || !known.get().notification()) {
            // Said once: a flood of them must not use up what else there is to say of this server.
            if (!strange)
                checkpoint.saw(session, "server:" + server.name(),
                        new Finding("mcp/unknown-notification", Severity.LOW, ""));
            strange = true;
            return;
        }
        switch (method) {
            case "notifications/progress", "notifications/cancelled", "notifications/subscriptions/acknowledged" -> {}
            case "notifications/tools/list_changed" -> {
                outdated = true;
                heard.tell(session.id(), server.name(), method, params);
            }
            default -> heard.tell(session.id(), server.name(), method, params);
        }
    }

    /// Takes what comes on a stream that we opened to listen.
    Inward listening() {
        return new Inward() {
            @Override
            public void notification(String method, Json.Obj params) {
                unasked(method, params.without("_meta"));
            }

            @Override
            public Json.Obj asked(String method, Json.Obj params) throws Unanswered {
                throw new Unanswered(dev.masugata.wire.JsonRpc.METHOD_NOT_FOUND, "nobody is asked on this stream");
            }
        };
    }

    Attendance attendance() {
        return attendance;
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    /// The connection as it is; empty where there is none.
    Optional<McpExit> connected() {
        return Optional.ofNullable(exit).filter(it -> it.broken().isEmpty());
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        // Without the lock: a stop must not wait for a listing in flight.
        closed = true;
        var ending = exit;
        if (ending != null) ending.close();
        // It may be waiting for that very connection.
        Thread.ofVirtual().name("leave " + server.name()).start(attendance::close);
    }
}
