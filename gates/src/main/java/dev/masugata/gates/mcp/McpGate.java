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

/// The Streamable HTTP face towards agents (MCP 2025-11-25, Transports): `/mcp` for all servers of the caller,
/// `/mcp/{server}` for one of them by its own names.
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
        this.dispatch = new Dispatch(checkpoint, pins, upstreams, patience);
        this.conversations = new Conversations();
        this.random = random;
    }

    @Override
    public Response handle(Request request) throws Exception {
        var caller = callers.of(request);
        if (caller.isEmpty()) return Response.text(401, "a token is needed\n").with("WWW-Authenticate", "Bearer");
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
            case "DELETE" -> delete(request, session);
            // There is nothing that we would send unasked, so there is no stream to open (section "Listening").
            default -> Response.text(405, "POST messages here\n").with("Allow", "POST, DELETE");
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

    // --- POST -------------------------------------------------------------------------------------------------

    private Response post(Request request, Caller caller, Optional<String> only) throws IOException {
        if (!request.headers().one("content-type").map(McpGate::isJson).orElse(false))
            return Response.text(415, "content-type must be application/json\n");
        var bytes = request.body().readAll(MESSAGE_BYTES_MAX);
        return switch (JsonRpc.read(bytes, Limits.DEFAULT.withBytes(MESSAGE_BYTES_MAX))) {
            case JsonRpc.Malformed malformed -> malformed(caller, malformed);
            case JsonRpc.Request message -> message(request, caller, only, message);
            case JsonRpc.Notification message -> notification(request, caller, message);
            // We ask clients nothing, so no answer is awaited.
            case JsonRpc.Result _, JsonRpc.Failure _ -> unasked(caller);
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

    private Response unasked(Caller caller) {
        saw(caller, "mcp/unasked-answer");
        return json(400, Protocol.error(Json.NULL, JsonRpc.INVALID_REQUEST, "nobody asked for this answer").toJson());
    }

    private void saw(Caller caller, String rule) {
        checkpoint.saw(caller.session(), caller.session().agent().id(), new Finding(rule, Severity.LOW, ""));
    }

    private Response message(Request request, Caller caller, Optional<String> only, JsonRpc.Request message) {
        if (message.method().equals("initialize")) return initialize(caller, only, message);
        var conversation = conversation(request, caller);
        if (conversation.isEmpty()) return unknownConversation(request, message.id());
        if (!conversation.get().only().equals(only))
            return json(400, Protocol.error(message.id(), JsonRpc.INVALID_REQUEST, "this conversation is with another address").toJson());
        var version = request.headers().one(VERSION);
        if (version.isPresent() && !version.get().equals(conversation.get().revision()))
            return json(400, Protocol.error(message.id(), JsonRpc.INVALID_REQUEST, "`" + VERSION + "` is not what was agreed: " + conversation.get().revision()).toJson());
        // Before a stream is begun: then there is no status any more to say it with.
        var full = conversation.get().cannotTake(message.id(), checkpoint);
        if (full.isPresent()) return failure(full.get());
        boolean wantsProgress = message.params().object("_meta").at("progressToken").isPresent()
                && request.headers().hasToken("accept", "text/event-stream");
        return wantsProgress ? streamed(request, conversation.get(), message) : plain(request, conversation.get(), message);
    }

    private Optional<Conversation> conversation(Request request, Caller caller) {
        return request.headers().one(SESSION).flatMap(id -> conversations.of(id, caller.session()));
    }

    /// 400 where none is named, 404 where the one named is not (any more): a client then begins anew.
    private static Response unknownConversation(Request request, Json id) {
        boolean named = request.headers().has(SESSION);
        var text = named ? "there is no such conversation; initialize anew" : "`" + SESSION + "` is missing; initialize first";
        return json(named ? 404 : 400, Protocol.error(id, JsonRpc.INVALID_REQUEST, text).toJson());
    }

    private Response initialize(Caller caller, Optional<String> only, JsonRpc.Request message) {
        var revision = Protocol.agreed(message.params());
        var conversation = new Conversation(newId(), caller.session(), only, caller.address(), revision);
        var answer = dispatch.serve(conversation, message, Outlet.NONE);
        if (answer instanceof JsonRpc.Failure failure) return failure(failure);
        conversations.begin(conversation);
        return json(200, answer.toJson()).with(SESSION, conversation.id());
    }

    private String newId() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Response notification(Request request, Caller caller, JsonRpc.Notification message) {
        var conversation = conversation(request, caller);
        if (conversation.isEmpty()) return unknownConversation(request, Json.NULL);
        dispatch.take(conversation.get(), message);
        return Response.of(202);
    }

    private Response plain(Request request, Conversation conversation, JsonRpc.Request message) {
        var answer = serve(request, conversation, message, Outlet.NONE);
        return answer instanceof JsonRpc.Failure failure ? failure(failure) : json(200, answer.toJson());
    }

    private Response streamed(Request request, Conversation conversation, JsonRpc.Request message) {
        return Response.events(out -> {
            Outlet outlet = told -> send(out, told);
            outlet.send(serve(request, conversation, message, outlet).toJson());
        });
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
        request.onGone(() -> conversation.cancel(message.id()));
        try {
            return dispatch.serve(conversation, message, outlet);
        } finally {
            conversation.inFlight().remove(message.id());
            Thread.interrupted();
        }
    }

    /// For a client that speaks MCP over standard input and output: one conversation, served until its input ends.
    public StdioFace stdio(Session session, List<String> servers) {
        var only = servers.size() == 1 ? Optional.of(servers.getFirst()) : Optional.<String>empty();
        return new StdioFace(checkpoint, dispatch, new Conversation(newId(), session, only, "stdio", "2025-11-25"));
    }

    /// Ends everything that a session waits for here.
    public void stop(String session) {
        conversations.stop(session);
    }

    // ----------------------------------------------------------------------------------------------------------

    private static Response failure(JsonRpc.Failure failure) {
        return switch (failure.code()) {
            case Protocol.LIMITED -> limited(failure);
            case Protocol.CLOSED -> json(503, failure.toJson());
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
