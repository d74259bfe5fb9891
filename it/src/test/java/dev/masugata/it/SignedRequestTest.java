package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Credentials that sign: curl sends what it likes, the gate signs what it judged, and a server that checks signatures
/// by itself believes it.
@Tag("egress")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignedRequestTest {
    private static final String SECRET = "canary-aws-91c2f7be04";
    private static final String TOKEN = "canary-session-77de10a2";
    private static final String KEY = "canary-hmac-3b5d90c8";
    private static final String QUERY = "canary-query-c4a1/0f+2";

    private Gate gate;
    private Process server;
    private String token;
    private int port;

    @BeforeAll
    void start() throws IOException {
        gate = Gate.prepared("");
        server = new ProcessBuilder("python3", Peer.script("signed.py").toString(), SECRET, TOKEN, KEY, QUERY)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        port = Integer.parseInt(new BufferedReader(new InputStreamReader(server.getInputStream())).readLine());
        Files.writeString(gate.directory.resolve("id"), "AKIDCANARY");
        Files.writeString(gate.directory.resolve("secret"), SECRET);
        Files.writeString(gate.directory.resolve("session"), TOKEN);
        Files.writeString(gate.directory.resolve("hmac"), KEY);
        Files.writeString(gate.directory.resolve("query"), QUERY);
        var aws = "{ key: file:id, secret: file:secret, token: file:session, region: eu-west-1, service: %s }";
        Files.writeString(gate.config, """
                listen: { gates: 127.0.0.1:0, proxy: 127.0.0.1:0, people: 127.0.0.1:0 }
                approvals: { wait: 0s }
                egress: { allow: [ { host: localhost, port: %1$d, private: true } ] }
                credentials:
                  objects: { at: "http://localhost:%1$d", paths: [/s3], aws: %2$s }
                  things: { at: "http://localhost:%1$d", paths: [/api], aws: %3$s }
                  digest:
                    at: "http://localhost:%1$d"
                    paths: [/hmac]
                    hmac:
                      key: file:hmac
                      header: "X-Signature: v1={}"
                      encoding: base64
                      timestamp: X-Time
                      over: "{timestamp}\\n{method}\\n{path}\\n{body}"
                  param: { at: "http://localhost:%1$d", paths: [/query], value: file:query, query: key }
                  gone: { at: "http://localhost:%1$d", paths: [/gone], value: file:nothing, query: key }
                """.formatted(port, aws.formatted("s3"), aws.formatted("execute-api")));
        gate.serve();
        token = gate.token("coder");
    }

    @AfterAll
    void stop() throws IOException {
        server.destroyForcibly();
        gate.close();
    }

    private String curl(String path, String... more) throws Exception {
        var command = new ArrayList<>(List.of("curl", "-s", "--path-as-is", "-x",
                "http://coder:" + token + "@127.0.0.1:" + gate.proxy, "--noproxy", "", "-w", " %{http_code}"));
        command.addAll(List.of(more));
        command.add("http://localhost:" + port + path);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        for (var secret : List.of(SECRET, TOKEN, KEY, QUERY, "canary-query")) assertFalse(said.contains(secret), said);
        return said;
    }

    private static void passes(String said) {
        assertTrue(said.endsWith(" 200"), said);
    }

    @Test
    void whatIsSignedWithSignatureVersion4IsBelieved() throws Exception {
        for (var path : List.of("/s3/bucket/a%20b/c~d", "/s3/bucket?list-type=2&prefix=a%2Fb&empty=", "/api/things",
                "/api/a%20b?z=1&a=2&a=1"))
            passes(curl(path));
        // What a client signs with keys of its own is replaced.
        passes(curl("/s3/bucket", "--aws-sigv4", "aws:amz:eu-west-1:s3", "--user", "AKIDOTHER:another"));
    }

    @Test
    void aBodyIsSignedAsItIs() throws Exception {
        String[] put = {"-X", "PUT", "--data-binary", "some words", "-H", "Content-Type: text/plain"};
        var said = curl("/s3/bucket/object", put);
        assertTrue(said.contains("\"sent\": 10"), said);
        passes(said);
    }

    @Test
    void aKeyedDigestIsBelieved() throws Exception {
        passes(curl("/hmac/a?b=c"));
        passes(curl("/hmac/a", "-H", "X-Signature: v1=forged", "-H", "X-Time: 1"));
    }

    @Test
    void aParameterIsFilledAndNeverComesBack() throws Exception {
        passes(curl("/query/a"));
        passes(curl("/query/a?b=c"));
        for (var own : List.of("key=mine", "KEY=mine", "k%65y=mine", "a=1&key", "key%5B%5D=x")) {
            var said = curl("/query/a?" + own, "-g");
            assertTrue(said.endsWith(" 403") && (said.contains("credential of its own") || said.contains("plainly")),
                    said);
        }
        passes(curl("/query/a?monkey=1"));
        var missing = curl("/gone/a");
        assertTrue(missing.endsWith(" 403") && missing.contains("credential `gone` cannot be used"), missing);
    }

    @Test
    void noSecretIsOnRecord() throws Exception {
        curl("/query/a");
        curl("/s3/a");
        var record = gate.run("log", "export", "--format", "jsonl").ok().out() + gate.logged()
                + gate.run("credentials").ok().out()
                + gate.run("reach", "--workspace", gate.work().toString()).ok().out();
        assertTrue(record.contains("AWS SigV4 for s3 in eu-west-1") && record.contains("query key"), "they are listed");
        for (var secret : Stream.of(SECRET, TOKEN, KEY, QUERY, "canary-query").toList())
            assertFalse(record.contains(secret), secret);
        assertEquals(0, gate.run("log", "verify").exit());
    }
}
