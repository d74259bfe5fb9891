package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The program of a server that calls an API: it reaches what configuration opens for it and nothing else, with a
/// credential that it never has.
@Tag("mcp")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerNetworkTest {
    private static final String SECRET = "canary-51be77d0c9";
    private static final String FETCHER = "command: [python3, \"%s/fetcher.py\"], read: [\"%s\"],"
            + " tools: { fetch: read, connect: read, has: read }";

    private Gate gate;
    private Process upstream;
    private String token;
    private int port;

    @BeforeAll
    void start() throws Exception {
        gate = Gate.prepared("");
        Files.createDirectories(gate.work().resolve("git"));
        var key = gate.directory.resolve("up.key");
        var certificate = gate.directory.resolve("up.pem");
        var made = new ProcessBuilder("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-keyout", key.toString(), "-out", certificate.toString(), "-subj",
                "/CN=up").redirectErrorStream(true).start();
        made.getInputStream().readAllBytes();
        assertEquals(0, made.waitFor());
        upstream = new ProcessBuilder("python3", Peer.script("upstream.py").toString(), seen().toString(),
                certificate.toString(), key.toString(), gate.work().resolve("git").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        port = Integer.parseInt(
                new BufferedReader(new InputStreamReader(upstream.getInputStream())).readLine().split(" ")[0]);
        var scripts = Files.createDirectories(gate.directory.resolve("scripts"));
        Files.copy(Peer.script("fetcher.py"), scripts.resolve("fetcher.py"));
        var fetcher = FETCHER.formatted(scripts, scripts);
        Files.writeString(gate.directory.resolve("up.secret"), SECRET);
        Files.writeString(gate.config, """
                listen: { gates: 127.0.0.1:0, proxy: 127.0.0.1:0, people: 127.0.0.1:0 }
                credentials:
                  up: { value: file:up.secret, at: "http://127.0.0.2:%1$d" }
                egress:
                  allow: [ { host: 127.0.0.3, port: %1$d, private: true } ]
                mcp:
                  servers:
                    reaches: { %2$s, allow: [ { host: 127.0.0.2, port: %1$d, private: true, only: read } ] }
                    alone: { %2$s }
                """.formatted(port, fetcher));
        gate.serve();
        token = gate.token("coder");
        for (var server : List.of("reaches", "alone")) gate.run("tools", "approve", server).ok();
    }

    @AfterAll
    void stop() throws IOException {
        upstream.destroyForcibly();
        gate.close();
    }

    private Path seen() {
        return gate.directory.resolve("seen.jsonl");
    }

    private List<Json.Obj> arrived(String path) throws IOException {
        if (!Files.exists(seen())) return List.of();
        return Files.readAllLines(seen()).stream().map(RawClient::object)
                .filter(it -> it.string("path").orElse("").startsWith(path)).toList();
    }

    private String call(String server, String call) throws IOException {
        return Peer.lines(Peer.command(
                "client.mjs", "http", "http://127.0.0.1:" + gate.gates + "/mcp/" + server, token, "[" + call + "]"))
                .getFirst();
    }

    private static String fetch(String url) {
        return "[\"fetch\", {\"url\": \"" + url + "\"}]";
    }

    @Test
    void itReachesWhatIsOpenedForItWithACredentialThatItNeverHas() throws IOException {
        var said = call("reaches", fetch("http://127.0.0.2:" + port + "/opened"));
        assertFalse(said.contains("HTTP 403") || said.contains("failed"), said);
        var arrived = arrived("/opened");
        assertEquals(1, arrived.size());
        assertTrue(arrived.getFirst().toString().contains(SECRET), "its slot was filled");
        assertFalse(said.contains(SECRET), said);
        var has = call("reaches", "[\"has\", {}]");
        assertTrue(has.contains("HTTP_PROXY") && !has.contains(SECRET), has);
        var record = gate.run("log", "--json").ok().out();
        assertTrue(record.contains("masugata-server-reaches") && !record.contains(SECRET), "its own principal");
    }

    @Test
    void whatIsOpenedForAgentsIsNotOpenedForIt() throws IOException {
        var said = call("reaches", fetch("http://127.0.0.3:" + port + "/agents"));
        assertTrue(said.contains("HTTP 403"), said);
        said = call("reaches", fetch("http://127.0.0.4:" + port + "/nobodys"));
        assertTrue(said.contains("HTTP 403"), said);
        assertEquals(List.of(), arrived("/agents"));
        assertEquals(List.of(), arrived("/nobodys"));
        assertTrue(gate.logged().contains("reaches: denied GET http://127.0.0.3:"), gate.logged());
    }

    @Test
    void aConnectionWithoutTheProxyComesToTheGateToo() throws IOException {
        // An address of the internet that belongs to nobody (RFC 5737): judged by its address, not dialed.
        var said = call("reaches", "[\"connect\", {\"host\": \"192.0.2.7\", \"port\": 80}]");
        assertTrue(said.contains("403"), said);
    }

    @Test
    void withoutAnEntryThereIsNoNetwork() throws IOException {
        var said = call("alone", fetch("http://127.0.0.2:" + port + "/alone"));
        assertTrue(said.contains("failed: "), said);
        said = call("alone", "[\"connect\", {\"host\": \"192.0.2.7\", \"port\": 80}]");
        assertTrue(said.contains("unreachable"), said);
        assertEquals(List.of(), arrived("/alone"));
    }

    @Test
    void itEndsWithItsSession() throws Exception {
        call("reaches", "[\"has\", {}]");
        var before = processes();
        assertFalse(before.isEmpty());
        gate.run("agents", "fresh", "coder").ok();
        Await.until(Duration.ofSeconds(10), () -> before.stream().noneMatch(ProcessHandle::isAlive));
        assertFalse(call("reaches", fetch("http://127.0.0.2:" + port + "/after")).contains("failed"));
        assertEquals(1, arrived("/after").size());
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(it -> it.info().commandLine().orElse("").contains(gate.directory + "/scripts/fetcher.py"))
                .toList();
    }
}
