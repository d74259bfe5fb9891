package dev.masugata.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;

/// An MCP server over HTTP (2025-11-25) that writes down every body it is sent, before it looks at it, on a line each.
final class HttpRecorder implements AutoCloseable {
    private static final String TOOL =
            "{\"name\":\"note\",\"description\":\"Takes a note.\",\"inputSchema\":{\"type\":\"object\","
            + "\"properties\":{\"text\":{\"type\":\"string\"},\"count\":{\"type\":\"integer\"},"
            + "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}}";

    private final HttpServer server;
    private final Path seen;

    HttpRecorder(Path seen) throws IOException {
        this.seen = seen;
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/mcp", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            synchronized (this) {
                Files.writeString(seen, body + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            var message = RawClient.object(body);
            var id = message.at("id");
            if (id.isEmpty()) {
                exchange.sendResponseHeaders(202, -1);
                return;
            }
            var result = result(message);
            if (result.isEmpty()) {
                // As a server that crashes: the connection ends without an answer.
                return;
            }
            var bytes = ("{\"jsonrpc\":\"2.0\",\"id\":" + id.get() + "," + result + "}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String result(Json.Obj message) {
        var text = message.object("params").object("arguments").string("text").orElse("");
        return switch (message.string("method").orElse("")) {
            case "initialize" -> "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                    + "\"serverInfo\":{\"name\":\"recorder\",\"version\":\"1\"}}";
            case "tools/list" -> "\"result\":{\"tools\":[" + TOOL + "]}";
            case "tools/call" -> text.equals("crash") || text.equals("silence")
                    ? ""
                    : "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"noted\"}]}";
            default -> "\"error\":{\"code\":-32601,\"message\":\"unknown method\"}";
        };
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
