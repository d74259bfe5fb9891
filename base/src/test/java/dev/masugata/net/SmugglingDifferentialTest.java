package dev.masugata.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged requests to our server and to Node's with its lenient parser: whatever ours hands to a handler, Node reads
/// as the same requests, or refuses. A request that two servers understand differently is how one is smuggled past
/// the other.
class SmugglingDifferentialTest {
    private static final int DOCUMENTS = 1_500;
    private static final Pattern SEEN = Pattern.compile("seen [^\n]* \\.\n");
    private static final Duration SHORT = Duration.ofMillis(60);

    private static final String[] SEEDS = {
        "GET /a?b=c HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n\r\n",
        "POST /b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\nX-A: a b\r\n\r\nhello world",
        "POST /c HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "5\r\n"
                + "hello\r\n"
                + "1;a=b\r\n"
                + "!\r\n"
                + "0\r\n"
                + "X-T: 1\r\n\r\n",
        "PUT /d HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n",
        "GET /e HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n",
    };
    private static final String[] SPLINTERS = {
        "\r\n",
        "\n",
        "\r",
        "\0",
        " ",
        "\t",
        ":",
        "\u000b",
        "\u000c",
        "\u0085",
        "\u00a0",
        "\u00ff",
        ";",
        ",",
        "0",
        "5",
        "a",
        "x",
        "+",
        "-",
        "_",
        "\r\n ",
        "\r\n\t",
        "\r\nX: y",
        "Content-Length: 5\r\n",
        "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\u000bchunked\r\n",
        "Transfer_Encoding: chunked\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5\r\n 5\r\n",
        "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "HTTP/1.1",
        "HTTP/1.0",
        "http://localhost/",
        "/",
        "?",
        "#",
        "%",
        "0\r\n\r\n",
        "FFFFFFFFFFFFFFFF\r\n",
        "Host: other\r\n",
        "Connection: close\r\n",
        "Expect: 100-continue\r\n",
        "Upgrade: h2c\r\n",
        "\u0001"
    };

    @Test
    void whatOursServesNodeReadsTheSame(@TempDir Path folder) throws Exception {
        var limits = ServerLimits.DEFAULT.withHead(SHORT).withIdle(SHORT).withPace(new Pace(SHORT, SHORT, 0));
        try (var node = new Node(folder);
                var ours = Server.start(ServerOptions.loopback(0).withLimits(limits), SmugglingDifferentialTest::tell);
                var threads = Executors.newFixedThreadPool(16)) {
            var checks = new ArrayList<java.util.concurrent.Future<Integer>>();
            var random = new Random(9112);
            for (int i = 0; i < DOCUMENTS; i++) {
                var document = damaged(random) + "GET /end HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
                checks.add(threads.submit(() -> compare(document, ours.port(), node.port)));
            }
            int served = 0;
            for (var check : checks) served += check.get();
            assertTrue(served > DOCUMENTS / 2, "too few of the requests were served to show anything: " + served);
        }
    }

    /// How many requests of these bytes ours served.
    private static int compare(String document, int ours, int node) throws IOException {
        var first = seen(exchange(document, ours));
        if (first.isEmpty()) return 0;
        var answer = exchange(document, node);
        var second = seen(answer);
        boolean refused = answer.contains("HTTP/1.1 400 ") || answer.contains("HTTP/1.1 431 ") || answer.isEmpty();
        int common = refused ? Math.min(first.size(), second.size()) : first.size();
        assertTrue(
                second.size() >= common,
                () -> "Node saw fewer requests: " + show(document) + "\nours " + first + "\nnode " + second);
        assertEquals(first.subList(0, common), second.subList(0, common), () -> show(document));
        return first.size();
    }

    private static Response tell(Request request) throws Exception {
        var hex = HexFormat.of();
        var headers = new StringBuilder();
        for (var field : request.headers())
            headers.append(headers.isEmpty() ? "" : ",")
                    .append(hex.formatHex(field.name().toLowerCase().getBytes(ISO_8859_1)))
                    .append('=')
                    .append(hex.formatHex(field.value().getBytes(ISO_8859_1)));
        return Response.text(
                200,
                "seen %s %s %s %s .\n"
                        .formatted(
                                request.method(),
                                hex.formatHex(request.target().getBytes(ISO_8859_1)),
                                headers,
                                hex.formatHex(request.body().readAll(10_000))));
    }

    private static String damaged(Random random) {
        var text = new StringBuilder();
        for (int i = 1 + random.nextInt(2); i > 0; i--) text.append(SEEDS[random.nextInt(SEEDS.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(text.length());
            var splinter = SPLINTERS[random.nextInt(SPLINTERS.length)];
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, splinter);
                case 1 -> text.replace(at, at + 1, splinter);
                case 2 -> text.deleteCharAt(at);
                default -> text.insert(text.indexOf("\r\n") < 0 ? at : text.indexOf("\r\n") + 2, splinter);
            }
        }
        return text.toString();
    }

    private static String exchange(String document, int port) throws IOException {
        try (var client = new Raw(port)) {
            client.socket.setSoTimeout((int) SHORT.multipliedBy(4).toMillis());
            client.send(document);
            return client.what();
        } catch (IOException reset) {
            return "";
        }
    }

    private static List<String> seen(String answer) {
        return SEEN.matcher(answer)
                .results()
                .map(java.util.regex.MatchResult::group)
                .toList();
    }

    private static String show(String document) {
        return document.replace("\r", "\\r").replace("\n", "\\n\n");
    }

    /// Node's own HTTP server in a process of its own, which ends with its standard input.
    private static final class Node implements AutoCloseable {
        final int port;
        private final Process process;

        Node(Path folder) throws IOException {
            var script = folder.resolve("seen.mjs");
            try (var resource = SmugglingDifferentialTest.class.getResourceAsStream("seen.mjs")) {
                Files.write(script, resource.readAllBytes());
            }
            process = start(script);
            port = Integer.parseInt(new BufferedReader(new InputStreamReader(process.getInputStream())).readLine());
        }

        private static Process start(Path script) {
            try {
                return new ProcessBuilder("node", "--insecure-http-parser", script.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
            } catch (IOException e) {
                throw new AssertionError("`node` is needed to compare servers: install Node 20", e);
            }
        }

        @Override
        public void close() throws Exception {
            process.getOutputStream().close();
            if (!process.waitFor(5, java.util.concurrent.TimeUnit.SECONDS)) process.destroyForcibly();
        }
    }
}
