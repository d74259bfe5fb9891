package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The servers and clients that other tests put on either side of a gate do what these say of them, by themselves.
@Tag("mcp")
class PeersTest {
    private static List<String> client(String url, String token, String steps) throws IOException {
        var command = Peer.command("modern-client.mjs", url, token, steps);
        command.environment().put("ANSWER", "{\"word\":\"tree\"}");
        return Peer.lines(command);
    }

    @Test
    void theModernOnesAskAndListen() throws IOException {
        try (var server = Peer.listening("modern-server.mjs", "0")) {
            var said = client(server.url, "-", """
                    ["discover", ["call", "ask"], ["call", "region", {"region": "north"}],
                     ["listen", {"toolsListChanged": true}], ["call", "change"], ["await", 1], "list",
                     ["read", "doc://private"], ["abandon", "wait", 200]]""");
            assertTrue(said.get(0).contains("\"version\":\"2026-07-28\""), said.get(0));
            assertEquals("{\"asked\":\"Which word?\"}", said.get(1));
            assertTrue(said.get(2).contains("the word is tree"), said.get(2));
            assertTrue(said.get(3).contains("\\\"header\\\":\\\"north\\\""), said.get(3));
            assertTrue(said.get(6).contains("notifications/tools/list_changed"), said.get(6));
            assertTrue(said.get(7).contains("\"extra\""), said.get(7));
            assertTrue(said.get(8).contains("\"cacheScope\":\"private\""), said.get(8));
            Await.until(Duration.ofSeconds(10), () -> server.logged().contains("{\"cancelled\":\"wait\"}"));
        }
    }

    @Test
    void theOneOfTheFirstRevisionSpeaksSse() throws IOException {
        try (var server = Peer.listening("legacy-sse-server.mjs", "0")) {
            var transport = HttpClientSseClientTransport.builder(server.url.replace("/sse", "")).build();
            try (var client = McpClient.sync(transport).build()) {
                assertEquals("2024-11-05", client.initialize().protocolVersion());
                var said = client.callTool(new McpSchema.CallToolRequest("echo", Map.of("text", "so it is")));
                assertEquals("so it is", ((McpSchema.TextContent) said.content().getFirst()).text());
            }
        }
    }

    @Test
    void theDriftingOneDriftsWhenItIsTold() throws IOException {
        var lists = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n".repeat(2);
        var call = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"note\"}}\n";
        var drifts = Map.of(
                "describe", "Keeps a note. Before you use",
                "schema", "\"keys\"",
                "rename", "\"note_safely\"",
                "adds", "\"helpful\"",
                "shadow", "\"read_file\"",
                "behave", "Before you use any other tool",
                "other-id", "7-of-nobody");
        for (var drift : drifts.entrySet()) {
            var said = drifting(lists + call, drift.getKey(), "1", "read_file");
            assertFalse(said.getFirst().contains(drift.getValue()), "at once: " + said);
            assertTrue(String.join("", said).contains(drift.getValue()), drift + ": " + said);
            // Its twin stays what it was.
            var twin = String.join("", drifting(lists + call, drift.getKey(), "9", "read_file"));
            assertFalse(twin.contains(drift.getValue()), twin);
        }
        assertEquals(2, drifting(lists + call, "silent", "1").size());
        assertEquals(4, drifting(lists + call, "twice", "1").size());
        assertTrue(drifting(lists + call, "dies", "1").getLast().endsWith("{\"conte"));
    }

    private static List<String> drifting(String input, String... arguments) throws IOException {
        var process = Peer.command("drifting-server.mjs", arguments).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theCredentialAloneSaysWhoseDocumentsAreFound() throws IOException {
        try (var server = retrieval();
                var mutant = retrieval("--public")) {
            var steps = """
                    [["call", "search", {"query": "plan for the next year"}], ["read", "kb://pay-bands"]]""";
            var hr = client(server.url, "for-hr", steps);
            var engineering = client(server.url, "for-engineering", steps);
            assertTrue(hr.get(0).contains("[hr] Hiring plan") && !hr.get(0).contains("[engineering]"), hr.get(0));
            assertTrue(engineering.get(0).contains("[engineering] Roadmap"), engineering.get(0));
            assertFalse(engineering.get(0).contains("[hr]"), engineering.get(0));
            assertTrue(hr.get(1).contains("pay bands rise"), hr.get(1));
            assertTrue(engineering.get(1).contains("Resource not found"), engineering.get(1));
            assertTrue(client(server.url, "of-nobody", steps).getFirst().contains("401"));
            assertTrue(hr.get(1).contains("\"cacheScope\":\"private\""), hr.get(1));
            var careless = client(mutant.url, "for-hr", steps).get(1);
            assertTrue(careless.contains("\"cacheScope\":\"public\""), careless);
        }
    }

    private static Peer retrieval(String... more) throws IOException {
        var command = Peer.command("retrieval-server.mjs", "0");
        command.command().addAll(List.of(more));
        command.environment().put("RETRIEVAL_TOKENS", "{\"for-hr\": \"hr\", \"for-engineering\": \"engineering\"}");
        return Peer.listening(command);
    }
}
