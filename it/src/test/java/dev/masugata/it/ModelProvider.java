package dev.masugata.it;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A provider of models that says what it is told to (`peers/provider.py`).
final class ModelProvider implements AutoCloseable {
    private final Process process;
    private final Path seen;
    final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    ModelProvider(Path directory) throws IOException {
        seen = directory.resolve("prompts");
        process = new ProcessBuilder("python3", Peer.script("provider.py").toString(), seen.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        port = Integer.parseInt(new BufferedReader(new InputStreamReader(process.getInputStream())).readLine());
    }

    /// What it says from now on.
    void says(Json.Obj what) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(JsonWriter.bytes(what))).build();
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }

    /// The requests that it got, oldest first.
    List<Json.Obj> seen() throws IOException {
        var all = new ArrayList<Json.Obj>();
        if (Files.exists(seen))
            for (var line : Files.readAllLines(seen))
                all.add((Json.Obj) JsonReader.read(line.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        Limits.DEFAULT));
        return all;
    }

    /// True once a client of a stream had gone.
    boolean isLeft() {
        return Files.exists(seen.resolveSibling("prompts.gone"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
