package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Invariant 1: what is judged is what is sent, once. Every line that a recording server receives, read by parsers in
/// two other languages, is exactly one decision on record; also under resets, crashes of the server and kill -9.
@Tag("invariants")
class JudgedIsSentTest {
    private static final int CALLS = Boolean.getBoolean("masugata.full") ? 3000 : 300;

    private static String server(String name, String... before) {
        var command = new ArrayList<String>();
        command.add("python3");
        for (var word : before) command.add("\"" + word + "\"");
        command.add("\"" + TypeScriptClientTest.resource("recorder.py") + "\"");
        command.add("\"{workspace}\"");
        command.add(name + ".seen");
        return "    " + name + ": { command: [" + String.join(", ", command) + "], dir: \"{work}\", read: [\"{scripts}\"], tools: { note: read } }\n";
    }

    /// The scripts, where a seal may show them: not in the installation.
    static Path scripts(Gate gate) throws IOException {
        var scripts = Files.createDirectories(gate.directory.resolve("scripts"));
        for (var name : List.of("recorder.py", "mutant.py", "actor.py")) Files.copy(TypeScriptClientTest.resource(name), scripts.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return scripts;
    }

    private static Gate gate(String... servers) throws IOException {
        var gate = Gate.prepared("mcp:\n  servers:\n" + String.join("", servers) + "limits: { caller: 100000/s, tool: 100000/s, address: 100000/s }\n");
        var scripts = scripts(gate);
        var text = Files.readString(gate.config).replace("{scripts}", scripts.toString()).replace(TypeScriptClientTest.resource("").toString(), scripts.toString());
        Files.writeString(gate.config, text);
        gate.serve();
        return gate;
    }

    @Test
    void everyLineReceivedIsOneDecision() throws Exception {
        try (var gate = gate(server("rec"))) {
            gate.run("tools", "approve", "rec").ok();
            var token = gate.token("coder");
            traffic(gate, token, CALLS);
            // A power cut in the middle of more of it; then the same gate again.
            var under = Executors.newVirtualThreadPerTaskExecutor();
            under.submit(() -> {
                traffic(gate, token, CALLS);
                return null;
            });
            long before = lines(gate, "rec").size();
            Await.until(Duration.ofSeconds(30), () -> lines(gate, "rec").size() > before + 30);
            gate.kill();
            under.shutdownNow();
            gate.serve();
            traffic(gate, token, 20);
            gate.end();
            assertEquals(List.of(), wrong(gate, "rec"));
            assertTrue(gate.run("log", "verify").ok().out().contains("the record holds"));
        }
    }

    @Test
    void everyBodyReceivedOverHttpIsOneDecision() throws Exception {
        var seen = Files.createTempDirectory("masugata-recorder-").resolve("http.seen");
        try (var recorder = new HttpRecorder(seen);
                var gate = gate("    rec: { url: \"" + recorder.url() + "\", tools: { note: read } }\n")) {
            gate.run("tools", "approve", "rec").ok();
            var token = gate.token("coder");
            traffic(gate, token, CALLS);
            gate.kill();
            gate.serve();
            traffic(gate, token, 20);
            gate.end();
            Files.copy(seen, gate.work().resolve("rec.seen"));
            assertEquals(List.of(), wrong(gate, "rec"));
        }
    }

    @Test
    void theCheckSeesAGateThatSendsTwiceAltersOrAdds() throws Exception {
        for (var how : List.of("twice", "alters", "adds"))
            try (var gate = gate(server(how, TypeScriptClientTest.resource("mutant.py").toString(), how))) {
                gate.run("tools", "approve", how).ok();
                try (var client = new RawClient(gate.gates, "/mcp/" + how, gate.token("coder")).initialize()) {
                    client.callTool("note", "{\"text\":\"one\"}");
                }
                gate.end();
                assertFalse(wrong(gate, how).isEmpty(), "the mutant that " + how + " was not seen");
            }
    }

    /// Concurrent clients, some of which reset the connection in the middle or make the server crash.
    private static void traffic(Gate gate, String token, int calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < 8; client++) {
                int seed = client;
                threads.submit(() -> {
                    var random = new Random(seed);
                    try (var mine = new RawClient(gate.gates, "/mcp/rec", token).initialize()) {
                        for (int i = 0; i < calls / 8; i++) one(gate, mine, token, random);
                    }
                    return null;
                });
            }
        }
    }

    private static void one(Gate gate, RawClient client, String token, Random random) throws Exception {
        switch (random.nextInt(20)) {
            case 0 -> reset(gate, client, token);
            case 1 -> client.callTool("note", "{\"text\":\"crash\"}");
            case 2 -> client.callTool("note", "{\"text\":\"a\",\"undeclared\":true}");
            case 3 -> client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"note\",\"name\":\"other\"}}");
            case 4 -> client.post(RawClient.call(random.nextInt(1000), "note", "{ \"text\" :\"p\\u00e4th\\/\\ud83d\\ude00\", \"count\": 12 }").replace("\"arguments\"", "\"_meta\":{\"progressToken\":9,\"traceparent\":\"00-x\"},\"arguments\""));
            default -> client.callTool("note", "{\"text\":\"" + text(random) + "\",\"count\":" + random.nextInt() + ",\"tags\":[\"x\",\"" + text(random) + "\"]}");
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) text.appendCodePoint("abc 漢字éß😀\u200d<>&".codePointAt(random.nextInt(10)));
        return text.toString().replace("\\", "").replace("\"", "");
    }

    private static void reset(Gate gate, RawClient client, String token) throws IOException {
        var body = RawClient.call(77, "note", "{\"text\":\"silence\"}").getBytes(StandardCharsets.UTF_8);
        try (var socket = new Socket("127.0.0.1", gate.gates)) {
            socket.setSoLinger(true, 0);
            var head = "POST /mcp/rec HTTP/1.1\r\nHost: 127.0.0.1:" + gate.gates + "\r\nAuthorization: Bearer " + token
                    + "\r\nMCP-Session-Id: " + client.session() + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
        }
    }

    // --- the check --------------------------------------------------------------------------------------------------

    private static List<String> lines(Gate gate, String server) throws IOException {
        var seen = gate.work().resolve(server + ".seen");
        return Files.exists(seen) ? Files.readAllLines(seen) : List.of();
    }

    /// Lines without a decision of their own, by each of the two parsers.
    private static List<String> wrong(Gate gate, String server) throws Exception {
        var wrong = new ArrayList<String>();
        var lines = lines(gate, server);
        assertTrue(lines.size() > 3, "hardly anything was received: " + lines.size());
        for (var parser : List.of(List.of("python3", "digest.py"), List.of("node", "digest.mjs"))) {
            var decisions = decisions(gate, server);
            var digests = digests(parser, server, lines);
            assertEquals(lines.size(), digests.size());
            for (int i = 0; i < lines.size(); i++)
                if (decisions.merge(digests.get(i), -1, Integer::sum) < 0) wrong.add(parser.getFirst() + ": " + lines.get(i));
        }
        return wrong;
    }

    private static List<String> digests(List<String> parser, String server, List<String> lines) throws Exception {
        var process = new ProcessBuilder(parser.get(0), TypeScriptClientTest.resource(parser.get(1)).toString(), server)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = process.getOutputStream()) {
            in.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }

    /// How often each digest was decided and allowed.
    private static Map<String, Integer> decisions(Gate gate, String server) throws IOException {
        var decisions = new HashMap<String, Integer>();
        for (var line : gate.run("log", "export", "--format", "jsonl").ok().out().lines().toList()) {
            if (!(RawClient.object(line).members().get("entry") instanceof Json.Obj entry)) continue;
            boolean counts = entry.string("type").orElse("").equals("decided")
                    && entry.string("outcome").orElse("").equals("allowed")
                    && entry.string("target").orElse("").startsWith(server);
            if (counts) decisions.merge(entry.string("digest").orElseThrow(), 1, Integer::sum);
        }
        return decisions;
    }
}
