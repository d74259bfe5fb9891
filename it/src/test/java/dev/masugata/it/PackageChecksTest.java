package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Installs through the gate, by the real npm from a registry of the test's own: what is old and known comes, what is
/// new, unknown or looks like another waits for a person.
@Tag("egress")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackageChecksTest {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer registry;
    private Gate gate;
    private String token;
    private String at;

    @BeforeAll
    void start() throws Exception {
        registry = HttpServer.create(new InetSocketAddress("127.0.0.2", 0), 0);
        registry.createContext("/", this::answer);
        registry.start();
        at = "http://127.0.0.2:" + registry.getAddress().getPort();
        gate = Gate.prepared("");
        var now = Instant.now();
        publish("settled", now.minus(2000, ChronoUnit.DAYS), "1.0.0", "1.1.0");
        publish("newborn", now.minus(3, ChronoUnit.DAYS), "1.0.0", "1.1.0");
        publish("expres", now.minus(90, ChronoUnit.DAYS), "1.0.0", "1.1.0");
        publish("invented", now, "1.0.0", "1.1.0");
        // Its archive lies there, and the registry knows of no such package.
        files.remove("/invented");
        Files.writeString(gate.config, """
                listen: { gates: 127.0.0.1:0, proxy: 127.0.0.1:0, people: 127.0.0.1:0 }
                approvals: { wait: 0s }
                egress: { allow: [ { host: 127.0.0.2, port: %d, private: true, only: read } ] }
                mcp: { registries: { npm: "%s/" } }
                """.formatted(registry.getAddress().getPort(), at));
        gate.serve();
        token = gate.token("coder");
    }

    @AfterAll
    void stop() throws IOException {
        registry.stop(0);
        gate.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        asked.add(path);
        var file = files.get(path);
        exchange.getResponseHeaders().set("content-type",
                path.endsWith("z") ? "application/octet-stream" : "application/json");
        exchange.sendResponseHeaders(file == null ? 404 : 200, file == null ? -1 : file.length);
        if (file != null) exchange.getResponseBody().write(file);
        exchange.close();
    }

    private void publish(String name, Instant born, String... versions) throws Exception {
        var all = new ArrayList<String>();
        for (var version : versions) {
            var place = Files.createDirectories(gate.directory.resolve(name + version).resolve("package"));
            Files.writeString(place.resolve("package.json"),
                    "{\"name\": \"" + name + "\", \"version\": \"" + version + "\"}");
            var archive = gate.directory.resolve(name + version + ".tgz");
            assertEquals(0, new ProcessBuilder("tar", "-czf", archive.toString(), "package")
                    .directory(place.getParent().toFile()).inheritIO().start().waitFor());
            var bytes = Files.readAllBytes(archive);
            var path = "/" + name + "/-/" + name + "-" + version + ".tgz";
            files.put(path, bytes);
            var digest = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-512").digest(bytes));
            all.add(("\"%s\": {\"name\": \"%s\", \"version\": \"%s\", "
                    + "\"dist\": {\"tarball\": \"%s\", \"integrity\": \"sha512-%s\"}}")
                    .formatted(version, name, version, at + path, digest));
        }
        var packument = ("{\"name\": \"%s\", \"dist-tags\": {\"latest\": \"%s\"}, "
                + "\"time\": {\"created\": \"%s\"}, \"versions\": {%s}}")
                .formatted(name, versions[versions.length - 1], born, String.join(", ", all));
        files.put("/" + name, packument.getBytes(StandardCharsets.UTF_8));
    }

    private record Said(int exit, String out) {}

    private Said install(String name) throws Exception {
        Path place = Files.createTempDirectory(gate.directory, "project");
        var builder = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--prefix", place.toString(),
                "--cache", place.resolve("cache").toString(), "--fetch-retries=0", "--registry", at + "/", name)
                .redirectErrorStream(true).directory(place.toFile());
        var proxy = "http://coder:" + token + "@127.0.0.1:" + gate.proxy;
        for (var variable : List.of("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"))
            builder.environment().put(variable, proxy);
        for (var variable : List.of("no_proxy", "NO_PROXY")) builder.environment().put(variable, "");
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), out);
    }

    @Test
    void whatIsOldAndKnownIsInstalled() throws Exception {
        var said = install("settled");
        assertEquals(0, said.exit(), said.out());
        assertTrue(gate.run("log", "--json").ok().out().contains("house_call"), "what was looked up is on record");
    }

    @Test
    void whatIsNewWaitsForAPerson() throws Exception {
        var said = install("newborn");
        assertFalse(said.exit() == 0, said.out());
        assertTrue(said.out().contains("403"), said.out());
        assertFalse(asked.contains("/newborn/-/newborn-1.1.0.tgz"), "nothing of it came");
        var waiting = gate.run("approvals").ok().out();
        var id = waiting.lines().filter(it -> it.contains("newborn")).findFirst().orElseThrow().replaceAll(
                "(?s).*?(a-\\d+).*", "$1");
        gate.run("approve", id).ok();
        said = install("newborn");
        assertEquals(0, said.exit(), said.out());
    }

    @Test
    void whatLooksLikeAnotherAndWhatNobodyKnowsIsHeld() throws Exception {
        assertFalse(install("expres").exit() == 0);
        assertFalse(asked.contains("/expres/-/expres-1.1.0.tgz"));
        assertFalse(install(at + "/invented/-/invented-1.1.0.tgz").exit() == 0);
        assertFalse(asked.contains("/invented/-/invented-1.1.0.tgz"));
        var record = gate.run("log", "export", "--format", "jsonl").ok().out();
        assertTrue(record.contains("package/look-alike") && record.contains("package/unknown"));
    }
}
