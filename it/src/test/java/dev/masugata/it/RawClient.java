package dev.masugata.it;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A client that sends exactly the bytes it is told to.
final class RawClient implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;
    private final String token;
    private final AtomicLong ids = new AtomicLong();
    private String session = "";

    RawClient(int port, String path, String token) {
        this.url = URI.create("http://127.0.0.1:" + port + path);
        this.token = token;
    }

    HttpRequest.Builder request(String body) {
        var request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(70))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        if (!session.isEmpty()) request.header("MCP-Session-Id", session);
        return request;
    }

    HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    HttpResponse<String> post(String body) throws IOException {
        return send(request(body).build());
    }

    RawClient initialize() throws IOException {
        return initialize("{}");
    }

    /// @param capabilities what this client says it can be asked, as JSON
    RawClient initialize(String capabilities) throws IOException {
        var hello = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + capabilities
                + ",\"clientInfo\":{\"name\":\"raw\",\"version\":\"1\"}}}";
        var answer = post(hello);
        if (answer.statusCode() != 200) throw new AssertionError(answer.statusCode() + " " + answer.body());
        session = answer.headers().firstValue("MCP-Session-Id").orElseThrow();
        post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return this;
    }

    String token() {
        return token;
    }

    String session() {
        return session;
    }

    static String call(Object id, String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}}";
    }

    Json.Obj callTool(String tool, String arguments) throws IOException {
        return object(post(call(ids.incrementAndGet(), tool, arguments)).body());
    }

    /// The answer: the body, or the last event of a stream of them.
    static Json.Obj object(String body) {
        int last = body.startsWith("{") ? -1 : body.lastIndexOf("data: ");
        var text = last < 0 ? body : body.substring(last + "data: ".length()).strip();
        return (Json.Obj) JsonReader.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
