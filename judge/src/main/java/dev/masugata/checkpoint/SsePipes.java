package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Session;
import dev.masugata.net.Exchange;
import dev.masugata.net.OutRequest;
import dev.masugata.net.Timeouts;
import dev.masugata.wire.Json;
import dev.masugata.wire.Sse;
import dev.masugata.wire.SseReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The two ends of a server of the first revision over HTTP (MCP 2024-11-05, Transports, HTTP with SSE): what it says
/// comes on one stream, what we say goes to an address that the stream names first.
public final class SsePipes implements Pipes.Launcher {
    private static final System.Logger LOG = System.getLogger("masugata.exit");
    /// Time until the server has named the address.
    static final Duration NAMING_MAX = Duration.ofSeconds(10);
    /// Messages that came and were not read yet; past it the server is held back.
    static final int MESSAGES_MAX = 64;

    private static final byte[] END = new byte[0];

    private final Checkpoint checkpoint;
    private final Session session;
    private final String server;
    private final Circumstance circumstance;
    private final HttpServer there;

    public SsePipes(
            Checkpoint checkpoint, Session session, String server, Circumstance circumstance, HttpServer there) {
        this.checkpoint = checkpoint;
        this.session = session;
        this.server = server;
        this.circumstance = circumstance;
        this.there = there;
    }

    @Override
    public Pipes launch() throws IOException {
        var message = new Action.Message(Action.Kind.LIFECYCLE, server, "transport/listen", Json.EMPTY);
        if (!(checkpoint.judge(session, message, circumstance, Waiting.NONE) instanceof Permit permit))
            throw new IOException("it may not be listened to");
        permit.spend(Checkpoint.exit(session, server), checkpoint.now());
        var hour = Duration.ofHours(1);
        var request = OutRequest.to("GET", there.url())
                .with("accept", "text/event-stream")
                .with(new Timeouts(Timeouts.CONNECT, NAMING_MAX, hour, hour.multipliedBy(24)));
        var stream = there.exchange(request);
        try {
            stream.send();
            checkpoint.done(permit, "ok", 0, 0, 0, Json.object("status", Json.of(stream.status())));
            var type = stream.headers().one("content-type").orElse("");
            if (stream.status() != 200 || !type.startsWith("text/event-stream"))
                throw new IOException("it opens no stream of events");
            return pipes(stream);
        } catch (IOException | RuntimeException failed) {
            stream.close();
            throw failed;
        }
    }

    private Pipes pipes(Exchange stream) throws IOException {
        var messages = new ArrayBlockingQueue<byte[]>(MESSAGES_MAX);
        var address = new CompletableFuture<String>();
        var reader = Thread.ofVirtual().name("from " + server).start(() -> read(stream, address, messages));
        try {
            var url = address.get(NAMING_MAX.toSeconds(), TimeUnit.SECONDS);
            return new Pipes(new Posts(url), new Messages(messages), () -> {
                stream.cancel();
                reader.interrupt();
                messages.clear();
                ended(messages);
            });
        } catch (ExecutionException | TimeoutException unnamed) {
            throw new IOException("it names no address for messages", unnamed);
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            throw new IOException("was interrupted", gone);
        }
    }

    private void read(Exchange stream, CompletableFuture<String> address, BlockingQueue<byte[]> messages) {
        try {
            var reader = new SseReader(HttpExit.MESSAGE_BYTES_MAX, HttpExit.MESSAGE_BYTES_MAX);
            var body = stream.body();
            for (byte[] chunk = body.next(); chunk != null; chunk = body.next())
                for (var frame : reader.feed(chunk))
                    if (frame instanceof Sse.Event event) {
                        if (event.type().equals("endpoint")) address.complete(named(event.data()));
                        else if (event.type().equals(Sse.MESSAGE)) messages.put(line(event.data()));
                    }
        } catch (IOException | RuntimeException ended) {
            LOG.log(Level.DEBUG, server + " is no longer read", ended);
            address.completeExceptionally(ended);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            address.completeExceptionally(new IOException("the stream ended"));
            ended(messages);
        }
    }

    /// Whoever reads learns that there is no more, also past what it has not read yet.
    private static void ended(BlockingQueue<byte[]> messages) {
        while (!messages.offer(END)) messages.poll();
    }

    /// Within JSON a line end is white space: without it, one message is one line.
    private static byte[] line(String data) {
        return (data.replace('\n', ' ').replace('\r', ' ') + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// The address must be on the server that named it: it may send us nowhere else.
    private String named(String given) throws IOException {
        try {
            var base = URI.create(there.url());
            var named = base.resolve(given);
            boolean same = base.getScheme().equals(named.getScheme()) && base.getRawAuthority()
                    .equals(named.getRawAuthority());
            if (same) return named.toString();
        } catch (IllegalArgumentException unreadable) {
            throw new IOException("it names an address that cannot be read", unreadable);
        }
        throw new IOException("it names an address on another server");
    }

    /// What is written goes out line by line, each as a request of its own.
    private final class Posts extends OutputStream {
        private final String url;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);

        Posts(String url) {
            this.url = url;
        }

        @Override
        public void write(int b) throws IOException {
            if (b == '\n') post();
            else line.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            // Messages come whole: only their end is looked for.
            for (int i = from; i < from + count; i++) write(bytes[i]);
        }

        private void post() throws IOException {
            var request = OutRequest.to("POST", url)
                    .with("content-type", "application/json")
                        .with(line.toByteArray());
            line.reset();
            try (var exchange = there.exchange(request).send()) {
                exchange.body().readAll(HttpExit.MESSAGE_BYTES_MAX);
                if (exchange.status() / 100 != 2)
                    throw new IOException("it answered with HTTP status " + exchange.status());
            }
        }
    }

    /// What came, as the lines it is.
    private static final class Messages extends InputStream {
        private final BlockingQueue<byte[]> messages;
        private byte[] current = new byte[0];
        private int at;
        private boolean ended;

        Messages(BlockingQueue<byte[]> messages) {
            this.messages = messages;
        }

        @Override
        public int read() throws IOException {
            return fill() ? current[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            if (count == 0) return 0;
            if (!fill()) return -1;
            int taken = Math.min(count, current.length - at);
            System.arraycopy(current, at, into, from, taken);
            at += taken;
            return taken;
        }

        @Override
        public int available() {
            return current.length - at;
        }

        private boolean fill() throws IOException {
            if (ended) return false;
            if (at < current.length) return true;
            try {
                current = messages.take();
                at = 0;
                ended = current.length == 0;
                return !ended;
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
                throw new IOException("was interrupted", closed);
            }
        }
    }
}
