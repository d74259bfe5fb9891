package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The official Java client, with its default timeouts.
@Tag("mcp")
class JavaClientTest {
    @Test
    void listsReadsAndIsDenied() throws Exception {
        var yaml = """
                mcp:
                  servers:
                    files:
                      command: [node, "{peers}/@modelcontextprotocol/server-filesystem/dist/index.js", "{workspace}"]
                      dir: "{work}"
                      read: ["{peers}"]
                      tools: { move_file: irreversible }
                """;
        try (var gate = Gate.serving(yaml)) {
            Files.writeString(gate.work().resolve("hello.txt"), "hello\n");
            var token = gate.token("coder");
            gate.run("tools", "approve", "files").ok();
            var transport = HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + gate.gates)
                    .endpoint("/mcp/files")
                    .requestBuilder(java.net.http.HttpRequest.newBuilder().header("Authorization", "Bearer " + token))
                    .build();
            try (var client = McpClient.sync(transport).build()) {
                client.initialize();
                var names = client.listTools().tools().stream().map(McpSchema.Tool::name).toList();
                assertTrue(names.contains("read_text_file"), names.toString());
                assertFalse(names.contains("move_file"), "every call of it would be denied: " + names);
                var path = gate.work().resolve("hello.txt").toString();
                var read = client.callTool(new McpSchema.CallToolRequest("read_text_file", Map.of("path", path)));
                assertEquals("hello\n", ((McpSchema.TextContent) read.content().getFirst()).text());
                var moved = client.callTool(new McpSchema.CallToolRequest("move_file", Map.of("source", path, "destination", path + ".x")));
                assertEquals(true, moved.isError());
                assertTrue(((McpSchema.TextContent) moved.content().getFirst()).text().startsWith("denied by policy: "));
                assertTrue(Files.exists(gate.work().resolve("hello.txt")));
            }
        }
    }
}
