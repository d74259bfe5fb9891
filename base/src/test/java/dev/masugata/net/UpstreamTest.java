package dev.masugata.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.net.UpstreamFault.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {
    static final AddressGuard ANY = address -> {};
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final Transport NIO = new Transport(false);

    private Upstream upstream;

    @BeforeEach
    void open() throws IOException {
        upstream = new Upstream(UpstreamOptions.DEFAULT, ANY);
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callsOverTcpAndUnixSockets(boolean best, @TempDir Path folder) throws Exception {
        Handler echo = request -> Response.of(
                201,
                "a/b",
                (request.method() + " " + request.target() + " " + request.host() + " "
                                + request.headers().one("x-a").orElse("") + " "
                                + new String(request.body().readAll(100), UTF_8))
                        .getBytes(UTF_8));
        var transport = best ? Transport.best() : NIO;
        var path = folder.resolve("s.sock");
        try (var tcp = Server.start(ServerOptions.loopback(0), echo, transport);
                var unix = Server.start(ServerOptions.unix(path), echo, transport);
                var client = new Upstream(UpstreamOptions.DEFAULT, ANY, transport, InetAddress::getAllByName)) {
            var url = "http://localhost:" + tcp.port() + "/a%20b?c=d";
            var answer = client.send(OutRequest.to("POST", url).with("X-A", "1").with("hi".getBytes(UTF_8)));
            assertEquals(201, answer.status());
            assertEquals("a/b", answer.headers().one("Content-Type").orElseThrow());
            assertEquals(
                    OptionalLong.of(answer.headers()
                            .one("content-length")
                            .map(Long::parseLong)
                            .orElseThrow()),
                    answer.body().length());
            assertEquals(
                    "POST /a%20b?c=d localhost:" + tcp.port() + " 1 hi",
                    new String(answer.body().readAll(1_000), UTF_8));
            var local = client.send(OutRequest.to("GET", path, "/x"));
            assertEquals("GET /x localhost  ", new String(local.body().readAll(1_000), UTF_8));
        }
    }

    @Test
    void connectionsAreUsedAgainWithinTheirPoolOnly() throws Exception {
        try (var server = new RawServer(connection -> {
            for (; ; ) {
                connection.request();
                connection.send(OK);
            }
        })) {
            for (int i = 0; i < 5; i++) read(OutRequest.to("GET", server.url()));
            assertEquals(1, server.connections.get());
            read(OutRequest.to("GET", server.url()).inPool("session-b"));
            assertEquals(2, server.connections.get());
            read(OutRequest.to("GET", server.url()).inPool("session-b"));
            assertEquals(2, server.connections.get());
            assertEquals(2, upstream.connections());
        }
    }

    @Test
    void aConnectionFoundClosedBeforeTheFirstByteIsReplaced() throws Exception {
        try (var server = new RawServer(connection -> {
            connection.request();
            connection.send(OK);
        })) {
            read(OutRequest.to("POST", server.url()));
            ServerLimitsTest.until(() -> upstream.connections() == 0);
            read(OutRequest.to("POST", server.url()));
            assertEquals(List.of(2, 2), List.of(server.connections.get(), server.requests.size()));
        }
    }

    @Test
    void aRequestThatMayHaveArrivedIsNeverRepeated() throws Exception {
        try (var server = new RawServer(connection -> {
            connection.request();
        })) {
            var fault = fault(() -> read(OutRequest.to("GET", server.url())));
            assertEquals(Kind.BROKEN, fault.kind());
            assertTrue(fault.mayHaveArrived());
            assertEquals(1, server.connections.get());
        }
        // The same on a connection that served a request before.
        try (var server = new RawServer(connection -> {
            connectionServedOne(connection);
            connection.request();
        })) {
            read(OutRequest.to("GET", server.url()));
            var fault = fault(() -> read(OutRequest.to("GET", server.url())));
            assertEquals(Kind.BROKEN, fault.kind());
            assertTrue(fault.mayHaveArrived());
            assertEquals(List.of(1, 2), List.of(server.connections.get(), server.requests.size()));
        }
        var fault = fault(() -> read(OutRequest.to("GET", "http://127.0.0.1:" + closedPort() + "/")));
        assertEquals(Kind.UNREACHABLE, fault.kind());
        assertFalse(fault.mayHaveArrived());
    }

    private static boolean connectionServedOne(RawServer.Connection connection) throws IOException {
        connection.request();
        connection.send(OK);
        return true;
    }

    @Test
    void theGuardSeesTheAddressThatIsDialedEachTime() throws Exception {
        var seen = new CopyOnWriteArrayList<String>();
        var closed = new CompletableFuture<Boolean>();
        AddressGuard guard = address -> {
            seen.add(address.getAddress().getHostAddress() + ":" + address.getPort());
            if (closed.isDone()) throw new AddressGuard.Refused("loopback is refused");
        };
        try (var client = new Upstream(UpstreamOptions.DEFAULT, guard);
                var server = new RawServer(connection -> {
                    for (; ; ) connectionServedOne(connection);
                })) {
            var request = OutRequest.to("GET", "http://localhost:" + server.port() + "/");
            client.send(request).body().readAll(10);
            assertEquals("127.0.0.1:" + server.port(), seen.getLast());
            int dialed = seen.size();
            closed.complete(true);
            var fault = fault(() -> client.send(request));
            assertEquals(Kind.REFUSED, fault.kind());
            assertFalse(fault.mayHaveArrived());
            assertEquals("loopback is refused", fault.getMessage());
            assertEquals(dialed + 1, seen.size(), "an open connection is checked again");
            assertEquals(
                    Kind.REFUSED,
                    fault(() -> client.send(request.inPool("new"))).kind());
            assertEquals(1, server.connections.get());
        }
    }

    @Test
    void aNameThatChangesItsMeaningGainsNothing() throws Exception {
        var lookups = new AtomicLong();
        Resolver.Lookup rebinding = host ->
                new InetAddress[] {InetAddress.ofLiteral(lookups.incrementAndGet() % 2 == 1 ? "127.0.0.1" : "127.0.0.2")
                };
        AddressGuard guard = address -> {
            if (address.getAddress().getHostAddress().equals("127.0.0.2")) throw new AddressGuard.Refused("not there");
        };
        try (var client = new Upstream(UpstreamOptions.DEFAULT, guard, Transport.best(), rebinding);
                var server = new RawServer(UpstreamTest::servesForEver)) {
            var request = OutRequest.to("GET", "http://rebind.example:" + server.port() + "/");
            client.send(request).body().readAll(10);
            assertEquals(1, lookups.get(), "one dial, one lookup");
            client.send(request).body().readAll(10);
            assertEquals(1, lookups.get());
            assertEquals(
                    Kind.REFUSED,
                    fault(() -> client.send(request.inPool("new"))).kind());
            assertEquals(1, server.connections.get());
        }
    }

    @Test
    void aSlowLookupIsLimitedAndHoldsNobodyElse() throws Exception {
        var looking = new CountDownLatch(8);
        Resolver.Lookup names = host -> {
            looking.countDown();
            if (host.equals("quick.example")) return new InetAddress[] {InetAddress.getLoopbackAddress()};
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            throw new java.net.UnknownHostException(host);
        };
        try (var client = new Upstream(UpstreamOptions.DEFAULT, ANY, Transport.best(), names);
                var server = new RawServer(UpstreamTest::servesForEver)) {
            var slow = OutRequest.to("GET", "http://slow.example/");
            var calls = Stream.generate(() -> client.exchange(slow)).limit(8).toList();
            var faults = calls.stream()
                    .map(call -> {
                        var fault = new CompletableFuture<UpstreamFault>();
                        Thread.startVirtualThread(() -> fault.complete(fault(call::send)));
                        return fault;
                    })
                    .toList();
            assertTrue(looking.await(5, TimeUnit.SECONDS));
            client.send(OutRequest.to("GET", "http://quick.example:" + server.port() + "/"))
                    .body()
                    .readAll(10);
            calls.forEach(Exchange::cancel);
            for (var fault : faults)
                assertEquals(Kind.CANCELLED, fault.get(5, TimeUnit.SECONDS).kind());
            var shortly = new Timeouts(Duration.ofMillis(100), Timeouts.HEAD, Timeouts.STALL, Timeouts.TOTAL);
            assertEquals(
                    Kind.TIMEOUT, fault(() -> client.send(slow.with(shortly))).kind());
        }
    }

    static Stream<Arguments> badAnswerAndTwin() {
        var head = "HTTP/1.1 200 OK\r\n";
        return Stream.of(
                Arguments.of(
                        head + "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                        head + "transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
                Arguments.of(head + "content-length: 2\r\ncontent-length: 3\r\n\r\nok!", OK),
                Arguments.of(head + "content-length: 2, 2\r\n\r\nok", OK),
                Arguments.of(head + "content-length: -2\r\n\r\nok", OK),
                Arguments.of(
                        head + "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                        head + "transfer-encoding: CHUNKED\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
                Arguments.of(
                        "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                        "HTTP/1.0 200 OK\r\n\r\nok"),
                Arguments.of("HTTP/1.1 200 OK\ncontent-length: 2\n\nok", OK),
                Arguments.of(
                        head + "a: b\r\n c\r\ncontent-length: 2\r\n\r\nok",
                        head + "a: b c\r\ncontent-length: 2\r\n\r\nok"),
                Arguments.of(head + "content-length : 2\r\n\r\nok", head + "content-length:2\r\n\r\nok"),
                Arguments.of(head + "a: \0\r\ncontent-length: 2\r\n\r\nok", head + "a:\r\ncontent-length: 2\r\n\r\nok"),
                Arguments.of(
                        "HTTP/2 200\r\ncontent-length: 2\r\n\r\nok", "HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok"),
                Arguments.of(
                        "HTTP/1.1 20 OK\r\ncontent-length: 2\r\n\r\nok",
                        "HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nok"),
                Arguments.of(
                        "HTTP/1.1 099 OK\r\ncontent-length: 2\r\n\r\nok",
                        "HTTP/1.1 299 Fine\r\ncontent-length: 2\r\n\r\nok"),
                Arguments.of("SSH-2.0-OpenSSH_9.2\r\n", OK),
                Arguments.of(
                        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
                        "HTTP/1.1 103 Early Hints\r\n\r\n" + OK),
                Arguments.of(
                        "HTTP/1.1 100 Continue\r\n\r\n".repeat(9) + OK, "HTTP/1.1 100 Continue\r\n\r\n".repeat(8) + OK),
                Arguments.of(
                        head + "transfer-encoding: chunked\r\n\r\n2x\r\nok\r\n0\r\n\r\n",
                        head + "transfer-encoding: chunked\r\n\r\n2;x\r\nok\r\n0\r\n\r\n"),
                Arguments.of(
                        head + "transfer-encoding: chunked\r\n\r\n2\r\nokXX0\r\n\r\n",
                        head + "transfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"),
                Arguments.of(
                        head + "a: " + "x".repeat(70_000) + "\r\ncontent-length: 2\r\n\r\nok",
                        head + "a: " + "x".repeat(60_000) + "\r\ncontent-length: 2\r\n\r\nok"),
                Arguments.of(
                        head + "a: b\r\n".repeat(200) + "content-length: 2\r\n\r\nok",
                        head + "a: b\r\n".repeat(199) + "content-length: 2\r\n\r\nok"));
    }

    @ParameterizedTest
    @MethodSource("badAnswerAndTwin")
    void refusesAmbiguousAnswersAndTakesTheTwin(String refused, String twin) throws Exception {
        try (var server = new RawServer(connection -> {
            connection.request();
            connection.send(refused);
            connection.awaitEnd();
        })) {
            assertEquals(
                    Kind.PROTOCOL,
                    fault(() -> read(OutRequest.to("GET", server.url()))).kind());
            ServerLimitsTest.until(() -> upstream.connections() == 0);
        }
        try (var server = new RawServer(connection -> {
            connection.request();
            connection.send(twin);
        })) {
            assertEquals("ok", read(OutRequest.to("GET", server.url())));
        }
    }

    @Test
    void anAnswerNobodyAskedForNeverReachesTheNextRequest() throws Exception {
        for (var extra : List.of(OK.replace("ok", "no"), "HTTP/1.1 2", "x")) {
            try (var client = new Upstream(UpstreamOptions.DEFAULT, ANY);
                    var server = new RawServer(connection -> {
                        connection.request();
                        connection.send(OK + extra);
                        connection.awaitEnd();
                    })) {
                for (int i = 0; i < 3; i++)
                    assertEquals(
                            "ok",
                            new String(
                                    client.send(OutRequest.to("GET", server.url()))
                                            .body()
                                            .readAll(10),
                                    UTF_8));
                assertEquals(3, server.connections.get());
            }
        }
        // Also when it comes while the connection is free.
        var late = new CountDownLatch(1);
        try (var client = new Upstream(UpstreamOptions.DEFAULT.withIdle(Duration.ofMinutes(1)), ANY);
                var server = new RawServer(connection -> {
                    connection.request();
                    connection.send(OK);
                    late.await();
                    connection.send(OK.replace("ok", "no"));
                    connection.awaitEnd();
                })) {
            assertEquals(
                    "ok",
                    new String(
                            client.send(OutRequest.to("GET", server.url()))
                                    .body()
                                    .readAll(10),
                            UTF_8));
            late.countDown();
            ServerLimitsTest.until(() -> client.connections() == 0);
            assertEquals(
                    "ok",
                    new String(
                            client.send(OutRequest.to("GET", server.url()))
                                    .body()
                                    .readAll(10),
                            UTF_8));
            assertEquals(2, server.connections.get());
        }
    }

    @Test
    void knowsWhichAnswersHaveNoBody() throws Exception {
        var answers = List.of(
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n",
                OK);
        try (var server = new RawServer(connection -> {
            for (var answer : answers) {
                connection.request();
                connection.send(answer);
            }
        })) {
            assertEquals("", read(OutRequest.to("HEAD", server.url())));
            assertEquals("", read(OutRequest.to("GET", server.url())));
            assertEquals("", read(OutRequest.to("GET", server.url())));
            assertEquals("ok", read(OutRequest.to("GET", server.url())));
            assertEquals(1, server.connections.get());
        }
    }

    @Test
    void anAnswerCutShortIsAFault() throws Exception {
        for (var cut : List.of(
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"))
            try (var server = new RawServer(connection -> {
                connection.request();
                connection.send(cut);
            })) {
                var fault = fault(() -> read(OutRequest.to("GET", server.url())));
                assertEquals(Kind.BROKEN, fault.kind());
                assertTrue(fault.mayHaveArrived());
            }
    }

    @Test
    void keepsItsTimes() throws Exception {
        var shortly = Duration.ofMillis(150);
        var longer = Duration.ofSeconds(30);
        var silent = new CountDownLatch(1);
        try (var server = new RawServer(connection -> {
            var head = connection.request();
            if (head.startsWith("GET /slow-body")) connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no");
            if (head.startsWith("GET /ok")) connection.send(OK);
            silent.await();
        })) {
            var slow = OutRequest.to("GET", server.url() + "slow");
            var slowBody = OutRequest.to("GET", server.url() + "slow-body");
            for (var limited : List.of(
                    slow.with(new Timeouts(longer, shortly, longer, longer)),
                    slow.with(new Timeouts(longer, longer, longer, shortly)),
                    slowBody.with(new Timeouts(longer, longer, shortly, longer)),
                    slowBody.with(new Timeouts(longer, longer, longer, shortly)))) {
                var fault = fault(() -> read(limited));
                assertEquals(Kind.TIMEOUT, fault.kind());
                assertTrue(fault.mayHaveArrived());
            }
            var tls = OutRequest.to("GET", "https://127.0.0.1:" + server.port() + "/");
            var fault = fault(() -> read(tls.with(new Timeouts(shortly, longer, longer, longer))));
            assertFalse(fault.mayHaveArrived());
            assertTrue(fault.kind() == Kind.TIMEOUT || fault.kind() == Kind.TLS, fault::toString);
            assertEquals(
                    "ok",
                    read(OutRequest.to("GET", server.url() + "ok").with(new Timeouts(longer, longer, longer, longer))));
            ServerLimitsTest.until(() -> upstream.connections() == 1);
            silent.countDown();
        }
    }

    @Test
    void keepsItsSizes() throws Exception {
        var chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        for (var answers : List.of(
                List.of(
                        "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n" + "x".repeat(11),
                        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n" + "x".repeat(10)),
                List.of(
                        chunked + "b\r\n" + "x".repeat(11) + "\r\n0\r\n\r\n",
                        chunked + "a\r\n" + "x".repeat(10) + "\r\n0\r\n\r\n"),
                List.of("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(11), "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(10))))
            for (var answer : answers)
                try (var client = new Upstream(UpstreamOptions.DEFAULT.withBodyBytes(10), ANY);
                        var server = new RawServer(connection -> {
                            connection.request();
                            connection.send(answer);
                        })) {
                    var request = OutRequest.to("GET", server.url());
                    if (answer.equals(answers.getFirst()))
                        assertEquals(
                                Kind.TOO_LARGE,
                                fault(() -> client.send(request).body().readAll(1_000))
                                        .kind());
                    else assertEquals(10, client.send(request).body().readAll(1_000).length);
                }
        try (var server = new RawServer(UpstreamTest::servesForEver)) {
            assertEquals(
                    Kind.TOO_LARGE,
                    fault(() -> upstream.send(OutRequest.to("GET", server.url()))
                                    .body()
                                    .readAll(1))
                            .kind());
            assertEquals(
                    2, upstream.send(OutRequest.to("GET", server.url())).body().readAll(2).length);
        }
    }

    @Test
    void waitsForAFreeConnectionButNotForEver() throws Exception {
        var go = new CountDownLatch(1);
        var timeouts = new Timeouts(Duration.ofMillis(150), Timeouts.HEAD, Timeouts.STALL, Timeouts.TOTAL);
        try (var client = new Upstream(
                        UpstreamOptions.DEFAULT.withConnections(1, 10).withTimeouts(timeouts), ANY);
                var server = new RawServer(connection -> {
                    connection.request();
                    go.await();
                    connection.send(OK);
                    connectionServedOne(connection);
                })) {
            var first = Thread.startVirtualThread(() -> {
                try {
                    client.send(OutRequest.to("GET", server.url())).body().readAll(10);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            ServerLimitsTest.until(() -> server.requests.size() == 1);
            var fault = fault(() -> client.send(OutRequest.to("GET", server.url())));
            assertEquals(Kind.BUSY, fault.kind());
            assertFalse(fault.mayHaveArrived());
            go.countDown();
            first.join();
            client.send(OutRequest.to("GET", server.url())).body().readAll(10);
            assertEquals(1, server.connections.get());
        }
    }

    @Test
    void aFreeConnectionOfOneDestinationMakesRoomForAnother() throws Exception {
        try (var client = new Upstream(UpstreamOptions.DEFAULT.withConnections(1, 1), ANY);
                var one = new RawServer(UpstreamTest::servesForEver);
                var two = new RawServer(UpstreamTest::servesForEver)) {
            for (var server : List.of(one, two, one))
                client.send(OutRequest.to("GET", server.url())).body().readAll(10);
            assertEquals(List.of(2, 1, 1), List.of(one.connections.get(), two.connections.get(), client.connections()));
        }
    }

    private static void servesForEver(RawServer.Connection connection) throws IOException {
        for (; ; ) connectionServedOne(connection);
    }

    @Test
    void aFreeConnectionIsLetGoInTime() throws Exception {
        try (var client = new Upstream(UpstreamOptions.DEFAULT.withIdle(Duration.ofMillis(100)), ANY);
                var server = new RawServer(UpstreamTest::servesForEver)) {
            client.send(OutRequest.to("GET", server.url())).body().readAll(10);
            assertEquals(1, client.connections());
            ServerLimitsTest.until(() -> client.connections() == 0);
        }
        try (var server = new RawServer(connection -> {
            connection.request();
            connection.send("HTTP/1.1 200 OK\r\nkeep-alive: timeout=1, max=100\r\ncontent-length: 2\r\n\r\nok");
            connection.awaitEnd();
        })) {
            long start = System.nanoTime();
            read(OutRequest.to("GET", server.url()));
            ServerLimitsTest.until(() -> upstream.connections() == 0);
            assertTrue(System.nanoTime() - start < UpstreamOptions.IDLE.toNanos() / 2);
        }
    }

    @Test
    void cancellingEndsAnExchangeWhereverItIs() throws Exception {
        var ended = new CountDownLatch(2);
        try (var server = new RawServer(connection -> {
            if (connection.request().startsWith("GET /body"))
                connection.send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel");
            try {
                connection.awaitEnd();
            } finally {
                ended.countDown();
            }
        })) {
            var waiting = upstream.exchange(OutRequest.to("GET", server.url()));
            var result = new CompletableFuture<UpstreamFault>();
            Thread.startVirtualThread(() -> result.complete(fault(waiting::send)));
            ServerLimitsTest.until(() -> server.requests.size() == 1);
            waiting.cancel();
            assertEquals(Kind.CANCELLED, result.get(5, TimeUnit.SECONDS).kind());

            var reading = upstream.send(OutRequest.to("GET", server.url() + "body"));
            assertArrayEquals("hel".getBytes(UTF_8), reading.body().stream().readNBytes(3));
            Thread.startVirtualThread(reading::cancel);
            assertEquals(
                    Kind.CANCELLED, fault(() -> reading.body().readAll(100)).kind());
            assertTrue(ended.await(5, TimeUnit.SECONDS));
            ServerLimitsTest.until(() -> upstream.connections() == 0);
        }
        var early = upstream.exchange(OutRequest.to("GET", "http://127.0.0.1:1/"));
        early.cancel();
        var fault = fault(early::send);
        assertEquals(Kind.CANCELLED, fault.kind());
        assertFalse(fault.mayHaveArrived());
    }

    @Test
    void aClientThatGoesEndsTheCallMadeForIt() throws Exception {
        var reached = new CountDownLatch(1);
        var ended = new CompletableFuture<Long>();
        try (var server = new RawServer(connection -> {
                    connection.request();
                    reached.countDown();
                    try {
                        connection.awaitEnd();
                    } finally {
                        ended.complete(System.nanoTime());
                    }
                });
                var gate = Server.start(ServerOptions.loopback(0), request -> {
                    var exchange = upstream.exchange(OutRequest.to("GET", server.url()));
                    request.onGone(exchange::cancel);
                    return Response.of(exchange.send().status());
                })) {
            var client = new Raw(gate.port()).send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertTrue(reached.await(5, TimeUnit.SECONDS));
            long start = System.nanoTime();
            client.close();
            long millis = (ended.get(5, TimeUnit.SECONDS) - start) / 1_000_000;
            assertTrue(millis < 500, "it took " + millis + " ms");
        }
    }

    @Test
    void bodiesFlowBothWaysAtOnceAndOnlyAsFastAsTheyAreTaken() throws Exception {
        var sent = new AtomicLong();
        int size = 20_000_000;
        Handler echo = request -> Response.stream(
                200, Headers.EMPTY, out -> request.body().stream().transferTo(out));
        var limits = ServerLimits.DEFAULT.withBodyBytes(1L << 30);
        try (var server = Server.start(ServerOptions.loopback(0).withLimits(limits), echo)) {
            var content = new Content.Stream(OptionalLong.of(size), Optional.empty(), out -> {
                for (var piece = new byte[8_000]; sent.get() < size; sent.addAndGet(piece.length)) out.write(piece);
            });
            var answer = upstream.send(OutRequest.to("POST", "http://127.0.0.1:" + server.port() + "/")
                    .with(content));
            long before = -1;
            for (long now; (now = sent.get()) != before; before = now)
                new CompletableFuture<Void>()
                        .completeOnTimeout(null, 200, TimeUnit.MILLISECONDS)
                        .join();
            assertTrue(before < size, "all was sent although nobody read: " + before);
            long read = 0;
            for (byte[] next; (next = answer.body().next()) != null; ) read += next.length;
            assertEquals(size, read);
        }
    }

    @Test
    void largeBodiesThatAreThereArriveWhole() throws Exception {
        var body = new byte[5_000_000];
        new java.util.Random(1).nextBytes(body);
        try (var server = Server.start(
                ServerOptions.loopback(0),
                request -> Response.of(200, "a/b", request.body().readAll(body.length)))) {
            for (int i = 0; i < 3; i++) {
                var answer = upstream.send(OutRequest.to("POST", "http://127.0.0.1:" + server.port() + "/")
                        .with(body));
                assertArrayEquals(body, answer.body().readAll(body.length));
            }
            assertEquals(1, server.connections());
        }
    }

    @Test
    void anAnswerBeforeTheEndOfTheRequestIsTakenAndTheConnectionIsNotUsedAgain() throws Exception {
        var stopped = new CompletableFuture<Throwable>();
        try (var server = Server.start(ServerOptions.loopback(0), request -> Response.text(413, "too much"))) {
            var content = new Content.Stream(out -> {
                try {
                    for (; ; ) out.write(new byte[8_000]);
                } catch (IOException e) {
                    stopped.complete(e);
                    throw e;
                }
            });
            var answer = upstream.send(OutRequest.to("POST", "http://127.0.0.1:" + server.port() + "/")
                    .with(content));
            assertEquals(413, answer.status());
            assertEquals("too much", new String(answer.body().readAll(100), UTF_8));
            assertTrue(stopped.get(5, TimeUnit.SECONDS) instanceof UpstreamFault);
            ServerLimitsTest.until(() -> upstream.connections() == 0);
        }
    }

    @Test
    void aWriterThatFailsBreaksTheRequestSoThatNoPartCountsAsWhole() throws Exception {
        var seen = new CompletableFuture<Throwable>();
        Handler handler = request -> {
            try {
                request.body().readAll(100);
                seen.complete(new AssertionError("a whole body"));
            } catch (IOException e) {
                seen.complete(e);
            }
            return Response.of(200);
        };
        try (var server = Server.start(ServerOptions.loopback(0), handler)) {
            var content = new Content.Stream(out -> {
                out.write(1);
                out.flush();
                throw new IllegalStateException("no more");
            });
            var fault = fault(() -> upstream.send(OutRequest.to("POST", "http://127.0.0.1:" + server.port() + "/")
                    .with(content)));
            assertEquals(Kind.WRITER, fault.kind());
            assertTrue(seen.get(5, TimeUnit.SECONDS) instanceof ClientGone);
        }
    }

    @Test
    void noPartOfARequestCanBreakOut() {
        var good = OutRequest.to("GET", "http://example.com/a?b=c");
        for (var end : List.of("\r\n", "\n", " ", "\0", "\u00e9")) {
            assertThrows(IllegalArgumentException.class, () -> OutRequest.to("GET" + end, "http://example.com/"));
            assertThrows(
                    IllegalArgumentException.class, () -> OutRequest.to("GET", "http://example.com/a" + end + "b"));
            assertThrows(IllegalArgumentException.class, () -> OutRequest.to("GET", "http://exam" + end + "ple.com/"));
            assertThrows(IllegalArgumentException.class, () -> OutRequest.to("GET", good.destination(), "/a" + end));
            if (!end.equals(" ") && !end.equals("\u00e9"))
                assertThrows(IllegalArgumentException.class, () -> good.with("a", "b" + end + "c: d"));
        }
        for (var url : List.of(
                "http://user@example.com/",
                "http://example.com:0/",
                "http://example.com:99999/",
                "ftp://example.com/",
                "/a",
                "http://example.com",
                "http://example.com/../a"))
            assertThrows(IllegalArgumentException.class, () -> OutRequest.to("GET", url), url);
        for (var name : List.of("Host", "Content-Length", "transfer-encoding", "Connection", "Expect"))
            assertThrows(IllegalArgumentException.class, () -> good.with(name, "5"));
        assertEquals(new Destination.Web(false, "example.com", 80), good.destination());
        assertEquals(
                new Destination.Web(true, "[::1]", 8443),
                OutRequest.to("GET", "https://[::1]:8443/").destination());
        assertNotEquals(
                good.destination(), OutRequest.to("GET", "https://example.com/").destination());
    }

    private String read(OutRequest request) throws IOException {
        return new String(upstream.send(request).body().readAll(1_000_000), UTF_8);
    }

    private static UpstreamFault fault(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(UpstreamFault.class, call);
    }

    private static int closedPort() throws IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
