package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The official TypeScript client, with its default timeouts, in front of two real servers.
@Tag("mcp")
class TypeScriptClientTest {
    private static final String CONFIG =
            """
            mcp:
              servers:
                files:
                  command: [node, "{peers}/@modelcontextprotocol/server-filesystem/dist/index.js", "{workspace}"]
                  dir: "{work}"
                  read: ["{peers}"]
                everything:
                  command: [node, "{peers}/@modelcontextprotocol/server-everything/dist/index.js", stdio]
                  read: ["{peers}"]
                  env: { ONLY_THIS_NAME: is-configured }
                open:
                  command: [node, "{peers}/@modelcontextprotocol/server-everything/dist/index.js", stdio]
                  read: ["{peers}"]
                  env: { ONLY_THIS_NAME: is-configured }
                  tools: { get-env: read }
                never:
                  command: [node, "{peers}/@modelcontextprotocol/server-everything/dist/index.js", stdio]
                  read: ["{peers}"]
            """;

    private static Gate gate;
    private static String token;

    @BeforeAll
    static void start() throws IOException {
        gate = Gate.serving(CONFIG);
        Files.writeString(gate.work().resolve("hello.txt"), "hello\n");
        token = gate.token("coder");
        gate.run("tools", "approve", "files").ok();
    }

    @AfterAll
    static void stop() throws IOException {
        gate.close();
    }

    private static Process client(String path, String calls) throws IOException {
        var builder = new ProcessBuilder(
                "node", resource("client.mjs").toString(), "http", "http://127.0.0.1:" + gate.gates + path, token, calls);
        builder.environment().put("PEERS", Gate.PEERS.toString());
        return builder.redirectErrorStream(true).start();
    }

    static Path resource(String name) {
        return Gate.ROOT.resolve("it/src/test/resources/peers").resolve(name);
    }

    static List<String> lines(Process client) throws Exception {
        var text = new String(client.getInputStream().readAllBytes());
        assertTrue(client.waitFor(90, TimeUnit.SECONDS), "the client did not end");
        return text.lines().toList();
    }

    @Test
    void listsAndReadsUnderTheServersOwnNames() throws Exception {
        var said = lines(client("/mcp/files", "[\"list\", [\"read_text_file\", {\"path\": \"" + gate.work() + "/hello.txt\"}]]"));
        assertTrue(said.get(0).contains("\"read_text_file\"") && said.get(0).contains("\"write_file\""), said.get(0));
        assertTrue(said.get(1).contains("hello\\n"), said.get(1));
    }

    @Test
    void listsAllServersUnderPrefixedNamesAndNothingUnapproved() throws Exception {
        var said = lines(client("/mcp", "[\"list\", [\"never__echo\", {\"message\": \"x\"}]]"));
        assertTrue(said.get(0).contains("\"files__read_file\""), said.get(0));
        assertFalse(said.get(0).contains("never__"), said.get(0));
        assertTrue(said.get(1).contains("\"isError\":true") && said.get(1).contains("not approved"), said.get(1));
    }

    @Test
    void aWriteWaitsForAPersonAndThenHappens() throws Exception {
        var target = gate.work().resolve("written.txt");
        var client = client("/mcp/files", "[[\"write_file\", {\"path\": \"" + target + "\", \"content\": \"by the agent\"}]]");
        var id = new String[1];
        Await.until(Duration.ofSeconds(30), () -> {
            var waiting = Pattern.compile("\"id\":\"(a-\\d+)\"").matcher(gate.run("approvals", "--json").ok().out());
            if (waiting.find()) id[0] = waiting.group(1);
            return id[0] != null;
        });
        assertFalse(Files.exists(target), "held, yet it happened");
        gate.run("approve", id[0]).ok();
        assertTrue(lines(client).getFirst().contains("Successfully wrote"));
        assertEquals("by the agent", Files.readString(target));
    }

    @Test
    void aCredentialToolIsDeniedWithReasonAndDecision() throws Exception {
        gate.run("tools", "approve", "everything").ok();
        var said = lines(client("/mcp/everything", "[[\"get-env\", {}], [\"get-sum\", {\"a\": 2, \"b\": 3}]]"));
        assertTrue(said.get(0).contains("\"isError\":true") && said.get(0).contains("denied by policy"), said.get(0));
        assertTrue(Pattern.compile("\"id\":\"d-\\d+\",\"outcome\":\"denied\"").matcher(said.get(0)).find(), said.get(0));
        assertTrue(said.get(1).contains("is 5"), said.get(1));
    }

    @Test
    void aServerSeesConfiguredNamesOnly() throws Exception {
        gate.run("tools", "approve", "open").ok();
        var said = lines(client("/mcp/open", "[[\"get-env\", {}]]")).getFirst();
        assertTrue(said.contains("ONLY_THIS_NAME"), said);
        for (var name : List.of("MASUGATA_HOME", "MASUGATA_JAVA", "PEERS", "MASUGATA_ROOT")) assertFalse(said.contains(name), said);
        assertFalse(said.contains(gate.home.toString()), said);
    }

    @Test
    void anArgumentThatTheSchemaDoesNotDeclareIsRefused() throws Exception {
        var said = lines(client("/mcp/files", "[[\"list_directory\", {\"path\": \"" + gate.work() + "\", \"more\": 1}], [\"list_directory\", {\"path\": \"" + gate.work() + "\"}]]"));
        assertTrue(said.get(0).contains("declares no such property"), said.get(0));
        assertTrue(said.get(1).contains("hello.txt"), said.get(1));
    }

    @Test
    void aClientThatOnlySpeaksStdioGetsTheSameGate() throws Exception {
        var command = "[\"" + Gate.ROOT.resolve("masugata") + "\", \"mcp\", \"--server\", \"files\"]";
        var builder = new ProcessBuilder("node", resource("client.mjs").toString(), "stdio", command, "[\"list\", [\"read_text_file\", {\"path\": \"" + gate.work() + "/hello.txt\"}]]");
        builder.environment().put("PEERS", Gate.PEERS.toString());
        builder.environment().put("MASUGATA_HOME", gate.home.toString());
        var said = lines(builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
        assertTrue(said.get(0).contains("\"read_text_file\""), said.get(0));
        assertTrue(said.get(1).contains("hello\\n"), said.get(1));
    }

    @Test
    void theRecordHoldsAfterwards() throws Exception {
        var said = gate.run("log", "verify").ok().out();
        assertTrue(said.contains("the record holds") && said.contains("unanchored"), said);
    }
}
