package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.net.Exchange;
import dev.masugata.net.OutRequest;
import dev.masugata.net.Timeouts;
import dev.masugata.net.UpstreamFault;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import dev.masugata.wire.Sse;
import dev.masugata.wire.SseReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The way out to one MCP server over Streamable HTTP (MCP 2025-03-26 to 2026-07-28, Transports). Every message is a
/// request of its own; what answers it comes as one object or as a stream of events.
public final class HttpExit implements McpExit {
    private static final System.Logger LOG = System.getLogger("masugata.exit");
    /// One message of a server, in bytes.
    public static final int MESSAGE_BYTES_MAX = 8 * 1024 * 1024;
    /// Bytes of one answer, its stream of events included.
    static final long STREAM_BYTES_MAX = 256L * 1024 * 1024;
    /// A stream that ended before its answer is gone on with (2025-11-25, Resumability), so often for one call.
    static final int RESUMPTIONS_MAX = 5;
    /// Other credentials that are tried for one request, where the server wants one: a token, and then more rights.
    static final int CREDENTIALS_MAX = 2;
    /// A server may ask us to wait before that, but no longer than this.
    static final Duration RETRY_MAX = Duration.ofSeconds(10);

    /// ... and no shorter, on the stream of what belongs to no call.
    static final Duration RETRY_MIN = Duration.ofSeconds(1);
    /// Such streams in a row that end within this are no service, so many times.
    static final Duration BRIEF = Duration.ofSeconds(5);

    static final int BRIEF_MAX = 10;

    private static final String SESSION = "Mcp-Session-Id";
    private static final Set<String> NAMED = Set.of("tools/call", "prompts/get");

    private final Checkpoint checkpoint;
    private final Session session;
    private final String server;
    private final Circumstance circumstance;
    private final Inbound inbound;
    private final HttpServer there;
    private final AtomicLong ids = new AtomicLong();
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentSkipListMap<Long, Pending> calls = new ConcurrentSkipListMap<>();
    private final AtomicReference<@Nullable String> broken = new AtomicReference<>();
    private volatile Speech speech = new Speech("2025-11-25", false);
    private volatile @Nullable String sessionId;

    public HttpExit(
            Checkpoint checkpoint,
            Session session,
            String server,
            Circumstance circumstance,
            Supplier<ContentLabels> labels,
            Unasked unasked,
            HttpServer there) {
        this.checkpoint = checkpoint;
        this.session = session;
        this.server = server;
        this.circumstance = circumstance;
        this.inbound = new Inbound(checkpoint, session, server, circumstance, labels, unasked);
        this.there = there;
    }

    @Override
    public void speak(Speech it) {
        speech = it;
    }

    // --- a call -----------------------------------------------------------------------------------------------------

    @Override
    public Answer call(Permit permit, Calling calling) {
        var call = new Pending(permit, calling);
        var rpc = (Action.Rpc) permit.action();
        long id = ids.incrementAndGet();
        var why = broken.get();
        if (why != null) return ended(call, new Answer.Broken(why), "not sent", 0);
        if (call.isOver()) return ended(call, new Answer.Broken(Permit.TAKEN_BACK), "not sent", 0);
        var bytes = JsonWriter.bytes(Outgoing.request(rpc, id, speech, calling));
        var request = post(bytes, calling.limit());
        if (speech.modern()) request = mirrored(request, rpc, calling.headers());
        if (rpc.method().equals("initialize")) request = unversioned(request);
        var exchanges = new Exchanges(call, id, rpc.method().equals("initialize"));
        calls.put(id, call);
        try {
            exchanges.start(request);
            var answer = call.await();
            return ended(call, answer, StdioExit.outcome(answer), bytes.length);
        } catch (TimeoutException silent) {
            exchanges.cancel("timeout");
            var late = server + " did not answer in " + calling.limit().toSeconds() + " s";
            return ended(call, new Answer.Broken(late), "cancelled", bytes.length);
        } catch (Pending.TakenBack gone) {
            exchanges.cancel(Permit.TAKEN_BACK);
            return ended(call, new Answer.Broken(Permit.TAKEN_BACK), "cancelled", bytes.length);
        } catch (InterruptedException gone) {
            exchanges.cancel("the caller went away");
            Thread.currentThread().interrupt();
            return ended(call, new Answer.Broken(ending("the caller went away")), "cancelled", bytes.length);
        } finally {
            calls.remove(id);
            exchanges.close();
        }
    }

    private String ending(String why) {
        return checkpoint.isStopped(session.id()) ? "the session was stopped" : why;
    }

    private Answer ended(Pending call, Answer answer, String outcome, long bytesOut) {
        var content = Outgoing.recorded(answer);
        long bytesIn = content instanceof Json.Null ? 0 : JsonWriter.bytes(content).length;
        checkpoint.done(call.permit, outcome, bytesOut, bytesIn, call.micros(), content);
        return answer;
    }

    // --- requests ---------------------------------------------------------------------------------------------------

    private OutRequest post(byte[] bytes, Duration limit) {
        var request = OutRequest.to("POST", there.url())
                .with("content-type", "application/json")
                .with("accept", "application/json, text/event-stream")
                .with(bytes);
        return ours(request, limit);
    }

    private OutRequest ours(OutRequest request, Duration limit) {
        var longest = limit.plus(Pending.ASKING_MAX);
        var timed = request
                .with(new Timeouts(Timeouts.CONNECT, longest, longest, longest))
                .with("MCP-Protocol-Version", speech.revision());
        var known = sessionId;
        return known == null || speech.modern() ? timed : timed.with(SESSION, known);
    }

    /// Before anything was agreed there is no version to name (2025-06-18, Protocol Version Header).
    private static OutRequest unversioned(OutRequest request) {
        return request.with(request.headers().without("MCP-Protocol-Version"));
    }

    /// The headers that mirror the body, made from what was judged (2026-07-28, Request Metadata).
    private static OutRequest mirrored(OutRequest request, Action.Rpc rpc, Map<String, String> more) {
        var mirrored = request.with("Mcp-Method", rpc.method());
        var name = NAMED.contains(rpc.method()) ? rpc.params().string("name") : Optional.<String>empty();
        if (rpc.method().equals("resources/read")) name = rpc.params().string("uri");
        if (name.isPresent()) mirrored = mirrored.with("Mcp-Name", HeaderValue.encoded(name.get()));
        for (var header : more.entrySet()) mirrored = mirrored.with(header.getKey(), header.getValue());
        return mirrored;
    }

    private Exchange exchange(OutRequest request) throws IOException {
        var exchange = there.exchange(request);
        open.add(exchange);
        if (broken.get() != null) exchange.cancel();
        return exchange;
    }

    private void close(Exchange exchange) {
        open.remove(exchange);
        exchange.close();
    }

    // --- what comes back --------------------------------------------------------------------------------------------

    /// The exchanges of one call: its own, those that go on with a broken stream, and the answers to questions.
    private final class Exchanges {
        private final Pending call;
        private final long id;
        private final boolean opening;
        private volatile @Nullable Exchange current;
        private final Queue<Exchange> all = new ConcurrentLinkedQueue<>();
        private volatile boolean cancelled;

        Exchanges(Pending call, long id, boolean opening) {
            this.call = call;
            this.id = id;
            this.opening = opening;
        }

        void start(OutRequest request) {
            call.permit.spend(Checkpoint.exit(call.permit.session(), server), checkpoint.now());
            Thread.ofVirtual().name("to " + server).start(() -> {
                try {
                    call.answer.complete(first(request));
                } catch (HttpServer.Unfilled unfilled) {
                    LOG.log(Level.WARNING, server + " cannot be called with its credential", unfilled);
                    var why = server + " cannot be called with its credential: " + unfilled.getMessage();
                    call.answer.complete(new Answer.Unauthorized(why));
                } catch (UpstreamFault failed) {
                    call.answer.complete(new Answer.Broken(unreached(failed)));
                } catch (Sse.Refused | IOException failed) {
                    LOG.log(Level.DEBUG, "a call of " + server + " failed", failed);
                    call.answer.complete(new Answer.Broken(server + ": " + failed.getMessage()));
                } catch (RuntimeException | Error ours) {
                    LOG.log(Level.ERROR, "a call of " + server + " failed", ours);
                    call.answer.complete(new Answer.Broken(server + " could not be called"));
                }
            });
        }

        /// The request; where the server wanted another credential first, with that one. What was refused so had no
        /// effect, and what is sent again is what was judged.
        private Answer first(OutRequest request) throws IOException {
            for (int refused = 0; ; refused++) {
                var answer = answer(request, refused < CREDENTIALS_MAX);
                if (answer.isPresent()) return answer.get();
            }
        }

        /// @param again whether another credential may be tried
        /// @return empty: the slot will be filled otherwise
        private Optional<Answer> answer(OutRequest request, boolean again) throws IOException {
            long filled = System.nanoTime();
            try (var exchange = sent(request)) {
                int status = exchange.status();
                if ((status == 401 || status == 403) && again && refilled(exchange, filled)) return Optional.empty();
                return Optional.of(answer(exchange, status));
            }
        }

        private boolean refilled(Exchange exchange, long filled) throws IOException {
            var challenge = String.join(", ", exchange.headers().all("www-authenticate"));
            try {
                return there.slot().refused(exchange.status(), challenge, Duration.ofNanos(System.nanoTime() - filled));
            } catch (IOException why) {
                throw new HttpServer.Unfilled(why);
            }
        }

        private Answer answer(Exchange exchange, int status) throws IOException {
            if (status == 401) return new Answer.Unauthorized(server + " does not accept the credential (401)");
            if (status == 403) return new Answer.Broken(server + " does not accept the credential (403)");
            if (status == 404 && sessionId != null && !speech.modern())
                return expired(server + " no longer knows the session");
            if (opening) sessionId = exchange.headers().one(SESSION).orElse(null);
            var type = exchange.headers().one("content-type").orElse("");
            if (status == 200 && type.startsWith("text/event-stream")) return events(exchange);
            return single(exchange, status);
        }

        private Exchange sent(OutRequest request) throws IOException {
            var exchange = exchange(request);
            all.add(exchange);
            current = exchange;
            if (cancelled) exchange.cancel();
            return exchange.send();
        }

        private Answer single(Exchange exchange, int status) throws IOException {
            var bytes = exchange.body().readAll(MESSAGE_BYTES_MAX);
            return switch (JsonRpc.read(bytes, Limits.DEFAULT.withBytes(MESSAGE_BYTES_MAX))) {
                case JsonRpc.Result result when isOurs(result.id()) -> inbound.answered(call, result);
                // Of an error whose request could not be read the id is missing.
                case JsonRpc.Failure failure when failure.id() == null || isOurs(failure.id()) ->
                    inbound.answered(call, failure);
                case JsonRpc.Message _ when status == 200 -> {
                    inbound.saw("mcp/foreign-answer", Severity.MEDIUM);
                    yield new Answer.Broken(server + " answered something else");
                }
                case JsonRpc.Malformed malformed when status == 200 -> {
                    inbound.saw("mcp/malformed-answer", Severity.MEDIUM);
                    yield new Answer.Broken(server + " sent a message that cannot be read: " + malformed.message());
                }
                case JsonRpc.Message _, JsonRpc.Malformed _ ->
                        new Answer.Broken(server + " answered with HTTP status " + status);
            };
        }

        private boolean isOurs(@Nullable Json given) {
            return given instanceof Json.Num number && number.asLong().filter(it -> it == id).isPresent();
        }

        /// Reads events until the answer comes; a legacy server may close the stream and be asked to go on.
        private Answer events(Exchange first) throws IOException {
            var seen = new Place();
            var answer = read(first, seen);
            for (int i = 0; answer.isEmpty() && i < RESUMPTIONS_MAX && mayResume(seen); i++) {
                pause(seen.retry);
                var go = listen(seen.lastId);
                if (go.isEmpty()) break;
                try (var next = sent(go.get())) {
                    if (next.status() != 200) break;
                    answer = read(next, seen);
                }
            }
            return answer.orElseGet(() -> new Answer.Broken(server + " ended its answer in the middle"));
        }

        private boolean mayResume(Place seen) {
            return !speech.modern() && !seen.lastId.isEmpty() && !cancelled && broken.get() == null;
        }

        private Optional<Answer> read(Exchange exchange, Place seen) throws IOException {
            var reader = new SseReader(MESSAGE_BYTES_MAX, MESSAGE_BYTES_MAX);
            var body = exchange.body();
            for (byte[] chunk = body.next(); chunk != null; chunk = body.next()) {
                for (var frame : reader.feed(chunk)) {
                    switch (frame) {
                        case Sse.Event event when event.data().isBlank() -> {} // only brings an id (SEP-1699)
                        case Sse.Event event -> {
                            var answer = event(event.data());
                            if (answer.isPresent()) return answer;
                        }
                        case Sse.Retry(long millis) -> seen.retry = Duration.ofMillis(millis);
                        case Sse.Comment _ -> {}
                    }
                }
                if (!reader.lastEventId().isEmpty()) seen.lastId = reader.lastEventId();
            }
            if (!reader.lastEventId().isEmpty()) seen.lastId = reader.lastEventId();
            return Optional.empty();
        }

        private Optional<Answer> event(String data) {
            var bytes = data.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return switch (JsonRpc.read(bytes, Limits.DEFAULT.withBytes(MESSAGE_BYTES_MAX))) {
                case JsonRpc.Malformed malformed -> {
                    inbound.saw("mcp/malformed-answer", Severity.MEDIUM);
                    yield Optional.of(new Answer.Broken(
                            server + " sent a message that cannot be read: " + malformed.message()));
                }
                case JsonRpc.Result result when isOurs(result.id()) -> Optional.of(inbound.answered(call, result));
                case JsonRpc.Failure failure when failure.id() == null || isOurs(failure.id()) ->
                    Optional.of(inbound.answered(call, failure));
                case JsonRpc.Result _, JsonRpc.Failure _ -> {
                    inbound.saw("mcp/foreign-answer", Severity.MEDIUM);
                    yield Optional.empty();
                }
                case JsonRpc.Notification notification -> {
                    if (!inbound.notified(notification, call)) HttpExit.this.close();
                    yield Optional.empty();
                }
                case JsonRpc.Request request -> {
                    asked(request, call);
                    yield Optional.empty();
                }
            };
        }

        void cancel(String why) {
            cancelled = true;
            var it = current;
            // To a modern server the end of the stream says it; a legacy one is told.
            if (!speech.modern()) tellCancelled(id, why);
            if (it != null) it.cancel();
        }

        void close() {
            all.forEach(HttpExit.this::close);
        }
    }

    /// Where in a stream we are.
    private static final class Place {
        private String lastId = "";
        private Duration retry = Duration.ofMillis(500);
    }

    private static void pause(Duration wanted) throws IOException {
        try {
            Thread.sleep(wanted.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : wanted);
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            throw new IOException("was interrupted", gone);
        }
    }

    private String unreached(UpstreamFault failed) {
        return switch (failed.kind()) {
            case CANCELLED -> ending("the caller went away");
            case REFUSED, UNREACHABLE, TLS, BUSY, TIMEOUT, PROTOCOL, TOO_LARGE, BROKEN, WRITER ->
                server + " cannot be reached: " + failed.getMessage();
        };
    }

    private Answer expired(String why) {
        broken.compareAndSet(null, why);
        return new Answer.Expired(why);
    }

    // --- questions, notifications -----------------------------------------------------------------------------------

    /// A question of the server, answered by a request of its own.
    private void asked(JsonRpc.Request request, @Nullable Pending call) {
        if (!inbound.counted()) {
            close();
            return;
        }
        Thread.ofVirtual().name("question").start(() -> {
            switch (inbound.asked(request, call)) {
                case Inbound.Back.Reply(var permit) ->
                        tell(permit, ActionDigest.message((Action.Rpc) permit.action()).with("id", request.id()));
                case Inbound.Back.No(var failure) -> say(failure.toJson());
                case Inbound.Back.Alive(var result) -> say(result.toJson());
            }
        });
    }

    private void tellCancelled(long id, String why) {
        var params = Json.object("requestId", Json.of(id)).with("reason", why);
        var message = new Action.Message(Action.Kind.LIFECYCLE, server, "notifications/cancelled", params);
        boolean interrupted = Thread.interrupted();
        if (checkpoint.judge(session, message, circumstance, Waiting.NONE) instanceof Permit permit)
            Thread.ofVirtual().name("to " + server).start(() -> tell(permit));
        if (interrupted) Thread.currentThread().interrupt();
    }

    @Override
    public void tell(Permit permit) {
        tell(permit, ActionDigest.message((Action.Rpc) permit.action()));
    }

    private void tell(Permit permit, Json.Obj message) {
        permit.spend(Checkpoint.exit(permit.session(), server), checkpoint.now());
        long began = System.nanoTime();
        var bytes = JsonWriter.bytes(message);
        boolean sent = say(bytes);
        checkpoint.done(permit, sent ? "ok" : "error", bytes.length, 0, (System.nanoTime() - began) / 1000, Json.NULL);
    }

    private void say(Json.Obj message) {
        say(JsonWriter.bytes(message));
    }

    private boolean say(byte[] bytes) {
        Exchange exchange = null;
        try {
            exchange = exchange(post(bytes, Timeouts.CONNECT));
            exchange.send().body().readAll(MESSAGE_BYTES_MAX);
            return exchange.status() / 100 == 2;
        } catch (IOException failed) {
            LOG.log(Level.DEBUG, server + " could not be told", failed);
            return false;
        } finally {
            if (exchange != null) close(exchange);
        }
    }

    // --- the stream of what belongs to no call ----------------------------------------------------------------------

    /// Asks for a stream; empty where that is not allowed.
    private Optional<OutRequest> listen(String lastId) {
        var params = lastId.isEmpty() ? Json.EMPTY : Json.object("lastEventId", lastId);
        var message = new Action.Message(Action.Kind.LIFECYCLE, server, "transport/listen", params);
        if (!(checkpoint.judge(session, message, circumstance, Waiting.NONE) instanceof Permit permit))
            return Optional.empty();
        permit.spend(Checkpoint.exit(session, server), checkpoint.now());
        checkpoint.done(permit, "ok", 0, 0, 0, Json.NULL);
        var get = ours(OutRequest.to("GET", there.url()).with("accept", "text/event-stream"), Duration.ofHours(1));
        return Optional.of(lastId.isEmpty() ? get : get.with("Last-Event-ID", lastId));
    }

    /// Listens to what a legacy server says on its own account, until it or we end it; for a thread of its own. Returns
    /// at once where the server offers no such stream.
    public void listen() {
        var seen = new Place();
        int brief = 0;
        while (broken.get() == null && brief <= BRIEF_MAX) {
            var request = listen(seen.lastId);
            if (request.isEmpty()) return;
            long began = System.nanoTime();
            if (!heardAll(request.get(), seen)) return;
            // A server that ends its streams at once is not asked for ever.
            brief = System.nanoTime() - began < BRIEF.toNanos() ? brief + 1 : 0;
        }
    }

    /// @return true if the server offers such a stream, which came to its end
    private boolean heardAll(OutRequest request, Place seen) {
        Exchange exchange = null;
        try {
            exchange = exchange(request);
            exchange.send();
            if (exchange.status() != 200) return false;
            heard(exchange, seen);
            pause(seen.retry.compareTo(RETRY_MIN) < 0 ? RETRY_MIN : seen.retry);
            return true;
        } catch (IOException | RuntimeException ended) {
            LOG.log(Level.DEBUG, server + " is no longer listened to", ended);
            return false;
        } finally {
            if (exchange != null) close(exchange);
        }
    }

    private void heard(Exchange exchange, Place seen) throws IOException {
        var reader = new SseReader(MESSAGE_BYTES_MAX, MESSAGE_BYTES_MAX);
        var body = exchange.body();
        for (byte[] chunk = body.next(); chunk != null; chunk = body.next()) {
            for (var frame : reader.feed(chunk)) {
                switch (frame) {
                    case Sse.Event event -> said(event.data());
                    case Sse.Retry(long millis) -> seen.retry = Duration.ofMillis(millis);
                    case Sse.Comment _ -> {}
                }
            }
            if (!reader.lastEventId().isEmpty()) seen.lastId = reader.lastEventId();
        }
    }

    private void said(String data) {
        var bytes = data.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (data.isBlank()) return;
        switch (JsonRpc.read(bytes, Limits.DEFAULT.withBytes(MESSAGE_BYTES_MAX))) {
            case JsonRpc.Notification notification -> {
                if (!inbound.notified(notification, null)) close();
            }
            // On this stream a question does not say which call it belongs to: it is taken to be the one that began
            // last.
            case JsonRpc.Request request -> {
                var newest = calls.lastEntry();
                asked(request, newest == null ? null : newest.getValue());
            }
            case JsonRpc.Malformed _ -> inbound.saw("mcp/malformed-answer", Severity.MEDIUM);
            case JsonRpc.Result _, JsonRpc.Failure _ -> inbound.saw("mcp/foreign-answer", Severity.MEDIUM);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public Optional<String> broken() {
        return Optional.ofNullable(broken.get());
    }

    /// Lets go of the server; a legacy one is told that the session is over (2025-11-25, Session Management).
    @Override
    public void close() {
        boolean first = broken.compareAndSet(null, ending(server + " was let go"));
        open.forEach(Exchange::cancel);
        open.clear();
        if (first && sessionId != null) Thread.ofVirtual().name("to " + server).start(this::end);
    }

    private void end() {
        var message = new Action.Message(Action.Kind.LIFECYCLE, server, "transport/end", Json.EMPTY);
        if (!(checkpoint.judge(session, message, circumstance, Waiting.NONE) instanceof Permit permit)) return;
        permit.spend(Checkpoint.exit(session, server), checkpoint.now());
        var request = ours(OutRequest.to("DELETE", there.url()), Timeouts.CONNECT);
        try (var exchange = there.exchange(request).send()) {
            checkpoint.done(permit, "ok", 0, 0, 0, Json.object("status", Json.of(exchange.status())));
        } catch (IOException gone) {
            checkpoint.done(permit, "error", 0, 0, 0, Json.NULL);
        }
    }
}
