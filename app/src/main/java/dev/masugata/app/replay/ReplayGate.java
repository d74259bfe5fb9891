package dev.masugata.app.replay;

import dev.masugata.app.GateProcess;
import dev.masugata.app.Home;
import dev.masugata.app.control.ControlClient;
import dev.masugata.app.control.Link;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A gate of its own in a throw-away home, with the tools of recorded runs behind it: the same code as `serve`, spoken
/// to over HTTP and `control.sock` like any other.
final class ReplayGate implements AutoCloseable {
    private static final String AGENT = "recorded";
    private static final String SERVER = "recorded";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path stage;
    private final Home home;
    private final Thread gate;
    private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI address;
    private String token = "";
    private String conversation = "";
    private long ids;

    /// @param policy Cedar text; empty for the built-in policy
    ReplayGate(Json.Arr tools, Path policy) throws IOException, InterruptedException {
        stage = Files.createTempDirectory("masugata-replay-").toRealPath();
        home = new Home(stage.resolve("home"));
        int port = freePort();
        address = URI.create("http://127.0.0.1:" + port + "/mcp/" + SERVER);
        var world = Files.createDirectory(stage.resolve("world"));
        Files.write(world.resolve("tools.json"), JsonWriter.bytes(tools));
        Files.writeString(world.resolve("answers.json"), "[]");
        try (var script = ReplayGate.class.getResourceAsStream("server.py")) {
            if (script == null) throw new IllegalStateException("the recorded server is missing from this build");
            Files.write(world.resolve("server.py"), script.readAllBytes());
        }
        var config = stage.resolve("masugata.yaml");
        Files.writeString(config, configuration(port, world, policy));
        gate = Thread.ofPlatform().name("gate").start(() -> {
            try {
                GateProcess.run(home, java.util.Optional.of(config), true);
            } catch (GateProcess.Failed unusable) {
                failed.set(unusable);
            }
        });
        begin();
    }

    private static String configuration(int port, Path world, Path policy) {
        var named = policy.toString().isEmpty() ? "" : "policy: " + policy.toAbsolutePath() + "\n";
        return "listen: { gates: 127.0.0.1:" + port + ", proxy: 127.0.0.1:0, people: 127.0.0.1:0 }\n"
                + "approvals: { wait: 0s }\n"
                + "limits: { caller: 100000/s, tool: 100000/s, address: 100000/s }\n"
                + named
                + "mcp:\n  servers:\n    " + SERVER + ":\n"
                + "      command: [python3, " + world.resolve("server.py") + ", " + world + "]\n"
                + "      read: [" + world + "]\n";
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void begin() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (ControlClient.connect(home.socket()).isEmpty()) {
            if (!gate.isAlive() || System.nanoTime() > end)
                throw new IOException("the gate did not start", failed.get());
            gate.join(Duration.ofMillis(20));
        }
        var added = ask(Json.object("do", "agents-add").with("id", AGENT).with("user", "user"));
        token = added.string("token").orElseThrow();
        ask(Json.object("do", "tools-approve").with("name", SERVER));
    }

    private Json.Obj ask(Json.Obj request) throws IOException {
        try (var link = ControlClient.connect(home.socket()).orElseThrow(() -> new IOException("the gate has gone"))) {
            link.message(request);
            if (!(link.receive().orElse(null) instanceof Link.Received.End(var end)))
                throw new IOException("the gate has gone");
            var error = end.string("error");
            if (error.isPresent()) throw new IOException(error.get());
            return end;
        }
    }

    /// Begins a fresh session whose tools will answer these.
    String fresh(List<RecordedRun.Step.Called> answers) throws IOException, InterruptedException {
        var queue = new ArrayList<Json>();
        for (var answer : answers) queue.add(new Json.Arr(List.of(Json.of(answer.answer()), Json.of(answer.failed()))));
        var next = stage.resolve("answers.next");
        Files.write(next, JsonWriter.bytes(new Json.Arr(queue)));
        Files.move(next, stage.resolve("world/answers.json"), StandardCopyOption.ATOMIC_MOVE);
        var session = ask(Json.object("do", "agents-fresh").with("id", AGENT)).string("session").orElseThrow();
        conversation = "";
        var client = Json.object("name", "replay").with("version", "1");
        send(
                "initialize",
                Json.object("protocolVersion", "2025-11-25").with("capabilities", Json.EMPTY)
                        .with("clientInfo", client));
        return session;
    }

    /// What the user or the operator says, over `control.sock`.
    void say(String session, boolean operator, String text) throws IOException {
        var request = Json.object("do", "say").with("session", session).with("operator", Json.of(operator));
        if (!text.isBlank()) ask(request.with("text", text));
    }

    /// How a call came out.
    ///
    /// @param refused empty if it went through; else `held` or `denied`
    /// @param because the policies that refused it
    record Outcome(String refused, List<String> because) {}

    /// One call over MCP.
    Outcome call(String tool, Json.Obj arguments) throws IOException, InterruptedException {
        var answer = send("tools/call", Json.object("name", tool).with("arguments", arguments));
        if (answer.at("error").isPresent())
            return new Outcome("denied", List.of("error " + answer.object("error").string("message").orElse("")));
        var decision = answer.object("result").object("_meta").object("dev.masugata/decision");
        var because = new ArrayList<String>();
        for (var reason : decision.items("reasons")) if (reason instanceof Json.Str(var id, _)) because.add(id);
        return new Outcome(decision.string("outcome").orElse(""), because);
    }

    private Json.Obj send(String method, Json.Obj params) throws IOException, InterruptedException {
        var message =
                Json.object("jsonrpc", "2.0").with("id", Json.of(++ids)).with("method", method).with("params", params);
        var request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofByteArray(JsonWriter.bytes(message)));
        if (!conversation.isEmpty()) request.header("Mcp-Session-Id", conversation);
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (conversation.isEmpty()) conversation = response.headers().firstValue("Mcp-Session-Id").orElse("");
        if (JsonReader.read(response.body(), Limits.DEFAULT) instanceof Json.Obj answer) return answer;
        throw new IOException("the gate answered " + response.statusCode());
    }

    @Override
    public void close() throws IOException {
        gate.interrupt();
        try {
            gate.join(PATIENCE);
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
        http.close();
        try (var files = Files.walk(stage)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
