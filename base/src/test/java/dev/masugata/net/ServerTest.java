package dev.masugata.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.Sse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final Transport NIO = new Transport(false);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersOneRequestAfterTheOtherOnOneConnection(boolean best) throws Exception {
        Handler handler = request -> Response.text(
                200,
                request.method() + " " + request.path() + " " + request.query().orElse("-") + " " + request.host() + " "
                        + new String(request.body().readAll(100), UTF_8));
        var transport = best ? Transport.best() : NIO;
        try (var server = Server.start(ServerOptions.loopback(0), handler, transport);
                var client = new Raw(server.port())) {
            client.send("GET /a?b=c HTTP/1.1\r\nHost: LocalHost\r\n\r\n");
            assertTrue(client.answer().endsWith("\r\n\r\nGET /a b=c localhost "));
            client.send("POST /%61 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi");
            assertTrue(client.answer().endsWith("\r\n\r\nPOST /%61 - localhost hi"));
            assertEquals(1, server.connections());
        }
    }

    @Test
    void requestsThatComeEarlyAreServedInOrderOneAtATime() throws Exception {
        var at = new AtomicInteger();
        var most = new AtomicInteger();
        Handler handler = request -> {
            most.accumulateAndGet(at.incrementAndGet(), Math::max);
            request.body().readAll(100);
            Thread.yield();
            at.decrementAndGet();
            return Response.text(200, request.path());
        };
        try (var server = Server.start(ServerOptions.loopback(0), handler);
                var client = new Raw(server.port())) {
            var all = new StringBuilder();
            for (int i = 0; i < 200; i++)
                all.append("POST /")
                        .append(i)
                        .append(" HTTP/1.1\r\n"
                                + "Host: localhost\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "2\r\n"
                                + "hi\r\n"
                                + "0\r\n\r\n");
            client.send(all.toString());
            for (int i = 0; i < 200; i++) assertTrue(client.answer().endsWith("\r\n\r\n/" + i));
            assertEquals(1, most.get());
        }
    }

    @Test
    void framesEachKindOfAnswer() throws Exception {
        Handler handler = request -> switch (request.path()) {
            case "/bytes" -> Response.of(200, "a/b", "hello".getBytes(UTF_8));
            case "/stream" ->
                Response.stream(200, Headers.EMPTY, out -> {
                    out.write("hel".getBytes(UTF_8));
                    out.flush();
                    out.write("lo".getBytes(UTF_8));
                });
            case "/sized" ->
                new Response(
                        200,
                        Headers.EMPTY,
                        new Content.Stream(
                                OptionalLong.of(5), Optional.empty(), out -> out.write("hello".getBytes(UTF_8))));
            case "/short" ->
                new Response(
                        200,
                        Headers.EMPTY,
                        new Content.Stream(
                                OptionalLong.of(5), Optional.empty(), out -> out.write("hell".getBytes(UTF_8))));
            case "/breaks" ->
                Response.stream(200, Headers.EMPTY, out -> {
                    out.write("hell".getBytes(UTF_8));
                    out.flush();
                    throw new IllegalStateException("secret inside");
                });
            case "/nothing" -> Response.of(204);
            default -> throw new IllegalStateException("secret inside");
        };
        try (var server = Server.start(ServerOptions.loopback(0), handler);
                var client = new Raw(server.port())) {
            assertEquals(
                    "HTTP/1.1 200 OK\r\ncontent-type: a/b\r\ncontent-length: 5\r\n\r\nhello",
                    get(client, "GET", "/bytes").answer());
            assertEquals(
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
                    get(client, "GET", "/stream").until("\r\n0\r\n\r\n"));
            assertEquals(
                    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
                    get(client, "GET", "/sized").answer());
            assertEquals(
                    "HTTP/1.1 204 No Content\r\n\r\n",
                    get(client, "GET", "/nothing").until("\r\n\r\n"));
            assertEquals(
                    "HTTP/1.1 200 OK\r\ncontent-type: a/b\r\ncontent-length: 5\r\n\r\n",
                    get(client, "HEAD", "/bytes").until("\r\n\r\n"));
            assertEquals(
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                    get(client, "HEAD", "/stream").until("\r\n\r\n"));
            var failed = get(client, "GET", "/fails").answer();
            assertTrue(failed.startsWith("HTTP/1.1 500 ") && failed.endsWith("\r\n\r\ninternal error\n"), failed);
            assertFalse(failed.contains("secret"));
            assertEquals(1, server.connections());
            client.send("GET /stream HTTP/1.0\r\nHost: localhost\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello", client.all());
        }
        for (var path : new String[] {"/breaks", "/short"})
            try (var server = Server.start(ServerOptions.loopback(0), handler);
                    var client = new Raw(server.port())) {
                get(client, "GET", path);
                var end = assertThrows(java.io.IOException.class, () -> client.until("0\r\n\r\n"));
                assertFalse(String.valueOf(end.getMessage()).contains("secret"));
            }
    }

    @Test
    void anAnswerCannotBeSplitInTwo() {
        for (var end : new String[] {"\r\n", "\n", "\r", "\0"}) {
            assertThrows(IllegalArgumentException.class, () -> Response.of(200).with("a", "b" + end + "c: d"));
            assertThrows(IllegalArgumentException.class, () -> Response.of(200).with("a" + end, "b"));
        }
        assertThrows(IllegalArgumentException.class, () -> Response.of(200).with("Content-Length", "5"));
        assertThrows(IllegalArgumentException.class, () -> Response.of(200).with("transfer-encoding", "chunked"));
        assertThrows(IllegalArgumentException.class, () -> Response.of(101));
        Response.of(200).with("a", "b c: d");
    }

    @Test
    void aConnectionClosesWhenTheClientWantsItOrTheBodyWasNotRead() throws Exception {
        Handler handler = request -> Response.text(200, "ok");
        try (var server = Server.start(ServerOptions.loopback(0), handler)) {
            try (var client = new Raw(server.port())) {
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n");
                assertTrue(client.all().contains("\r\nconnection: close\r\n"));
            }
            try (var client = new Raw(server.port())) {
                client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\npart");
                assertTrue(client.all().contains("\r\nconnection: close\r\n"));
            }
            try (var client = new Raw(server.port())) {
                client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\npart");
                assertFalse(client.answer().contains("\r\nconnection: close\r\n"));
                assertTrue(client.send(GET).answer().endsWith("ok"));
            }
        }
    }

    @Test
    void aClientThatExpectsItIsToldToGoOnOnceTheBodyIsWanted() throws Exception {
        Handler handler = request -> switch (request.path()) {
            case "/no" -> Response.text(403, "no");
            case "/echo" ->
                Response.stream(
                        200, Headers.EMPTY, out -> request.body().stream().transferTo(out));
            default -> Response.of(200, "a/b", request.body().readAll(100));
        };
        try (var server = Server.start(ServerOptions.loopback(0), handler)) {
            try (var client = new Raw(server.port())) {
                client.send("POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
                assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.until("\r\n\r\n"));
                assertTrue(client.send("hello").answer().endsWith("\r\n\r\nhello"));
            }
            try (var client = new Raw(server.port())) {
                client.send(
                        "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
                assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.until("\r\n\r\n"));
                var answer = client.send("hello").all();
                assertTrue(
                        answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                        answer);
            }
            try (var client = new Raw(server.port())) {
                client.send(
                        "POST /no HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
                var answer = client.all();
                assertTrue(answer.startsWith("HTTP/1.1 403 ") && answer.contains("connection: close"), answer);
            }
        }
    }

    @Test
    void eventsLeaveAtOnceAndAQuietStreamShowsThatItLives() throws Exception {
        var events = new ArrayBlockingQueue<Sse.Frame>(1);
        Handler handler = request -> Response.events(Duration.ofMillis(50), out -> {
            for (; ; ) out.send(events.take());
        });
        try (var server = Server.start(ServerOptions.loopback(0), handler);
                var client = new Raw(server.port())) {
            var head = client.send(GET).until("\r\n\r\n");
            assertTrue(head.contains("content-type: text/event-stream\r\n"), head);
            assertEquals("3\r\n:\n\n\r\n", client.until("\r\n").concat(client.until("\n\r\n")));
            events.put(new Sse.Event("a\nb"));
            assertTrue(client.until("data: a\ndata: b\n\n\r\n").endsWith("data: b\n\n\r\n"));
            client.until(":\n\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandlerLearnsThatItsClientHasGoneWhateverItWaitsFor(boolean best) throws Exception {
        var transport = best ? Transport.best() : NIO;
        var gone = new CountDownLatch(2);
        var blocked = new CountDownLatch(1);
        var failure = new CompletableFuture<Throwable>();
        Handler handler = request -> {
            request.onGone(gone::countDown);
            return switch (request.path()) {
                case "/elsewhere" -> {
                    blocked.countDown();
                    gone.await();
                    assertTrue(request.isGone());
                    request.onGone(gone::countDown);
                    yield Response.of(200);
                }
                case "/body" -> {
                    blocked.countDown();
                    try {
                        yield Response.of(200, "a/b", request.body().readAll(100));
                    } catch (ClientGone e) {
                        failure.complete(e);
                        throw e;
                    }
                }
                default ->
                    Response.stream(200, Headers.EMPTY, out -> {
                        try {
                            for (; ; ) out.write(new byte[8192]);
                        } catch (ClientGone e) {
                            failure.complete(e);
                            throw e;
                        }
                    });
            };
        };
        try (var server = Server.start(ServerOptions.loopback(0), handler, transport)) {
            try (var client = new Raw(server.port())) {
                get(client, "GET", "/elsewhere");
                blocked.await();
                assertEquals(2, gone.getCount());
                gone.countDown();
            }
            assertTrue(gone.await(5, TimeUnit.SECONDS), "the action did not run");
        }
        for (var kind : new String[] {"/body", "/stream"}) {
            var server = Server.start(ServerOptions.loopback(0), handler, transport);
            try (server;
                    var client = new Raw(server.port())) {
                client.send("POST " + kind + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhel");
                if (kind.equals("/stream")) client.until("\r\n\r\n");
                else blocked.await();
                client.close();
                assertTrue(failure.get(5, TimeUnit.SECONDS) instanceof ClientGone);
            }
        }
    }

    @Test
    void cuttingEndsOneGroupOfConnectionsAtOnceAndLeavesTheOthers() throws Exception {
        var ended = new CountDownLatch(2);
        Handler handler = request -> {
            request.onGone(ended::countDown);
            return Response.events(out -> {
                out.send(new Sse.Event("up"));
                new CountDownLatch(1).await();
            });
        };
        try (var server = Server.start(ServerOptions.loopback(0), handler);
                var one = new Raw(server.port());
                var two = new Raw(server.port());
                var other = new Raw(server.port())) {
            for (var client : new Raw[] {one, two})
                get(client, "GET", "/session/a").until("data: up\n\n\r\n");
            get(other, "GET", "/session/b").until("data: up\n\n\r\n");
            long start = System.nanoTime();
            server.cut(request -> request.path().equals("/session/a"));
            assertTrue(ended.await(5, TimeUnit.SECONDS));
            assertTrue(one.isClosed() && two.isClosed());
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < 1_000, "cut took " + millis + " ms");
            assertEquals(1, server.connections());
            other.socket.setSoTimeout(50);
            assertFalse(other.isClosed());
        }
    }

    @Test
    void cuttingDropsWhatTheClientHasNotTakenYet() throws Exception {
        var writing = new CompletableFuture<Request>();
        Handler handler = request -> Response.stream(200, Headers.EMPTY, out -> {
            out.write(new byte[1_000_000]);
            writing.complete(request);
            for (; ; ) out.write(new byte[8192]);
        });
        try (var server = Server.start(ServerOptions.loopback(0), handler);
                var client = new Raw(server.port())) {
            client.send(GET).until("\r\n\r\n");
            writing.get(5, TimeUnit.SECONDS).cut();
            assertThrows(java.io.IOException.class, client::all);
        }
    }

    @Test
    void drainingLetsThoseAtWorkFinishAndTakesNoOthers() throws Exception {
        var started = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Handler handler = request -> {
            if (request.path().equals("/slow")) {
                started.countDown();
                go.await();
            }
            return Response.text(200, "done");
        };
        var server = Server.start(ServerOptions.loopback(0), handler);
        int port = server.port();
        try (server;
                var idle = new Raw(port);
                var busy = new Raw(port)) {
            assertTrue(idle.send(GET).answer().endsWith("done"));
            get(busy, "GET", "/slow");
            started.await();
            var drained = Thread.startVirtualThread(() -> server.drain(Duration.ofSeconds(10)));
            assertTrue(idle.isClosed());
            assertThrows(java.net.ConnectException.class, () -> new Raw(port).close());
            assertTrue(drained.isAlive());
            go.countDown();
            var last = busy.all();
            assertTrue(last.contains("connection: close\r\n") && last.endsWith("done"), last);
            assertTrue(drained.join(Duration.ofSeconds(5)));
            assertEquals(0, server.connections());
        }
    }

    @Test
    void drainingCutsWhoTakesTooLong() throws Exception {
        var started = new CountDownLatch(1);
        Handler handler = request -> {
            started.countDown();
            new CountDownLatch(1).await();
            return Response.of(200);
        };
        try (var server = Server.start(ServerOptions.loopback(0), handler);
                var client = new Raw(server.port())) {
            client.send(GET);
            started.await();
            server.drain(Duration.ofMillis(50));
            assertTrue(client.isClosed());
            assertEquals(0, server.connections());
        }
    }

    @Test
    void curlUnderstandsIt() throws Exception {
        Handler handler = request -> Response.stream(
                200,
                Headers.of("x-length", "" + request.body().length().orElse(-1)),
                out -> request.body().stream().transferTo(out));
        try (var server = Server.start(ServerOptions.loopback(0), handler)) {
            var process = new ProcessBuilder(
                            "curl", "-sS", "-i", "--data-binary", "@-", "http://127.0.0.1:" + server.port() + "/a")
                    .redirectErrorStream(true)
                    .start();
            try (var in = process.getOutputStream()) {
                in.write("x".repeat(3_000_000).getBytes(UTF_8));
            }
            var answer = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertTrue(
                    answer.contains("x-length: 3000000") && answer.endsWith("\r\n\r\n" + "x".repeat(3_000_000)),
                    answer.substring(0, 100));
        }
    }

    private static Raw get(Raw client, String method, String path) throws Exception {
        return client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
}
