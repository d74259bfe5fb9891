package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.checkpoint.Inward;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// One client talking to the gate: what it negotiated and what it waits for. It is part of a session and resets
/// nothing of it. A modern client has a new one with every request.
final class Conversation {
    /// Requests of one conversation at once.
    static final int IN_FLIGHT_MAX = 64;
    /// Messages that wait for a client to listen; the oldest goes first.
    static final int UNHEARD_MAX = 256;
    /// How long a client may take to answer a question.
    static final Duration ANSWER_MAX = Duration.ofMinutes(10);
    /// Of the log levels (RFC 5424), the mildest first.
    static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private static final AtomicLong QUESTIONS = new AtomicLong();

    private final String id;
    private final Session session;
    private final Optional<String> only;
    private final String address;
    private final String revision;
    private final Json.Obj capabilities;
    private final Map<Json, Thread> inFlight;
    private final Map<String, CompletableFuture<JsonRpc.Message>> questions = new ConcurrentHashMap<>();
    private final BlockingQueue<Json.Obj> unheard = new ArrayBlockingQueue<>(UNHEARD_MAX);
    private final Set<Naming.Place> subscribed = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> logLevel;
    private volatile Runnable onEnd = () -> {};

    /// @param only         the one server it talks to by that server's own names; empty: all, as `server__tool`
    /// @param capabilities what the client says it can be asked
    /// @param logLevel     from which on it wants log messages; empty: none
    private Conversation(
            String id,
            Session session,
            Optional<String> only,
            String address,
            String revision,
            Json.Obj capabilities,
            Optional<String> logLevel,
            Map<Json, Thread> inFlight) {
        this.id = id;
        this.session = session;
        this.only = only;
        this.address = address;
        this.revision = revision;
        this.capabilities = capabilities;
        this.logLevel = logLevel;
        this.inFlight = inFlight;
    }

    /// A conversation that a handshake opens. Until its client sets a level it hears all that servers log.
    static Conversation legacy(
            String id, Session session, Optional<String> only, String address, String revision, Json.Obj capabilities) {
        return new Conversation(
                id, session, only, address, revision, known(capabilities), Optional.of("debug"),
                        new ConcurrentHashMap<>());
    }

    /// The conversation that one modern request is.
    ///
    /// @param inFlight what else the same client waits for, where that is known
    static Conversation modern(
            Session session, Optional<String> only, String address, Json.Obj meta, Map<Json, Thread> inFlight) {
        var level = meta.string(Protocol.LOG_LEVEL).filter(LEVELS::contains);
        return new Conversation(
                "", session, only, address, Protocol.MODERN, known(meta.object(Protocol.CAPABILITIES)), level,
                        inFlight);
    }

    /// Of what clients can be asked only what there is a kind of action for, and that it can be: nothing else of what a
    /// client says there goes to a server, for it is no part of any action.
    private static Json.Obj known(Json.Obj capabilities) {
        var known = Json.EMPTY;
        if (capabilities.at("elicitation").orElse(Json.NULL) instanceof Json.Obj elicitation) {
            var modes = Json.EMPTY;
            for (var mode : List.of("form", "url"))
                if (elicitation.at(mode).isPresent()) modes = modes.with(mode, Json.EMPTY);
            known = known.with("elicitation", modes);
        }
        for (var name : List.of("sampling", "roots"))
            if (capabilities.at(name).orElse(Json.NULL) instanceof Json.Obj) known = known.with(name, Json.EMPTY);
        return known;
    }

    String id() {
        return id;
    }

    Session session() {
        return session;
    }

    Optional<String> only() {
        return only;
    }

    String address() {
        return address;
    }

    String revision() {
        return revision;
    }

    boolean isModern() {
        return revision.equals(Protocol.MODERN);
    }

    Json.Obj capabilities() {
        return capabilities;
    }

    Optional<String> logLevel() {
        return logLevel;
    }

    void logFrom(String level) {
        logLevel = Optional.of(level);
    }

    /// True if the client wants to hear a log message of that level.
    boolean hears(String level) {
        return logLevel.isPresent() && LEVELS.indexOf(level) >= LEVELS.indexOf(logLevel.get());
    }

    Map<Json, Thread> inFlight() {
        return inFlight;
    }

    /// Resources of which the client wants to know that they change.
    Set<Naming.Place> subscribed() {
        return subscribed;
    }

    /// What is to be done once when the conversation ends.
    void atEnd(Runnable it) {
        onEnd = it;
    }

    void end() {
        inFlight.values().forEach(Thread::interrupt);
        onEnd.run();
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

    // --- what belongs to no request ---------------------------------------------------------------------------------

    /// Leaves a message for when the client listens.
    synchronized void leave(Json.Obj message) {
        if (unheard.offer(message)) return;
        unheard.poll();
        unheard.offer(message);
    }

    /// The next message for a client that listens; blocks.
    Json.Obj nextUnheard() throws InterruptedException {
        return unheard.take();
    }

    // --- questions to the client ------------------------------------------------------------------------------------

    /// True if the client says that it can be asked this.
    boolean canBeAsked(String method, Json.Obj params) {
        return switch (method) {
            case "elicitation/create" -> {
                var can = capabilities.at("elicitation");
                boolean url = params.string("mode").orElse("form").equals("url");
                yield can.isPresent() && (!url || capabilities.object("elicitation").at("url").isPresent());
            }
            case "sampling/createMessage" -> capabilities.at("sampling").isPresent();
            case "roots/list" -> capabilities.at("roots").isPresent();
            default -> false;
        };
    }

    /// True if it can be asked anything at all.
    boolean canBeAsked() {
        return !capabilities.members().isEmpty();
    }

    /// Asks a client of a revision with a handshake, and waits.
    Json.Obj ask(Outlet outlet, String method, Json.Obj params) throws Inward.Unanswered, InterruptedException {
        if (!canBeAsked(method, params))
            throw new Inward.Unanswered(JsonRpc.METHOD_NOT_FOUND, "this client offers no such method");
        // The id is ours and guessed by nobody who was not asked: only this conversation can answer it.
        var question = "masugata-" + QUESTIONS.incrementAndGet();
        var answer = new CompletableFuture<JsonRpc.Message>();
        questions.put(question, answer);
        try {
            outlet.send(new JsonRpc.Request(new Json.Str(question), method, params).toJson());
            return switch (answer.get(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS)) {
                case JsonRpc.Result(_, var result) -> result;
                case JsonRpc.Failure failure ->
                        throw new Inward.Unanswered(failure.code(), "the client answers with an error");
                case JsonRpc.Request _, JsonRpc.Notification _ -> throw new IllegalStateException("not an answer");
            };
        } catch (TimeoutException silent) {
            throw new Inward.Unanswered(JsonRpc.INTERNAL_ERROR, "the client does not answer");
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        } finally {
            questions.remove(question);
        }
    }

    /// Takes a client's answer to a question of ours.
    ///
    /// @return false when there was no such question
    boolean answered(Json id, JsonRpc.Message answer) {
        if (!(id instanceof Json.Str(var question, _))) return false;
        var waiting = questions.remove(question);
        return waiting != null && waiting.complete(answer);
    }
}
