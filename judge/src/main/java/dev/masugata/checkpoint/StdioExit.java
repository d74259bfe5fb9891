package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The way out to one MCP server over a pair of pipes: a sealed process, or the two ends of an HTTP+SSE connection. One
/// message a line (MCP 2025-11-25, Transports, stdio).
public final class StdioExit implements McpExit {
    private static final System.Logger LOG = System.getLogger("masugata.exit");
    /// One message of a server, in bytes; a longer one ends the connection.
    public static final int MESSAGE_BYTES_MAX = 8 * 1024 * 1024;
    /// Messages that wait for a server that does not read; past it callers wait until their time is over.
    static final int OUTBOX_MAX = 64;

    /// @param permit null for what carries nothing of anybody: a refusal, a sign of life
    /// @param told   true for what nothing answers: it has its end as soon as it has left
    private record Line(@Nullable Permit permit, byte[] bytes, CompletableFuture<Answer> answer, boolean told) {}

    private final Checkpoint checkpoint;
    private final Session session;
    private final String server;
    private final Circumstance circumstance;
    private final Inbound inbound;
    private final Pipes pipes;
    private final ConcurrentSkipListMap<Long, Pending> calls = new ConcurrentSkipListMap<>();
    private final BlockingQueue<Line> outbox = new ArrayBlockingQueue<>(OUTBOX_MAX);
    private final AtomicLong ids;
    private final AtomicReference<@Nullable String> broken = new AtomicReference<>();
    private final Thread writer;
    private volatile Speech speech = new Speech("2025-11-25", false);

    /// Starts the server's process.
    ///
    /// @param labels what the server's content is, now
    /// @throws IOException when it cannot be started
    public StdioExit(
            Checkpoint checkpoint,
            Session session,
            String server,
            Circumstance circumstance,
            Supplier<ContentLabels> labels,
            Unasked unasked,
            Pipes.Launcher launcher)
            throws IOException {
        this.checkpoint = checkpoint;
        this.session = session;
        this.server = server;
        this.circumstance = circumstance;
        this.inbound = new Inbound(checkpoint, session, server, circumstance, labels, unasked);
        this.pipes = launcher.launch();
        this.ids = new AtomicLong(pipes.firstId());
        // Platform threads: both block in pipe I/O for as long as the server lives.
        this.writer = Thread.ofPlatform().daemon().name("to " + server).start(this::write);
        Thread.ofPlatform().daemon().name("from " + server).start(this::read);
    }

    @Override
    public void speak(Speech it) {
        speech = it;
    }

    @Override
    public Answer call(Permit permit, Calling calling) {
        var rpc = (Action.Rpc) permit.action();
        long id = ids.incrementAndGet();
        var call = new Pending(permit, calling);
        calls.put(id, call);
        try {
            var why = broken.get();
            if (why != null) return ended(call, new Answer.Broken(why), "not sent", 0);
            var bytes = JsonWriter.bytes(Outgoing.request(rpc, id, speech, calling));
            long limit = calling.limit().toNanos();
            if (!outbox.offer(new Line(permit, bytes, call.answer, false), limit, TimeUnit.NANOSECONDS))
                return ended(call, new Answer.Broken(server + " does not read its input"), "not sent", 0);
            var answer = call.await();
            return ended(call, answer, outcome(answer), bytes.length);
        } catch (TimeoutException silent) {
            cancel(id, "timeout");
            var late = server + " did not answer in " + calling.limit().toSeconds() + " s";
            return ended(call, new Answer.Broken(late), "cancelled", 0);
        } catch (Pending.TakenBack gone) {
            cancel(id, Permit.TAKEN_BACK);
            return ended(call, new Answer.Broken(Permit.TAKEN_BACK), "cancelled", 0);
        } catch (InterruptedException gone) {
            cancel(id, "the caller went away");
            Thread.currentThread().interrupt();
            return ended(call, new Answer.Broken(ending("the caller went away")), "cancelled", 0);
        } finally {
            calls.remove(id);
        }
    }

    /// Why something ended: a stop is the reason for all that ends after it.
    private String ending(String why) {
        return checkpoint.isStopped(session.id()) ? "the session was stopped" : why;
    }

    @Override
    public void tell(Permit permit) {
        tell(permit, JsonWriter.bytes(ActionDigest.message((Action.Rpc) permit.action())));
    }

    private void tell(Permit permit, byte[] bytes) {
        var sent = new CompletableFuture<Answer>();
        sent.thenAccept(answer -> checkpoint.done(
                permit, answer instanceof Answer.Result ? "ok" : "not sent", bytes.length, 0, 0, Json.NULL));
        if (broken.get() != null || !outbox.offer(new Line(permit, bytes, sent, true)))
            sent.complete(new Answer.Broken(server + " cannot be told"));
    }

    static String outcome(Answer answer) {
        return switch (answer) {
            case Answer.Result _ -> "ok";
            case Answer.Withheld _ -> "withheld";
            case Answer.Failure _, Answer.Broken _, Answer.Unauthorized _, Answer.Expired _ -> "error";
        };
    }

    private Answer ended(Pending call, Answer answer, String outcome, long bytesOut) {
        // What still waits to leave does not: its permit is closed.
        call.answer.complete(answer);
        var content = Outgoing.recorded(answer);
        long bytesIn = content instanceof Json.Null ? 0 : JsonWriter.bytes(content).length;
        checkpoint.done(call.permit, outcome, bytesOut, bytesIn, call.micros(), content);
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
                // Taken back before it left.
                if (line.answer().isDone()) continue;
                // Nobody waits for it any more.
                if (!line.told() && line.answer().isDone()) continue;
                var permit = line.permit();
                if (permit != null) permit.spend(Checkpoint.exit(permit.session(), server), checkpoint.now());
                pipes.toServer().write(line.bytes());
                pipes.toServer().write('\n');
                pipes.toServer().flush();
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
            inbound.saw("mcp/message-too-long", Severity.MEDIUM);
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
            case JsonRpc.Request request -> asked(request);
            case JsonRpc.Notification notification -> notified(notification);
            case JsonRpc.Result result -> answered(result.id(), result);
            case JsonRpc.Failure failure -> answered(failure.id() == null ? Json.NULL : failure.id(), failure);
        }
    }

    /// What cannot be read cannot be matched to a call; all of this session's calls to this server are told so.
    private void unreadable(JsonRpc.Malformed malformed) {
        inbound.saw("mcp/malformed-answer", Severity.MEDIUM);
        var reason = new Answer.Broken(server + " sent a message that cannot be read: " + malformed.message());
        calls.values().forEach(call -> call.answer.complete(reason));
    }

    private void answered(Json id, JsonRpc.Message message) {
        // Taken out: a second answer to it is one to nothing, and an end of the server no longer concerns it.
        var call = id instanceof Json.Num number ? number.asLong().map(calls::remove).orElse(null) : null;
        // An answer to nothing: late after a cancellation, or made up. Either way nobody reads it.
        if (call == null) countUnasked();
        // Judging may wait for the disk; the reader must not, or one slow answer would hold up all others.
        else Thread.ofVirtual().name("delivery").start(() -> call.answer.complete(inbound.answered(call, message)));
    }

    private void notified(JsonRpc.Notification notification) {
        boolean progress = notification.method().equals("notifications/progress");
        var call = progress ? notification.params().integer("progressToken").map(calls::get).orElse(null) : null;
        if (progress && call == null) countUnasked();
        else if (!inbound.notified(notification, call != null ? call : about(notification))) close();
    }

    /// A log message does not say which call it belongs to: of the one that runs, if it is the only one.
    private @Nullable Pending about(JsonRpc.Notification notification) {
        boolean log = notification.method().equals("notifications/message");
        return log && calls.size() == 1 ? calls.values().stream().findFirst().orElse(null) : null;
    }

    /// Neither does a question: it is taken to be about the call that began last.
    private void asked(JsonRpc.Request request) {
        if (!inbound.counted()) {
            close();
            return;
        }
        var newest = calls.lastEntry();
        Thread.ofVirtual().name("question").start(() -> {
            switch (inbound.asked(request, newest == null ? null : newest.getValue())) {
                case Inbound.Back.Reply(var permit) ->
                    tell(permit, JsonWriter.bytes(ActionDigest.message((Action.Rpc) permit.action())
                            .with("id", request.id())));
                case Inbound.Back.No(var failure) -> back(failure);
                case Inbound.Back.Alive(var result) -> back(result);
            }
        });
    }

    private void back(JsonRpc.Message message) {
        if (!outbox.offer(new Line(null, JsonWriter.bytes(message.toJson()), new CompletableFuture<>(), true)))
            breakDown(server + " does not read its input");
    }

    private void countUnasked() {
        if (!inbound.counted()) close();
    }

    private void breakDown(String why) {
        broken.compareAndSet(null, ending(why));
        var reason = new Answer.Broken(Objects.requireNonNull(broken.get()));
        calls.values().forEach(call -> call.answer.complete(reason));
        for (Line left = outbox.poll(); left != null; left = outbox.poll()) left.answer().complete(reason);
        writer.interrupt();
        pipes.end().run();
    }

    @Override
    public Optional<String> broken() {
        return Optional.ofNullable(broken.get());
    }

    @Override
    public void close() {
        broken.compareAndSet(null, ending(server + " was ended"));
        writer.interrupt();
        breakDown(server + " was ended");
    }
}
