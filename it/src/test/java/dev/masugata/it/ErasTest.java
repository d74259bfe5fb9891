package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.Json;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Clients and servers of both eras with one gate between them, each with an SDK that is not ours.
@Tag("mcp")
class ErasTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Peer modern;
    private static Peer sse;
    private static Gate gate;
    private static int deadPort;
    private static String token;

    @BeforeAll
    static void start() throws IOException {
        modern = Peer.listening("modern-server.mjs", "0");
        sse = Peer.listening("legacy-sse-server.mjs", "0");
        try (var free = new ServerSocket(0)) {
            deadPort = free.getLocalPort();
        }
        gate = Gate.serving(
                """
                limits: { caller: 100000/s, tool: 100000/s, address: 100000/s }
                mcp:
                  servers:
                    modern:
                      url: %s
                      pin: first-use
                      trust: annotations
                    old:
                      url: %s
                      pin: first-use
                      tools: { echo: read }
                    dead:
                      url: http://127.0.0.1:%d/mcp
                      pin: first-use
                      trust: annotations
                """.formatted(modern.url, sse.url, deadPort));
        // Tools of one name at several servers: each counts only once it is approved by its own.
        gate.run("tools", "approve", "modern/echo").ok();
        gate.run("tools", "approve", "old/echo").ok();
        token = gate.token("coder");
    }

    @AfterAll
    static void stop() throws IOException {
        gate.close();
        modern.close();
        sse.close();
    }

    private static String url(String server) {
        return "http://127.0.0.1:" + gate.gates + "/mcp" + server;
    }

    private static List<String> client(String server, String steps) throws IOException {
        var command = Peer.command("modern-client.mjs", url(server), token, steps);
        command.environment().put("ANSWER", "{\"word\":\"tree\"}");
        return Peer.lines(command);
    }

    @Test
    void aModernClientAndAModernServer() throws IOException {
        var said = client("/modern", """
                ["discover", ["call", "ask"], ["call", "region", {"region": "north"}],
                 ["listen", {"toolsListChanged": true}], ["call", "change"], ["await", 1], "list",
                 ["read", "doc://public"], ["abandon", "wait", 200]]""");
        assertTrue(said.get(0).contains("\"version\":\"2026-07-28\""), said.toString());
        assertEquals("{\"asked\":\"Which word?\"}", said.get(1));
        assertTrue(said.get(2).contains("the word is tree"), said.get(2));
        // The header is made anew from what was judged.
        assertTrue(said.get(3).contains("\\\"header\\\":\\\"north\\\""), said.get(3));
        assertTrue(String.join("\n", said).contains("notifications/tools/list_changed"), said.toString());
        assertTrue(String.join("\n", said).contains("\"extra\""), said.toString());
        // What is chosen for a caller is that caller's alone, whatever the server says of it.
        assertTrue(said.get(8).contains("\"cacheScope\":\"private\""), said.get(8));
        Await.until(Duration.ofSeconds(10), () -> modern.logged().contains("{\"cancelled\":\"wait\"}"));
    }

    @Test
    void aModernClientAndAServerOfTheFirstRevision() throws IOException {
        var said = client("/old", """
                ["discover", ["call", "echo", {"text": "so it is"}]]""");
        assertTrue(said.get(0).contains("\"version\":\"2026-07-28\""), said.toString());
        assertTrue(said.get(1).contains("so it is"), said.toString());
    }

    @Test
    void aClientWithAHandshakeAndAModernServerThatAsks() {
        var transport = HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + gate.gates)
                .endpoint("/mcp/modern")
                .requestBuilder(HttpRequest.newBuilder().header("Authorization", "Bearer " + token))
                .build();
        try (var client = McpClient.sync(transport)
                .capabilities(McpSchema.ClientCapabilities.builder().elicitation().build())
                .elicitation(asked -> new McpSchema.ElicitResult(McpSchema.ElicitResult.Action.ACCEPT,
                        Map.of("word", "stone")))
                .build()) {
            assertEquals("2025-11-25", client.initialize().protocolVersion());
            var said = client.callTool(new McpSchema.CallToolRequest("ask", Map.of()));
            assertEquals("the word is stone", ((McpSchema.TextContent) said.content().getFirst()).text());
        }
    }

    @Test
    void allServersAsOneAndOneOfThemDead() throws IOException {
        try (var client = new RawClient(gate.gates, "/mcp", token).initialize()) {
            var listed = client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}").body();
            assertTrue(listed.contains("\"modern__echo\"") && listed.contains("\"old__echo\""), listed);
            var said = client.callTool("old__echo", "{\"text\":\"here\"}").toString();
            assertTrue(said.contains("here"), said);
            var dead = client.callTool("dead__echo", "{\"text\":\"here\"}").toString();
            assertTrue(dead.contains("dead cannot be reached"), dead);
            var resources = client.post("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"resources/list\"}").body();
            assertTrue(resources.contains("mcp://modern/doc://public"), resources);
            var read = client.post("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"resources/read\",\"params\":"
                            + "{\"uri\":\"mcp://modern/doc://public\"}}")
                    .body();
            assertTrue(read.contains("the public document") && read.contains("mcp://modern/doc://public"), read);
            // It is used again as soon as it is there.
            try (var back = Peer.listening("modern-server.mjs", Integer.toString(deadPort))) {
                gate.run("tools", "approve", "dead/echo").ok();
                var alive = client.callTool("dead__echo", "{\"text\":\"back\"}").toString();
                assertTrue(alive.contains("back"), alive + back.logged());
            }
        }
    }

    // --- what a client carries between the rounds -------------------------------------------------------------------

    private static Json.Obj modern(String as, int id, String tool, String arguments, String more) throws IOException {
        var body = """
                {"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"%s","arguments":%s%s,"_meta":{
                 "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                 "io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}}}"""
                .formatted(id, tool, arguments, more);
        var request = HttpRequest.newBuilder(URI.create(url("/modern")))
                .header("Authorization", "Bearer " + as)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return RawClient.object(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static String more(String state) {
        return ",\"requestState\":\"" + state
                + "\",\"inputResponses\":{\"word\":{\"action\":\"accept\",\"content\":{\"word\":\"tree\"}}}";
    }

    @Test
    void aStateIsGoodForItsRequestItsCallerAndOnce() throws IOException {
        var asked = modern(token, 1, "ask", "{}", "").object("result");
        assertEquals("input_required", asked.string("resultType").orElse(""));
        var state = asked.string("requestState").orElseThrow();
        var otherRequest = modern(token, 2, "echo", "{\"text\":\"a\"}", more(state));
        assertEquals(-32602L, otherRequest.object("error").integer("code").orElse(0L), otherRequest.toString());
        var otherCaller = modern(gate.token("other"), 3, "ask", "{}", more(state));
        assertEquals(-32602L, otherCaller.object("error").integer("code").orElse(0L), otherCaller.toString());
        var changed = modern(token, 4, "ask", "{}", more(state.substring(1) + "A"));
        assertEquals(-32602L, changed.object("error").integer("code").orElse(0L), changed.toString());
        var used = modern(token, 5, "ask", "{}", more(state));
        assertTrue(used.toString().contains("the word is tree"), used.toString());
        var again = modern(token, 6, "ask", "{}", more(state));
        assertEquals(-32602L, again.object("error").integer("code").orElse(0L), again.toString());
        // Nothing of the server's own state is in it for the client to read or to change.
        assertNotEquals("", state);
        assertFalse(modern.logged().contains(state));
    }

    // --- what is left -----------------------------------------------------------------------------------------------

    /// Bytes of the heap that are in use after a full collection.
    private static long heap() throws IOException {
        var jcmd = System.getProperty("java.home") + "/bin/jcmd";
        var pid = Long.toString(gate.process().pid());
        Peer.lines(new ProcessBuilder(jcmd, pid, "GC.run"));
        var used = Peer.lines(new ProcessBuilder(jcmd, pid, "GC.class_histogram")).getLast();
        return Long.parseLong(used.strip().split("\\s+")[2]);
    }

    private static void conversations(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            try (var client = new RawClient(gate.gates, "/mcp/modern", token).initialize()) {
                assertEquals(200, client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}").statusCode());
            }
        }
    }

    /// Conversations that are opened and left: past the most that are kept of one session, one more costs nothing.
    @Test
    void conversationsThatAreDroppedLeaveNothing() throws IOException {
        conversations(1_000);
        long before = heap();
        conversations(1_000);
        long after = heap();
        assertTrue(after - before < 4_000_000, "grew by " + (after - before) + " bytes from " + before);
    }
}
