package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A gate is a client of its own at an authorization server: for itself, and with a person's consent. What a caller
/// shows the gate goes no further, and no token stands in the record.
@Tag("mcp")
class AuthorizedTest {
    private static Gate gate(Peer server, String oauth) throws IOException {
        var origin = server.url.replace("/mcp", "");
        var gate = Gate.prepared("""
                credentials:
                  mine: { at: "%s", oauth: %s }
                mcp:
                  servers:
                    kb: { url: "%s", credential: mine, tools: { look: read }, labels: [] }
                """.formatted(origin, oauth.replace("{issuer}", origin + "/as"), server.url));
        Files.writeString(gate.directory.resolve("secret"), "not-a-real-one\n");
        gate.serve();
        return gate;
    }

    private static final String ITSELF =
            "{ issuer: \"{issuer}\", flow: client-credentials, client: { id: gate, secret: \"file:secret\" } }";
    private static final String PERSON = "{ client: { id: gate } }";

    private static String looked(Gate gate, String token) throws IOException {
        try (var client = new RawClient(gate.gates, "/mcp/kb", token).initialize()) {
            return client.callTool("look", "{}").toString();
        }
    }

    @Test
    void forItselfAGateNeedsNobody() throws Exception {
        try (var server = Peer.listening("token-server.mjs", "0", "3");
                var gate = gate(server, ITSELF)) {
            gate.run("tools", "approve", "kb").ok();
            var callers = gate.token("coder");
            // Each token is good for three requests: it is changed again and again, and nobody notices.
            for (int i = 0; i < 4; i++) assertTrue(looked(gate, callers).contains("seen"));
            var said = server.logged();
            assertTrue(said.lines().filter(it -> it.contains("\"grant_type\":\"client_credentials\"")).count() > 1,
                    said);
            assertFalse(said.contains(callers), "a caller's token went to a server");
            assertTrue(said.lines().filter(it -> it.contains("\"token\""))
                    .allMatch(it -> it.contains("\"resource\":\"" + server.url)), said);
            var record = gate.run("log", "export", "--format", "jsonl").ok().out();
            assertFalse(record.contains("access-") || record.contains("not-a-real-one"), "a secret is on record");
            assertTrue(record.contains("house_call") && record.contains("/as/token"), "its own calls are on record");
            assertTrue(record.contains("\"credential\":\"mine\""), "which credential a call left with is on record");
        }
    }

    @Test
    void aPersonConsentsInABrowserAndTheLoginOutlastsTheGate() throws Exception {
        try (var server = Peer.listening("token-server.mjs", "0", "4");
                var gate = gate(server, PERSON)) {
            var refused = gate.run("tools", "approve", "kb");
            assertEquals(1, refused.exit());
            assertTrue(refused.err().contains("masugata credentials login mine"), refused.err());
            assertTrue(gate.run("credentials").ok().out().contains("needs a login"));
            login(gate, server);
            gate.run("tools", "approve", "kb").ok();
            var token = gate.token("coder");
            for (int i = 0; i < 3; i++) assertTrue(looked(gate, token).contains("seen"));
            gate.end();
            gate.serve();
            assertTrue(looked(gate, token).contains("seen"));
            var said = server.logged();
            assertTrue(said.contains("\"grant_type\":\"refresh_token\""), said);
            assertEquals(1, said.lines().filter(it -> it.contains("\"authorize\"")).count());
            assertFalse(said.contains(token), "a caller's token went to a server");
            var shown = gate.run("credentials").ok().out() + gate.run("credentials", "--json").ok().out()
                    + gate.logged()
                    + gate.run("log", "export", "--format", "jsonl").ok().out();
            assertFalse(shown.contains("access-") || shown.contains("refresh-"), "a token was shown");
        }
    }

    /// As a person does: opens what the command prints. The answer comes to the command's own port.
    private static void login(Gate gate, Peer server) throws Exception {
        var command = gate.builder(List.of("credentials", "login", "mine")).redirectErrorStream(true).start();
        try (var lines = new BufferedReader(new InputStreamReader(command.getInputStream(), StandardCharsets.UTF_8));
                var browser = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
            var page = lines.lines().filter(it -> it.startsWith("http://")).findFirst().orElseThrow();
            assertTrue(page.startsWith(server.url.replace("/mcp", "/as/authorize?")), page);
            // Somebody else on the machine answers first, with a state of its own: that is no answer.
            var callback = URI.create(query(page).get("redirect_uri"));
            assertEquals(404, get(browser, callback.resolve("/other?state=x")));
            assertEquals(400, get(browser, URI.create(callback + "?code=stolen")));
            assertEquals(200, get(browser, URI.create(page)));
            assertTrue(lines.readLine().startsWith("mine: a token until"));
        }
        Await.until(Duration.ofSeconds(20), () -> !command.isAlive());
        assertEquals(0, command.exitValue());
    }

    private static int get(HttpClient browser, URI url) throws Exception {
        return browser.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static Map<String, String> query(String page) {
        var query = new HashMap<String, String>();
        for (var pair : URI.create(page).getRawQuery().split("&")) {
            var parts = pair.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }
}
