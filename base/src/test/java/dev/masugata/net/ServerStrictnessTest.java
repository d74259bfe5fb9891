package dev.masugata.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What two readers of HTTP could understand differently never reaches a handler.
class ServerStrictnessTest {
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();
    private static final BlockingQueue<String> REFUSED = new LinkedBlockingQueue<>();
    private static Server server;
    private static Server proxy;

    @BeforeAll
    static void start() throws Exception {
        var echo = new Handler() {
            @Override
            public Response handle(Request request) throws Exception {
                SEEN.add(request.method() + " " + request.target());
                return Response.text(
                        200,
                        request.method() + " " + request.target() + " "
                                + new String(
                                        request.body().readAll(1_000), java.nio.charset.StandardCharsets.ISO_8859_1));
            }

            @Override
            public void refused(Peer peer, int status, String why) {
                REFUSED.add(status + " " + why);
            }
        };
        var limits =
                ServerLimits.DEFAULT.withHeaders(new HeadLimits(64, 512, 8)).withBodyBytes(20);
        var options = ServerOptions.loopback(0).withLimits(limits).withOrigins(Set.of("http://localhost:7173"));
        server = Server.start(options, echo);
        proxy = Server.start(options.withAbsolute().withHosts(Set.of(ServerOptions.ANY_HOST)), echo);
    }

    @AfterAll
    static void stop() {
        server.close();
        proxy.close();
    }

    /// Status, the request that is refused, and its twin that passes.
    static Stream<Arguments> refusedAndTwin() {
        var post = "POST / HTTP/1.1\r\nHost: localhost\r\n";
        var get = "GET / HTTP/1.1\r\nHost: localhost\r\n";
        return Stream.of(
                // where the body ends
                Arguments.of(
                        400,
                        post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(
                        400,
                        post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                        post + "Content-Length: 5\r\n\r\nhello"),
                Arguments.of(
                        400,
                        post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                        post + "content-length: 5\r\n\r\nhello"),
                Arguments.of(400, post + "Content-Length: 5, 5\r\n\r\nhello", post + "Content-Length:5\r\n\r\nhello"),
                Arguments.of(400, post + "Content-Length: +5\r\n\r\nhello", post + "Content-Length: 5 \r\n\r\nhello"),
                Arguments.of(400, post + "Content-Length: -1\r\n\r\n", post + "Content-Length: 0\r\n\r\n"),
                Arguments.of(400, post + "Content-Length: 05\r\n\r\nhello", post + "Content-Length:  5\r\n\r\nhello"),
                Arguments.of(400, post + "Content-Length: 0x5\r\n\r\nhello", post + "Content-Length: 5\r\n\r\nhello"),
                Arguments.of(400, post + "Content-Length: 5e0\r\n\r\nhello", post + "Content-Length: 5\r\n\r\nhello"),
                Arguments.of(400, post + "Content-Length: \r\n\r\n", post + "\r\n"),
                Arguments.of(
                        400, post + "Content-Length: 99999999999999999999\r\n\r\n", post + "Content-Length: 0\r\n\r\n"),
                Arguments.of(
                        400,
                        post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                        post + "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        400,
                        post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                        post + "Transfer-Encoding:chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(400, post + "Transfer-Encoding: identity\r\n\r\n", post + "\r\n"),
                Arguments.of(
                        400,
                        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        400,
                        post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
                        post + "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        400,
                        post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                        post + "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        400,
                        "POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "POST / HTTP/1.0\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"),
                // lines and fields
                Arguments.of(400, "GET / HTTP/1.1\nHost: localhost\n\n", get + "\r\n"),
                Arguments.of(400, "GET / HTTP/1.1\r\nHost: localhost\r\nA: b\n\r\n", get + "A: b\r\n\r\n"),
                Arguments.of(400, get + "\n", get + "\r\n"),
                Arguments.of(400, get + "A: b\rC: d\r\n\r\n", get + "A: b\r\nC: d\r\n\r\n"),
                Arguments.of(400, get + "A: b\r\n c\r\n\r\n", get + "A: b c\r\n\r\n"),
                Arguments.of(400, get + "A: b\r\n\tc\r\n\r\n", get + "A: b\tc\r\n\r\n"),
                Arguments.of(400, "GET / HTTP/1.1\r\n Host: localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(400, get + "A : b\r\n\r\n", get + "A: b\r\n\r\n"),
                Arguments.of(400, get + "A\t: b\r\n\r\n", get + "A:\tb\r\n\r\n"),
                Arguments.of(400, get + ": b\r\n\r\n", get + "b:\r\n\r\n"),
                Arguments.of(400, get + "A\r\n\r\n", get + "A:\r\n\r\n"),
                Arguments.of(400, get + "A(: b\r\n\r\n", get + "A!: b\r\n\r\n"),
                Arguments.of(400, get + "\u00c4: b\r\n\r\n", get + "A: \u00c4\r\n\r\n"),
                Arguments.of(400, get + "A: b\0c\r\n\r\n", get + "A: bc\r\n\r\n"),
                Arguments.of(400, get + "A: b\u0001c\r\n\r\n", get + "A: b c\r\n\r\n"),
                Arguments.of(400, get + "A: b\u007fc\r\n\r\n", get + "A: b~c\r\n\r\n"),
                Arguments.of(400, "\r\n" + get + "\r\n", get + "\r\n"),
                // the request line
                Arguments.of(400, "get / HTTP/1.1\r\nHost: localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(
                        400,
                        "G(T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "M-SEARCH / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        400,
                        "A".repeat(21) + " / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "A".repeat(20) + " / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(400, "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(400, "GET /\tHTTP/1.1\r\nHost: localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(
                        400,
                        "GET / a HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /%20a HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(400, "GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(400, "GET /\r\nHost: localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(400, "GET / http/1.1\r\nHost: localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(
                        505, "GET / HTTP/1.2\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"),
                Arguments.of(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(400, "\u0016\u0003\u0001\u0002\0\u0001\u0000", get + "\r\n"),
                // the target
                Arguments.of(
                        400,
                        "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        400, "GET x HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(400, "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(501, "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n", get + "\r\n"),
                Arguments.of(
                        400,
                        "GET /a/../b HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /a/..b HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        400,
                        "GET /a/%2E%2e HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /a/%2E%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        400,
                        "GET /./ HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /.a/ HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        400,
                        "GET /\\a HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /%5Ca HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        400,
                        "GET /a#b HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /a%23b HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        400,
                        "GET /%g0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /%a0 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        400,
                        "GET /?a=<b> HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /?a=b?c/d HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        400,
                        "GET /\u00e4 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /%C3%A4 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                // the host
                Arguments.of(400, "GET / HTTP/1.1\r\n\r\n", get + "\r\n"),
                Arguments.of(400, get + "Host: localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(400, get + "host: evil.example\r\n\r\n", get + "\r\n"),
                Arguments.of(400, "GET / HTTP/1.1\r\nHost: localhost, evil.example\r\n\r\n", get + "\r\n"),
                Arguments.of(400, "GET / HTTP/1.1\r\nHost: user@localhost\r\n\r\n", get + "\r\n"),
                Arguments.of(
                        400,
                        "GET / HTTP/1.1\r\nHost: localhost:\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"),
                Arguments.of(
                        400,
                        "GET / HTTP/1.1\r\nHost: localhost:080\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n"),
                Arguments.of(400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n"),
                Arguments.of(
                        421,
                        "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: LOCALHOST\r\n\r\n"),
                Arguments.of(
                        421,
                        "GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        421,
                        "GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                // foreign pages
                Arguments.of(
                        403,
                        post + "Origin: http://evil.example\r\n\r\n",
                        post + "Origin: http://localhost:7173\r\n\r\n"),
                Arguments.of(403, post + "Origin: null\r\n\r\n", post + "\r\n"),
                Arguments.of(403, post + "Origin: http://localhost\r\n\r\n", get + "Origin: http://localhost\r\n\r\n"),
                Arguments.of(
                        403,
                        get + "Origin: http://evil.example\r\nUpgrade: websocket\r\n\r\n",
                        get + "Upgrade: websocket\r\n\r\n"),
                Arguments.of(
                        403,
                        post + "Origin: http://localhost:7173\r\nOrigin: http://evil.example\r\n\r\n",
                        post + "Origin: HTTP://LOCALHOST:7173\r\n\r\n"),
                Arguments.of(
                        417,
                        post + "Expect: a-miracle\r\n\r\n",
                        post + "Expect: 100-Continue\r\nContent-Length: 0\r\n\r\n"),
                // limits
                Arguments.of(
                        414,
                        "GET /" + "a".repeat(60) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "GET /" + "a".repeat(48) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of(
                        431, get + "A: " + "a".repeat(500) + "\r\n\r\n", get + "A: " + "a".repeat(450) + "\r\n\r\n"),
                Arguments.of(431, get + "A: b\r\n".repeat(8) + "\r\n", get + "A: b\r\n".repeat(7) + "\r\n"),
                Arguments.of(
                        413,
                        post + "Content-Length: 21\r\n\r\n" + "a".repeat(21),
                        post + "Content-Length: 20\r\n\r\n" + "a".repeat(20)));
    }

    @ParameterizedTest
    @MethodSource("refusedAndTwin")
    void refusesAndTakesTheTwin(int status, String refused, String twin) throws Exception {
        SEEN.clear();
        REFUSED.clear();
        try (var client = new Raw(server.port())) {
            var answer = client.send(refused).all();
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
            assertTrue(answer.contains("connection: close\r\n"), answer);
        }
        assertEquals(List.of(), SEEN);
        var told = REFUSED.poll(10, TimeUnit.SECONDS);
        assertTrue(told != null && told.startsWith(status + " "), told);
        try (var client = new Raw(server.port())) {
            var answer = client.send(twin.replace("PORT", "" + server.port())).until("\r\n\r\n");
            if (answer.startsWith("HTTP/1.1 100 ")) answer = client.until("\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    /// A body that turns out malformed while it is read.
    static Stream<Arguments> badBodyAndTwin() {
        return Stream.of(
                Arguments.of(400, "x\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "-5\r\nhello\r\n0\r\n\r\n", "05\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "+5\r\nhello\r\n0\r\n\r\n", "5;a=b\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "0x5\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n00\r\n\r\n"),
                Arguments.of(400, "5 \r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "5\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "5\r\nhello0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "5\r\nhelloXX0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "100000000\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "fffffffffffffffffffff\r\nhello\r\n", "5\r\nhello\r\n0\r\n\r\n"),
                Arguments.of(400, "5\r\nhello\r\n0\r\nA: b\nC: d\r\n\r\n", "5\r\nhello\r\n0\r\nA: b\r\n\r\n"),
                Arguments.of(413, "15\r\n" + "a".repeat(21) + "\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("badBodyAndTwin")
    void refusesABadBodyAndTakesTheTwin(int status, String refused, String twin) throws Exception {
        var head = "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (var client = new Raw(server.port())) {
            var answer = client.send(head + refused).all();
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        }
        try (var client = new Raw(server.port())) {
            var answer = client.send(head + twin).answer();
            assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("POST / hello"), answer);
        }
    }

    @Test
    void whatFollowsARefusedRequestIsNeverServed() throws Exception {
        for (var first : List.of(
                "POST / HTTP/1.1\r\n"
                        + "Host: localhost\r\n"
                        + "Content-Length: 6\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "0\r\n\r\n"
                        + "G",
                "POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nA : b\r\n\r\n")) {
            SEEN.clear();
            try (var client = new Raw(server.port())) {
                var answer = client.send(first + "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .all();
                assertEquals(1, answer.split("HTTP/1.1 ", -1).length - 1, answer);
            }
            assertEquals(List.of(), SEEN);
        }
    }

    @Test
    void theVerdictDoesNotDependOnHowTheBytesArrive() throws Exception {
        var text = "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        var bad = "POST /a HTTP/1.1\r\nHost: localhost\r\nA : b\r\n\r\n";
        for (int cut = 1; cut < text.length(); cut += 3) {
            try (var client = new Raw(server.port())) {
                var answer = client.send(text.substring(0, cut))
                        .send(text.substring(cut))
                        .answer();
                assertTrue(answer.endsWith("POST /a hello"), answer);
            }
            if (cut >= bad.length()) continue;
            try (var client = new Raw(server.port())) {
                var answer = client.send(bad.substring(0, cut))
                        .send(bad.substring(cut))
                        .all();
                assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            }
        }
    }

    @Test
    void aProxyTakesAbsoluteTargetsWhoseHostAgrees() throws Exception {
        var good = new ArrayList<String>();
        good.add("GET http://example.com/a?b HTTP/1.1\r\nHost: example.com\r\n\r\n");
        good.add("GET https://Example.com:8443/ HTTP/1.1\r\nHost: example.COM:8443\r\n\r\n");
        for (var request : good)
            try (var client = new Raw(proxy.port())) {
                assertTrue(client.send(request).answer().startsWith("HTTP/1.1 200 "), request);
            }
        for (var request : List.of(
                "GET http://example.com/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "GET http://example.com HTTP/1.1\r\nHost: example.com\r\n\r\n",
                "GET ftp://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n",
                "GET http://user@example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n",
                "GET http:///a HTTP/1.1\r\nHost: example.com\r\n\r\n",
                "GET http://exa%6dple.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n",
                "GET http://example.com/../a HTTP/1.1\r\nHost: example.com\r\n\r\n"))
            try (var client = new Raw(proxy.port())) {
                assertTrue(client.send(request).all().startsWith("HTTP/1.1 400 "), request);
            }
    }
}
