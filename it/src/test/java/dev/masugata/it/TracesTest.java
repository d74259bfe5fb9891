package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.net.Response;
import dev.masugata.net.Server;
import dev.masugata.net.ServerOptions;
import dev.masugata.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// Traces reach a collector that speaks OTLP over HTTP, through the same door as everything, and carry no content.
class TracesTest {
    @Test
    void eachDecisionIsASpan() throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        try (var collector = Server.start(ServerOptions.loopback(0), request -> {
            got.add(request.method() + " " + request.path() + " " + new String(request.body().readAll(1 << 20), StandardCharsets.UTF_8));
            return Response.json(200, "{}".getBytes(StandardCharsets.US_ASCII));
        })) {
            var yaml = """
                    telemetry: { otlp: "http://127.0.0.1:%d" }
                    mcp:
                      servers:
                        everything:
                          command: [node, "{peers}/@modelcontextprotocol/server-everything/dist/index.js", stdio]
                          read: ["{peers}"]
                    """.formatted(collector.port());
            try (var gate = Gate.serving(yaml)) {
                gate.run("tools", "approve", "everything").ok();
                try (var client = new RawClient(gate.gates, "/mcp/everything", gate.token("coder")).initialize()) {
                    client.callTool("echo", "{\"message\":\"what-nobody-else-shall-read\"}");
                    client.callTool("get-env", "{}");
                }
                Await.until(Duration.ofSeconds(30), () -> String.join("", got).contains("everything/get-env"));
                var all = String.join("\n", got);
                assertTrue(got.getFirst().startsWith("POST /v1/traces "), got.getFirst());
                assertFalse(all.contains("what-nobody-else-shall-read"));
                assertEquals("allowed", attribute(span(got, "tool_call everything/echo"), "masugata.outcome"));
                assertEquals("ok", attribute(span(got, "tool_call everything/echo"), "masugata.ended"));
                assertEquals("denied", attribute(span(got, "tool_call everything/get-env"), "masugata.outcome"));
                assertTrue(gate.run("log", "-n", "200").ok().out().contains("house_call"), "the calls are on record");
            }
        }
    }

    private static Json.Obj span(List<String> got, String name) {
        for (var one : got)
            for (var resource : RawClient.object(one.substring(one.indexOf('{'))).items("resourceSpans"))
                for (var scope : ((Json.Obj) resource).items("scopeSpans"))
                    for (var span : ((Json.Obj) scope).items("spans"))
                        if (((Json.Obj) span).string("name").orElse("").equals(name)) return (Json.Obj) span;
        throw new AssertionError("no span " + name);
    }

    private static String attribute(Json.Obj span, String key) {
        for (var one : span.items("attributes"))
            if (one instanceof Json.Obj it && it.string("key").orElse("").equals(key)) return it.object("value").string("stringValue").orElse("");
        return "";
    }
}
