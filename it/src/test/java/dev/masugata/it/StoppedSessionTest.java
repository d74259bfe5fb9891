package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a client is told when its session was stopped, and when it asks for too much at once: the reason, in words.
@Tag("mcp")
class StoppedSessionTest {
    private static final String SERVERS = "mcp:\n  servers:\n" + server("rec", "read") + server("writer", "write")
            + "limits: { caller: 100000/s, tool: 100000/s, address: 100000/s }\n";

    private static String server(String name, String toolClass) {
        return "    " + name + ": { command: [python3, \"{scripts}/recorder.py\", \"{workspace}\", " + name + ".seen]"
                + ", dir: \"{work}\", read: [\"{scripts}\"], tools: { note: " + toolClass + " } }\n";
    }

    private static Gate serving() throws IOException {
        var gate = Gate.prepared(SERVERS);
        var scripts = JudgedIsSentTest.scripts(gate);
        Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
        gate.serve();
        gate.run("tools", "approve", "rec").ok();
        gate.run("tools", "approve", "writer").ok();
        return gate;
    }

    private static long received(Gate gate) throws IOException {
        var seen = gate.work().resolve("rec.seen");
        if (!Files.exists(seen)) return 0;
        return Files.readAllLines(seen).stream().filter(it -> it.contains("tools/call")).count();
    }

    @Test
    void aStoppedSessionIsToldSoUntilItIsResumed() throws Exception {
        try (var gate = serving();
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var reader = new RawClient(gate.gates, "/mcp/rec", gate.token("coder")).initialize();
                var writer = new RawClient(gate.gates, "/mcp/writer", gate.token("other")).initialize()) {
            var running = threads.submit(() -> reader.callTool("note", "{\"text\":\"silence\"}").toString());
            var held = threads.submit(() -> writer.callTool("note", "{\"text\":\"a\"}").toString());
            Await.until(Duration.ofSeconds(20), () -> received(gate) == 1);
            Await.until(Duration.ofSeconds(20), () -> gate.run("approvals").ok().out().contains("writer"));
            gate.run("stop", "--all").ok();
            for (var call : List.of(running, held)) {
                assertTrue(call.get().contains("the session was stopped"), call.get());
                assertFalse(call.get().contains("went away"), call.get());
            }
            var later = reader.callTool("note", "{\"text\":\"b\"}");
            assertTrue(later.toString().contains("\"isError\":true") && later.toString().contains("stopped"),
                    later.toString());
            var list = reader.post("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"tools/list\"}");
            assertEquals(200, list.statusCode());
            assertTrue(list.body().contains("-31001") && list.body().contains("stopped"), list.body());
            var approval = gate.run("approvals").ok().out().substring(0, 12).strip().split(" ")[0];
            var approved = gate.run("approve", approval).ok();
            assertTrue(approved.err().contains("masugata resume s-"), approved.err());
            assertTrue(writer.callTool("note", "{\"text\":\"a\"}").toString().contains("stopped"));
            for (var session : approved.err().split("resume ")[1].lines().limit(1).toList()) gate.run("resume", session)
                    .ok();
            assertTrue(writer.callTool("note", "{\"text\":\"a\"}").toString().contains("noted"),
                    "it was approved, and goes on");
            assertEquals(1, received(gate), "nothing of the stopped one left");
        }
    }

    /// As many as there may be are served; one more is told when to come again, and the others do not notice.
    @Test
    void oneRequestTooManyAtOnceIsToldToWait() throws Exception {
        try (var gate = serving();
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var client = new RawClient(gate.gates, "/mcp/rec", gate.token("coder")).initialize()) {
            var open = new ArrayList<Future<HttpResponse<String>>>();
            for (int i = 1; i <= 64; i++) open.add(silent(threads, client, i));
            Await.until(Duration.ofSeconds(30), () -> received(gate) == 64);
            for (var progress : List.of("", ",\"_meta\":{\"progressToken\":\"p\"}")) {
                var call = RawClient.call(65, "note", "{\"text\":\"x\"}" + progress);
                var refused = client.post(call);
                assertEquals(429, refused.statusCode(), refused.body());
                assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
                var error = RawClient.object(refused.body()).object("error");
                assertEquals(-31029, error.integer("code").orElse(0L));
                assertEquals("conversation", error.object("data").string("dimension").orElse(""));
            }
            assertTrue(open.stream().noneMatch(Future::isDone));
            assertEquals(64, received(gate));
            client.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
            open.getFirst().get();
            assertEquals(200, client.post(RawClient.call(66, "note", "{\"text\":\"x\"}")).statusCode());
        }
    }

    private static Future<HttpResponse<String>> silent(ExecutorService threads, RawClient client, int id) {
        return threads.submit(() -> client.post(RawClient.call(id, "note", "{\"text\":\"silence\"}")));
    }
}
