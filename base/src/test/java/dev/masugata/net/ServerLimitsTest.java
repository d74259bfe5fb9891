package dev.masugata.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The times and numbers a server allows, each with what just passes. (Sizes of the head: [ServerStrictnessTest].)
class ServerLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Transport NIO = new Transport(false);
    private static final Handler READS =
            request -> Response.text(200, "" + request.body().readAll(1_000_000).length);

    @Test
    void aHeadThatDripsIsEnded() throws Exception {
        try (var server = start(ServerLimits.DEFAULT.withHead(SHORT), READS)) {
            try (var client = new Raw(server.port())) {
                var answer = client.send("GET / HTTP/1.1\r\nHost: loc").all();
                assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
            }
            try (var client = new Raw(server.port())) {
                assertEquals("", client.all(), "a client that says nothing is closed without an answer");
            }
            try (var client = new Raw(server.port())) {
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
                var answer = client.send("GET").all();
                assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
            }
        }
        try (var server = start(ServerLimits.DEFAULT.withHead(LONG).withIdle(SHORT), READS);
                var client = new Raw(server.port())) {
            assertTrue(client.send("GET / HTTP/1.1\r\nHo")
                    .send("st: localhost\r\n\r\n")
                    .answer()
                    .endsWith("0"));
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        try (var server = start(ServerLimits.DEFAULT.withIdle(SHORT), READS);
                var client = new Raw(server.port())) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
            assertTrue(client.isClosed());
        }
        try (var server = start(ServerLimits.DEFAULT.withIdle(LONG), READS);
                var client = new Raw(server.port())) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
            client.socket.setSoTimeout(400);
            assertFalse(client.isClosed());
        }
    }

    @Test
    void aBodyThatStallsIsEnded() throws Exception {
        var pace = new Pace(SHORT, LONG, 0);
        try (var server = start(ServerLimits.DEFAULT.withPace(pace), READS)) {
            try (var client = new Raw(server.port())) {
                client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhel");
                assertTrue(client.all().startsWith("HTTP/1.1 408 "));
            }
            try (var client = new Raw(server.port())) {
                client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhel")
                        .send("lo");
                assertTrue(client.answer().endsWith("5"));
            }
        }
    }

    @Test
    void aBodyThatDripsIsEndedAlthoughItNeverStalls() {
        var pace = new Pace(Duration.ofSeconds(10), Duration.ofSeconds(30), 1_000);
        assertEquals(Duration.ofSeconds(10).toNanos(), pace.patience(0, 0));
        assertEquals(
                Duration.ofSeconds(1).toNanos(),
                pace.patience(0, Duration.ofSeconds(29).toNanos()));
        assertTrue(pace.patience(500, Duration.ofSeconds(31).toNanos()) <= 0, "500 bytes in 31 s");
        assertTrue(pace.patience(5_000, Duration.ofSeconds(31).toNanos()) > 0, "5,000 bytes in 31 s");
        assertEquals(
                Duration.ofSeconds(10).toNanos(),
                new Pace(Duration.ofSeconds(10), Duration.ofSeconds(1), 0).patience(0, 1L << 50));
    }

    @Test
    void theDripLimitReachesTheClient() throws Exception {
        var pace = new Pace(LONG, SHORT, 1_000_000);
        try (var server = start(ServerLimits.DEFAULT.withPace(pace), READS);
                var client = new Raw(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n");
            for (int i = 0; i < 400 && !client.hasAnswer(Duration.ofMillis(10)); i++) client.send("x");
            var answer = client.until("\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
        }
    }

    @Test
    void aClientThatTakesNothingIsCut() throws Exception {
        var failure = new CompletableFuture<Throwable>();
        Handler endless = request -> Response.stream(200, Headers.EMPTY, out -> {
            try {
                for (; ; ) out.write(new byte[8192]);
            } catch (ClientGone e) {
                failure.complete(e);
                throw e;
            }
        });
        try (var server = start(ServerLimits.DEFAULT.withStall(SHORT), endless);
                var client = new Raw(server.port())) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").until("\r\n\r\n");
            assertTrue(failure.get(10, TimeUnit.SECONDS) instanceof ClientGone);
        }
        var big = new byte[30_000_000];
        try (var server = start(ServerLimits.DEFAULT.withStall(SHORT), request -> Response.of(200, "a/b", big));
                var client = new Raw(server.port())) {
            assertTrue(client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .answer()
                            .length()
                    > big.length);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSlowReaderHoldsTheHandlerBackAndFillsNoMemory(boolean best) throws Exception {
        var written = new AtomicLong();
        Handler endless = request -> Response.stream(200, Headers.EMPTY, out -> {
            for (var piece = new byte[8192]; ; written.addAndGet(piece.length)) out.write(piece);
        });
        try (var server = start(best, endless);
                var client = new Raw(server.port())) {
            client.socket.setReceiveBufferSize(64 * 1024);
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").until("\r\n\r\n");
            long before = settled(written);
            // What lies in between: the kernel's two buffers, Netty's 64 KiB and one piece.
            assertTrue(before < 10_000_000, "written without a reader: " + before);
            client.socket.getInputStream().readNBytes(12_000_000);
            assertTrue(settled(written) > before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSlowHandlerHoldsTheSenderBackAndFillsNoMemory(boolean best) throws Exception {
        var go = new CompletableFuture<Void>();
        Handler handler = request -> {
            go.join();
            long bytes = 0;
            for (byte[] next; (next = request.body().next()) != null; ) bytes += next.length;
            return Response.text(200, "" + bytes);
        };
        int size = 40_000_000;
        try (var server = start(best, handler);
                var client = new Raw(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + size + "\r\n\r\n");
            var sent = new AtomicLong();
            var sender = Thread.startVirtualThread(() -> {
                try {
                    for (var piece = new byte[8_000]; sent.get() < size; sent.addAndGet(piece.length))
                        client.socket.getOutputStream().write(piece);
                } catch (java.io.IOException e) {
                    sent.set(-1);
                }
            });
            long before = settled(sent);
            assertTrue(before < 20_000_000, "sent without a reader: " + before);
            go.complete(null);
            assertTrue(client.answer().endsWith("\r\n\r\n" + size));
            sender.join();
        }
    }

    @Test
    void theLastWordsReachAClientThatIsStillSending() throws Exception {
        try (var server = start(ServerLimits.DEFAULT.withBodyBytes(10), READS)) {
            for (int i = 0; i < 5; i++)
                try (var client = new Raw(server.port())) {
                    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n"
                            + "x".repeat(9_000_000));
                    var answer = client.all();
                    assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
                }
        }
    }

    @Test
    void connectionsAreCounted() throws Exception {
        try (var server = start(ServerLimits.DEFAULT.withConnections(2, 10), READS)) {
            countsTwo(server);
        }
        try (var server = start(ServerLimits.DEFAULT.withConnections(10, 2), READS)) {
            countsTwo(server);
        }
    }

    private static void countsTwo(Server server) throws Exception {
        var get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (var one = new Raw(server.port());
                var two = new Raw(server.port())) {
            one.send(get).answer();
            two.send(get).answer();
            try (var three = new Raw(server.port())) {
                assertTrue(three.isClosed());
            }
            one.close();
            until(() -> server.connections() == 1);
            try (var three = new Raw(server.port())) {
                three.send(get).answer();
            }
        }
    }

    @Test
    void twoThousandIdleConnectionsAreNoBurden() throws Exception {
        try (var server = start(ServerLimits.DEFAULT, READS)) {
            var clients = new ArrayList<Raw>();
            for (int i = 0; i < 2_000; i++) clients.add(new Raw(server.port()));
            for (int i = 0; i < 2_000; i += 100)
                assertTrue(clients.get(i)
                        .send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .answer()
                        .endsWith("0"));
            until(() -> server.connections() == 2_000);
            for (var client : clients) client.close();
            until(() -> server.connections() == 0);
        }
    }

    private static Server start(ServerLimits limits, Handler handler) throws Exception {
        return Server.start(ServerOptions.loopback(0).withLimits(limits), handler);
    }

    private static Server start(boolean best, Handler handler) throws Exception {
        return Server.start(ServerOptions.loopback(0), handler, best ? Transport.best() : NIO);
    }

    /// The value once it has not changed for 200 ms.
    private static long settled(AtomicLong value) {
        for (long last = -1; ; ) {
            long now = value.get();
            if (now == last) return now;
            last = now;
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, 200, TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    static void until(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not within 10 s");
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
