package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.checkpoint.ToolPins;
import dev.masugata.gates.mcp.Callers.Caller;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.net.Handler;
import dev.masugata.net.Request;
import dev.masugata.net.RequestFault;
import dev.masugata.net.Response;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import dev.masugata.wire.Sse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The Streamable HTTP face towards agents, for every revision of MCP at once (2024-11-05 to 2026-07-28, Transports):
/// `/mcp` for all servers of the caller, `/mcp/{server}` for one of them by its own names.
///
/// A request that says itself who speaks and in which revision is served by itself; `initialize` opens a conversation.
public final class McpGate implements Handler {
    /// Bytes of one message from a client.
    public static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

    private static final String SESSION = "MCP-Session-Id";
    private static final String VERSION = "MCP-Protocol-Version";

    private final Checkpoint checkpoint;
    private final Callers callers;
    private final Upstreams upstreams;
    private final Dispatch dispatch;
    private final Conversations conversations;
    private final RequestStates states;
    private final SecureRandom random;

    /// @param patience how long a held call waits for a person before it is answered
    public McpGate(
            Checkpoint checkpoint,
            ToolPins pins,
            Callers callers,
            Upstreams upstreams,
            Duration patience,
            SecureRandom random) {
        this.checkpoint = checkpoint;
        this.callers = callers;
        this.upstreams = upstreams;
        this.states = new RequestStates(random);
        this.dispatch = new Dispatch(checkpoint, pins, upstreams, new Calls(checkpoint, states, patience));
        this.conversations = new Conversations();
        this.random = random;
    }

    @Override
    public Response handle(Request request) throws Exception {
        var caller = callers.of(request);
        if (caller.isEmpty())
            return Response.text(401, "a token is needed\n")
                    .with("WWW-Authenticate", callers.challenge(request));
        try {
            return handle(request, caller.get());
        } catch (RequestFault fault) {
            saw(caller.get(), "http/" + fault.status());
            throw fault;
        }
    }

    private Response handle(Request request, Caller caller) throws IOException {
        var session = caller.session();
        var only = server(request.path());
        if (only.isPresent() && !upstreams.names(session).contains(only.get()))
            return Response.text(404, "there is no such server\n");
        return switch (request.method()) {
            case "POST" -> post(request, caller, only);
            case "GET" -> listen(request, session);
            case "DELETE" -> delete(request, session);
            default -> Response.text(405, "POST messages here\n").with("Allow", "POST, GET, DELETE");
        };
    }

    private static Optional<String> server(String path) {
        return path.startsWith("/mcp/") ? Optional.of(path.substring("/mcp/".length())) : Optional.empty();
    }

    private Response delete(Request request, Session session) {
        var conversation = request.headers().one(SESSION).flatMap(id -> conversations.of(id, session));
        if (conversation.isEmpty()) return Response.text(404, "there is no such conversation\n");
        conversations.end(conversation.get());
        return Response.of(204);
    }

    /// The stream of what belongs to no request (2025-11-25, Listening for Messages from the Server).
    private Response listen(Request request, Session session) {
        if (!request.headers().has(SESSION))
            return Response.text(405, "POST messages here\n").with("Allow", "POST, DELETE");
        if (!request.headers().hasToken("accept", "text/event-stream"))
            return Response.text(406, "this is a stream of events\n");
        var conversation = request.headers().one(SESSION).flatMap(id -> conversations.of(id, session));
        if (conversation.isEmpty()) return Response.text(404, "there is no such conversation; initialize anew\n");
        dispatch.attend(conversation.get());
        return Response.events(out -> {
            var thread = Thread.currentThread();
            request.onGone(thread::interrupt);
            try {
                while (!request.isGone() && conversations.of(conversation.get().id(), session).isPresent())
                    send(out, conversation.get().nextUnheard());
            } catch (InterruptedException gone) {
                Thread.currentThread().interrupt();
            }
        });
    }

    // --- POST -------------------------------------------------------------------------------------------------

    private Response post(Request request, Caller caller, Optional<String> only) throws IOException {
        if (!request.headers().one("content-type").map(McpGate::isJson).orElse(false))
            return Response.text(415, "content-type must be application/json\n");
        var bytes = request.body().readAll(MESSAGE_BYTES_MAX);
        return switch (JsonRpc.read(bytes, Limits.DEFAULT.withBytes(MESSAGE_BYTES_MAX))) {
            case JsonRpc.Malformed malformed -> malformed(caller, malformed);
            case JsonRpc.Request message -> message(request, caller, only, message);
            case JsonRpc.Notification message -> notification(request, caller, message);
            case JsonRpc.Result message -> answer(request, caller, message.id(), message);
            case JsonRpc.Failure message ->
                    answer(request, caller, message.id() == null ? Json.NULL : message.id(), message);
        };
    }

    private static boolean isJson(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase("application/json");
    }

    private Response malformed(Caller caller, JsonRpc.Malformed malformed) {
        saw(caller, "mcp/malformed");
        return json(400, malformed.answer().toJson());
    }

    /// A client's answer to a question of ours; of a question that nobody asked, or asked another client, it is none.
    private Response answer(Request request, Caller caller, Json id, JsonRpc.Message message) {
        var conversation = conversation(request, caller);
        if (conversation.isPresent() && conversation.get().answered(id, message)) return Response.of(202);
        saw(caller, "mcp/unasked-answer");
        return json(400, Protocol.error(Json.NULL, JsonRpc.INVALID_REQUEST, "nobody asked for this answer").toJson());
    }

    private void saw(Caller caller, String rule) {
        checkpoint.saw(caller.session(), caller.session().agent().id(), new Finding(rule, Severity.LOW, ""));
    }

    private Response message(Request request, Caller caller, Optional<String> only, JsonRpc.Request message) {
        boolean modern = HeaderCheck.isModern(Optional.of(request.headers()), message);
        if (message.method().equals("initialize") && !modern) return initialize(caller, only, message);
        if (modern) return modern(request, caller, only, message);
        var conversation = conversation(request, caller);
        if (conversation.isEmpty()) return unknownConversation(request, message.id());
        if (!conversation.get().only().equals(only))
            return json(400, Protocol.error(message.id(), JsonRpc.INVALID_REQUEST,
                    "this conversation is with another address").toJson());
        var version = request.headers().one(VERSION);
        // Among the revisions with a handshake it makes no difference to us which one the client names.
        if (version.isPresent() && !Protocol.REVISIONS.contains(version.get()))
            return json(400, Protocol.error(message.id(), JsonRpc.INVALID_REQUEST,
                    "`" + VERSION + "` is not what was agreed: " + conversation.get().revision()).toJson());
        return served(request, conversation.get(), message);
    }

    private Response modern(Request request, Caller caller, Optional<String> only, JsonRpc.Request message) {
        var wrong = HeaderCheck.wrong(request.headers(), message);
        if (wrong.isPresent()) {
            saw(caller, "mcp/header-mismatch");
            return json(400, wrong.get().toJson());
        }
        var conversation = Conversation.modern(
                caller.session(), only, caller.address(), message.params().object("_meta"), new ConcurrentHashMap<>());
        return served(request, conversation, message);
    }

    private Optional<Conversation> conversation(Request request, Caller caller) {
        return request.headers().one(SESSION).flatMap(id -> conversations.of(id, caller.session()));
    }

    /// 400 where none is named, 404 where the one named is not (any more): a client then begins anew.
    private static Response unknownConversation(Request request, Json id) {
        boolean named = request.headers().has(SESSION);
        var text = named ? "there is no such conversation; initialize anew" : "`" + SESSION
                + "` is missing; initialize first";
        return json(named ? 404 : 400, Protocol.error(id, JsonRpc.INVALID_REQUEST, text).toJson());
    }

    private Response initialize(Caller caller, Optional<String> only, JsonRpc.Request message) {
        var revision = Protocol.agreed(message.params());
        var conversation = Conversation.legacy(
                newId(), caller.session(), only, caller.address(), revision, message.params().object("capabilities"));
        var answer = dispatch.serve(new Turn(conversation, message, Outlet.NONE, Optional.empty()));
        if (answer instanceof JsonRpc.Failure failure) return failure(conversation, failure);
        conversations.begin(conversation);
        dispatch.hear(conversation);
        return json(200, answer.toJson()).with(SESSION, conversation.id());
    }

    private String newId() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Response notification(Request request, Caller caller, JsonRpc.Notification message) {
        boolean modern = request.headers().one(VERSION).equals(Optional.of(Protocol.MODERN));
        var conversation = conversation(request, caller);
        if (conversation.isEmpty() && modern) {
            // This revision knows no notification of a client over HTTP: to go is to cancel.
            saw(caller, "mcp/unknown-notification");
            return json(400, Protocol.error(Json.NULL, JsonRpc.INVALID_REQUEST,
                    "this revision knows no such notification").toJson());
        }
        if (conversation.isEmpty()) return unknownConversation(request, Json.NULL);
        dispatch.take(conversation.get(), message);
        return Response.of(202);
    }

    // --- serving ----------------------------------------------------------------------------------------------------

    private Response served(Request request, Conversation conversation, JsonRpc.Request message) {
        // Before a stream is begun: then there is no status any more to say it with.
        var full = conversation.cannotTake(message.id(), checkpoint);
        if (full.isPresent()) return failure(conversation, full.get());
        boolean takesStream = request.headers().hasToken("accept", "text/event-stream");
        return takesStream && mayStream(conversation, message)
                ? streamed(request, conversation, message)
                : plain(request, conversation, message);
    }

    /// True if anything may have to be said before the answer.
    private static boolean mayStream(Conversation conversation, JsonRpc.Request message) {
        boolean one = message.method().equals("subscriptions/listen")
                || message.params().object("_meta").at("progressToken").isPresent();
        boolean logs = conversation.logLevel().isPresent() && message.method().equals("tools/call");
        return one || logs || conversation.canBeAsked() && !conversation.isModern();
    }

    private Response plain(Request request, Conversation conversation, JsonRpc.Request message) {
        var answer = serve(request, conversation, message, Outlet.NONE);
        return whole(conversation, answer);
    }

    private static Response whole(Conversation conversation, JsonRpc.Message answer) {
        return answer instanceof JsonRpc.Failure failure ? failure(conversation, failure) : json(200, answer.toJson());
    }

    /// Messages before the answer that wait for the client to take them; past it the work waits.
    private static final int AHEAD_MAX = 256;
    /// How long one of them may wait for a client that does not read.
    private static final Duration AHEAD_TIME = Duration.ofSeconds(2);

    /// One object where there is only the answer; a stream as soon as something comes before it.
    private Response streamed(Request request, Conversation conversation, JsonRpc.Request message) {
        var told = new ArrayBlockingQueue<Object>(AHEAD_MAX);
        var worker = Thread.ofVirtual().name("mcp").unstarted(() -> work(request, conversation, message, told));
        worker.start();
        try {
            var first = told.take();
            if (first instanceof JsonRpc.Message answer) return whole(conversation, answer);
            return Response.events(out -> stream(out, first, told, worker));
        } catch (InterruptedException gone) {
            worker.interrupt();
            Thread.currentThread().interrupt();
            return Response.of(503);
        }
    }

    private void work(Request request, Conversation conversation, JsonRpc.Request message, BlockingQueue<Object> told) {
        Outlet outlet = ahead -> ahead(request, told, ahead);
        var answer = serve(request, conversation, message, outlet);
        try {
            // Who has gone takes no answer; who is there takes it in time.
            while (!request.isGone() && !told.offer(answer, 1, TimeUnit.SECONDS)) continue;
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says something before the answer. A client that does not read in time misses it, and nobody else waits for it.
    private static void ahead(Request request, BlockingQueue<Object> told, Json.Obj message) {
        try {
            if (request.isGone()) throw new UncheckedIOException(new IOException("the client has gone"));
            if (!told.offer(message, AHEAD_TIME.toMillis(), TimeUnit.MILLISECONDS))
                throw new UncheckedIOException(new IOException("the client does not read"));
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("the client has gone", gone));
        }
    }

    private static void stream(Response.Events out, Object first, BlockingQueue<Object> told,
            Thread worker) throws InterruptedException {
        try {
            for (var next = first; ; next = told.take()) {
                send(out, next instanceof JsonRpc.Message answer ? answer.toJson() : (Json.Obj) next);
                if (next instanceof JsonRpc.Message) return;
            }
        } finally {
            worker.interrupt();
        }
    }

    private static void send(Response.Events out, Json.Obj message) {
        try {
            out.send(new Sse.Event(JsonWriter.text(message)));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// Serves it so that the client's going, its cancellation and a stop all end the work.
    private JsonRpc.Message serve(
            Request request, Conversation conversation, JsonRpc.Request message, Outlet outlet) {
        var thread = Thread.currentThread();
        // Once more than above: between the two another request may have come.
        var full = conversation.cannotTake(message.id(), checkpoint);
        if (full.isPresent()) return full.get();
        if (conversation.inFlight().putIfAbsent(message.id(), thread) != null)
            return Protocol.error(message.id(), JsonRpc.INVALID_REQUEST, "this id is in use");
        conversations.works(conversation);
        request.onGone(() -> conversation.cancel(message.id()));
        try {
            return dispatch.serve(new Turn(conversation, message, outlet, Optional.of(request.headers())));
        } catch (UncheckedIOException gone) {
            return Protocol.error(message.id(), Protocol.UPSTREAM, "the caller went away");
        } finally {
            conversation.inFlight().remove(message.id());
            conversations.rests(conversation);
            Thread.interrupted();
        }
    }

    /// For a client that speaks MCP over standard input and output: one conversation, served until its input ends.
    public StdioFace stdio(Session session, List<String> servers) {
        var only = servers.size() == 1 ? Optional.of(servers.getFirst()) : Optional.<String>empty();
        return new StdioFace(checkpoint, dispatch, session, only, newId());
    }

    /// Ends everything that a session waits for here.
    public void stop(String session) {
        conversations.stop(session);
        states.end(session);
    }

    // ----------------------------------------------------------------------------------------------------------

    private static Response failure(Conversation conversation, JsonRpc.Failure failure) {
        return switch (failure.code()) {
            case Protocol.LIMITED -> limited(failure);
            case Protocol.CLOSED -> json(503, failure.toJson());
            case Protocol.HEADER_MISMATCH, Protocol.MISSING_CAPABILITY, Protocol.UNSUPPORTED_VERSION ->
                    json(400, failure.toJson());
            case JsonRpc.METHOD_NOT_FOUND -> json(conversation.isModern() ? 404 : 200, failure.toJson());
            default -> json(200, failure.toJson());
        };
    }

    private static Response limited(JsonRpc.Failure failure) {
        var millis = failure.data() instanceof Json.Obj data ? data.integer("retryAfterMs").orElse(1000L) : 1000L;
        long seconds = Math.max(1, (millis + 999) / 1000);
        return json(429, failure.toJson()).with("Retry-After", Long.toString(seconds));
    }

    private static Response json(int status, Json.Obj message) {
        return Response.json(status, JsonWriter.text(message).getBytes(StandardCharsets.UTF_8));
    }
}
