package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The way out to one sealed MCP server process of one session, over its standard input and output.
///
/// It takes permits and nothing else, writes what was judged and nothing else, and lets nothing in unjudged. One
/// message a line (MCP 2025-11-25, Transports, stdio).
public final class StdioExit implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("masugata.exit");
    /// One message of a server, in bytes; a longer one ends the connection.
    public static final int MESSAGE_BYTES_MAX = 8 * 1024 * 1024;
    /// Messages that wait for a server that does not read; past it callers wait until their time is over.
    static final int OUTBOX_MAX = 64;
    /// Messages from a server that belong to no call, in a row, before it counts as a flood and is ended.
    static final int UNASKED_MAX = 10_000;

    /// What a server sends on its own account: a notification, already judged.
    public interface Unasked {
        void notification(String method, Json.Obj params);
    }

    private record Call(Permit permit, CompletableFuture<Answer> answer, Unasked progress) {}

    /// @param told true for a notification: it has its answer as soon as it has left
    private record Line(Permit permit, byte[] bytes, CompletableFuture<Answer> answer, boolean told) {}

    private final Checkpoint checkpoint;
    private final Session session;
    private final String server;
    private final Circumstance circumstance;
    private final ContentLabels labels;
    private final Unasked unasked;
    private final Pipes pipes;
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();
    private final BlockingQueue<Line> outbox = new ArrayBlockingQueue<>(OUTBOX_MAX);
    private final AtomicLong ids = new AtomicLong();
    private final AtomicReference<@Nullable String> broken = new AtomicReference<>();
    private final Thread writer;
    private int unaskedInARow;

    /// Starts the server's process.
    ///
    /// @param labels what the server's content is, by configuration
    /// @throws IOException when it cannot be started
    public StdioExit(
            Checkpoint checkpoint,
            Session session,
            String server,
            Circumstance circumstance,
            ContentLabels labels,
            Unasked unasked,
            Pipes.Launcher launcher)
            throws IOException {
        this.checkpoint = checkpoint;
        this.session = session;
        this.server = server;
        this.circumstance = circumstance;
        this.labels = labels;
        this.unasked = unasked;
        this.pipes = launcher.launch();
        // Platform threads: both block in pipe I/O for as long as the server lives.
        this.writer = Thread.ofPlatform().daemon().name("to " + server).start(this::write);
        Thread.ofPlatform().daemon().name("from " + server).start(this::read);
    }

    /// Sends a request and waits for its judged answer.
    ///
    /// @param limit    for sending and answering together; past it the server is told to stop working on it
    /// @param progress gets the judged progress notifications of this call; they come only if the action asked for them
    public Answer call(Permit permit, Duration limit, Unasked progress) {
        var rpc = (Action.Rpc) permit.action();
        long id = ids.incrementAndGet();
        var call = new Call(permit, new CompletableFuture<>(), progress);
        long began = System.nanoTime();
        calls.put(id, call);
        try {
            var why = broken.get();
            if (why != null) return ended(permit, new Answer.Broken(why), "not sent", 0, began);
            var bytes = JsonWriter.bytes(request(rpc, id));
            if (!outbox.offer(new Line(permit, bytes, call.answer(), false), limit.toNanos(), TimeUnit.NANOSECONDS))
                return ended(permit, new Answer.Broken(server + " does not read its input"), "not sent", 0, began);
            long left = limit.toNanos() - (System.nanoTime() - began);
            var answer = call.answer().get(Math.max(1, left), TimeUnit.NANOSECONDS);
            return ended(permit, answer, outcome(answer), bytes.length, began);
        } catch (TimeoutException silent) {
            cancel(id, "timeout");
            return ended(permit, new Answer.Broken(server + " did not answer in " + limit.toSeconds() + " s"), "cancelled", 0, began);
        } catch (InterruptedException gone) {
            cancel(id, "the caller went away");
            Thread.currentThread().interrupt();
            return ended(permit, new Answer.Broken(ending("the caller went away")), "cancelled", 0, began);
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        } finally {
            calls.remove(id);
        }
    }

    /// Why something ended: a stop is the reason for all that ends after it.
    private String ending(String why) {
        return checkpoint.isStopped(session.id()) ? "the session was stopped" : why;
    }

    /// Sends a notification. Nothing answers it; its end is recorded when it has left.
    public void tell(Permit permit) {
        var bytes = JsonWriter.bytes(ActionDigest.message((Action.Rpc) permit.action()));
        var sent = new CompletableFuture<Answer>();
        sent.thenAccept(answer -> checkpoint.done(
                permit, answer instanceof Answer.Result ? "ok" : "not sent", bytes.length, 0, 0, Json.NULL));
        if (broken.get() != null || !outbox.offer(new Line(permit, bytes, sent, true)))
            sent.complete(new Answer.Broken(server + " cannot be told"));
    }

    private static Json.Obj request(Action.Rpc rpc, long id) {
        var message = ActionDigest.message(rpc);
        var asksProgress = rpc.params().object("_meta").at("progressToken").isPresent();
        var params = message.object("params");
        if (asksProgress) params = params.with("_meta", params.object("_meta").with("progressToken", id));
        return message.with("params", params).with("id", id);
    }

    private static String outcome(Answer answer) {
        return switch (answer) {
            case Answer.Result _ -> "ok";
            case Answer.Failure _ -> "error";
            case Answer.Withheld _ -> "withheld";
            case Answer.Broken _ -> "error";
        };
    }

    private Answer ended(Permit permit, Answer answer, String outcome, long bytesOut, long began) {
        Json content = switch (answer) {
            case Answer.Result(var result) -> result;
            case Answer.Failure(int code, var message, _) -> Json.object("code", Json.of(code)).with("message", message);
            case Answer.Withheld _ -> Json.NULL;
            case Answer.Broken(var reason) -> Json.object("broken", reason);
        };
        long bytesIn = content instanceof Json.Null ? 0 : JsonWriter.bytes(content).length;
        checkpoint.done(permit, outcome, bytesOut, bytesIn, (System.nanoTime() - began) / 1000, content);
        return answer;
    }

    /// Tells the server that nobody waits any more. That is a message like any other: judged and on record.
    private void cancel(long id, String why) {
        var params = Json.object("requestId", Json.of(id)).with("reason", why);
        var message = new Action.Message(Action.Kind.LIFECYCLE, server, "notifications/cancelled", params);
        boolean interrupted = Thread.interrupted();
        if (checkpoint.judge(session, message, circumstance, Waiting.NONE) instanceof Permit permit) tell(permit);
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void write() {
        try {
            while (true) {
                var line = outbox.take();
                if (checkpoint.isStopped(session.id())) {
                    line.answer().complete(new Answer.Broken("the session was stopped"));
                    continue;
                }
                line.permit().spend(Checkpoint.exit(session, server), checkpoint.now());
                send(line.bytes());
                if (line.told()) line.answer().complete(new Answer.Result(Json.EMPTY));
            }
        } catch (InterruptedException closed) {
            breakDown(server + " was ended");
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.WARNING, "cannot write to server " + server, failed);
            breakDown(server + " has ended");
        }
    }

    private void read() {
        try (var in = new BufferedInputStream(pipes.fromServer(), 64 * 1024)) {
            var line = new LineBuffer(MESSAGE_BYTES_MAX);
            for (var bytes = line.next(in); bytes.isPresent(); bytes = line.next(in)) arrived(bytes.get());
            breakDown(server + " has ended");
        } catch (LineBuffer.TooLong tooLong) {
            checkpoint.saw(session, "server:" + server, new Finding("mcp/message-too-long", Severity.MEDIUM, ""));
            breakDown(server + " sent a message of more than " + MESSAGE_BYTES_MAX + " bytes");
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.DEBUG, "server " + server + " is no longer read", failed);
            breakDown(server + " has ended");
        }
    }

    private void arrived(byte[] bytes) {
        if (bytes.length == 0) return;
        switch (JsonRpc.read(bytes, Limits.DEFAULT.withBytes(MESSAGE_BYTES_MAX))) {
            case JsonRpc.Malformed malformed -> unreadable(malformed);
            case JsonRpc.Request request -> answerServer(request);
            case JsonRpc.Notification notification -> notified(notification);
            case JsonRpc.Result(var id, var result) -> answered(id, result, new Answer.Result(result));
            case JsonRpc.Failure(var id, int code, var message, var data) -> {
                var more = data == null ? Json.NULL : data;
                var error = Json.object("code", Json.of(code)).with("message", message).with("data", more);
                answered(id == null ? Json.NULL : id, error, new Answer.Failure(code, message, more));
            }
        }
    }

    /// What cannot be read cannot be matched to a call; all of this session's calls to this server are told so.
    private void unreadable(JsonRpc.Malformed malformed) {
        checkpoint.saw(session, "server:" + server, new Finding("mcp/malformed-answer", Severity.MEDIUM, ""));
        var reason = new Answer.Broken(server + " sent a message that cannot be read: " + malformed.message());
        calls.values().forEach(call -> call.answer().complete(reason));
    }

    private void answered(Json id, Json.Obj content, Answer answer) {
        // Taken out: a second answer to it is one to nothing, and an end of the server no longer concerns it.
        var call = id instanceof Json.Num number ? number.asLong().map(calls::remove).orElse(null) : null;
        if (call == null) {
            // An answer to nothing: late after a cancellation, or made up. Either way nobody reads it.
            countUnasked();
            return;
        }
        unaskedInARow = 0;
        judgedIn(call, content, answer);
    }

    private void judgedIn(Call call, Json.Obj message, Answer answer) {
        // Judging may wait for the disk; the reader must not, or one slow answer would hold up all others.
        Thread.ofVirtual().name("delivery").start(() -> {
            var delivery = new Action.Delivery((Action.Rpc) call.permit().action(), message);
            var cause = "d-" + call.permit().decided();
            var came = checkpoint.deliveries().deliver(session, delivery, circumstance, labels, cause);
            call.answer().complete(switch (came) {
                case Delivered.Withheld(var refusal) -> new Answer.Withheld(refusal);
                case Delivered.Passed(var shown) -> shown == message ? answer : lessThan(answer, shown);
            });
        });
    }

    /// The answer as far as it may be shown.
    private static Answer lessThan(Answer answer, Json.Obj shown) {
        return switch (answer) {
            case Answer.Result _ -> new Answer.Result(shown);
            case Answer.Failure failure -> new Answer.Failure(
                    failure.code(), shown.string("message").orElse(""), shown.at("data").orElse(Json.NULL));
            case Answer.Withheld _, Answer.Broken _ -> answer;
        };
    }

    private void notified(JsonRpc.Notification notification) {
        var params = notification.params();
        boolean progress = notification.method().equals("notifications/progress");
        var call = progress ? params.integer("progressToken").map(calls::get).orElse(null) : null;
        if (progress && call == null) {
            countUnasked();
            return;
        }
        if (!progress) countUnasked();
        // Progress of a call is what its tool says, under that tool's labels.
        var about = call == null
                ? new Action.Message(Action.Kind.LIFECYCLE, server, notification.method(), Json.EMPTY)
                : (Action.Rpc) call.permit().action();
        var delivery = new Action.Delivery(about, params);
        var cause = call == null ? "" : "d-" + call.permit().decided();
        var judged = checkpoint.deliveries().deliver(session, delivery, circumstance, labels, cause);
        if (!(judged instanceof Delivered.Passed(var shown))) return;
        if (call != null) progressed(call, notification.method(), shown.without("progressToken"));
        else unasked.notification(notification.method(), shown);
    }

    /// A client that has gone takes neither the server nor anybody else's calls with it.
    private void progressed(Call call, String method, Json.Obj params) {
        try {
            call.progress().notification(method, params);
        } catch (RuntimeException gone) {
            LOG.log(Level.DEBUG, "progress of " + server + " was not taken", gone);
        }
    }

    /// A server may ask back (sampling, elicitation, roots): we declared none of it, so all but `ping` is refused.
    private void answerServer(JsonRpc.Request request) {
        countUnasked();
        if (request.method().equals("ping")) {
            reply(new JsonRpc.Result(request.id(), Json.EMPTY).toJson());
            return;
        }
        checkpoint.saw(session, "server:" + server, new Finding("mcp/server-asked " + known(request.method()), Severity.MEDIUM, ""));
        var refusal = "this client offers no such method";
        reply(new JsonRpc.Failure(request.id(), JsonRpc.METHOD_NOT_FOUND, refusal, null).toJson());
    }

    private static String known(String method) {
        return Set.of("sampling/createMessage", "elicitation/create", "roots/list").contains(method) ? method : "other";
    }

    /// An answer to the server's own question carries nothing of anybody: it needs no permit.
    private void reply(Json.Obj message) {
        try {
            send(JsonWriter.bytes(message));
        } catch (IOException failed) {
            breakDown(server + " has ended");
        }
    }

    private void send(byte[] message) throws IOException {
        synchronized (pipes) {
            pipes.toServer().write(message);
            pipes.toServer().write('\n');
            pipes.toServer().flush();
        }
    }

    private void countUnasked() {
        if (++unaskedInARow > UNASKED_MAX) {
            checkpoint.saw(session, "server:" + server, new Finding("mcp/flood", Severity.HIGH, ""));
            close();
        }
    }

    private void breakDown(String why) {
        broken.compareAndSet(null, ending(why));
        var reason = new Answer.Broken(Objects.requireNonNull(broken.get()));
        calls.values().forEach(call -> call.answer().complete(reason));
        for (Line left = outbox.poll(); left != null; left = outbox.poll()) left.answer().complete(reason);
        pipes.end().run();
    }

    /// Why this exit can no longer be used; empty while it can.
    public Optional<String> broken() {
        return Optional.ofNullable(broken.get());
    }

    /// Ends the server; calls in flight get an answer that says so.
    @Override
    public void close() {
        broken.compareAndSet(null, ending(server + " was ended"));
        writer.interrupt();
        breakDown(server + " was ended");
    }
}
