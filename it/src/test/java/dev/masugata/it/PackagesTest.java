package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers that configuration names as packages: `npx` and `uvx` commands. The installers are the real ones; where a
/// registry has to be hostile, it is one of the test's own that speaks npm's protocol or PEP 503.
@Tag("mcp")
class PackagesTest {
    @TempDir
    static Path directory;

    private static HttpServer registry;
    private static HttpServer elsewhere;
    private static final Map<String, byte[]> FILES = new ConcurrentHashMap<>();
    private static final List<String> ASKED = new CopyOnWriteArrayList<>();
    private static final List<String> ASKED_ELSEWHERE = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        registry = serve(ASKED);
        elsewhere = serve(ASKED_ELSEWHERE);
        npm("noter", "1.0.0", at(registry), false);
        npm("tampered", "1.0.0", at(registry), true);
        npm("scattered", "1.0.0", at(elsewhere), false);
        python();
    }

    @AfterAll
    static void stop() {
        registry.stop(0);
        elsewhere.stop(0);
    }

    private static HttpServer serve(List<String> asked) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, asked));
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, List<String> asked) throws IOException {
        var path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + path);
        var file = FILES.get(path);
        exchange.getResponseHeaders().set("content-type", path.endsWith("/") ? "text/html"
                : path.endsWith("z") || path.endsWith("whl") ? "application/octet-stream" : "application/json");
        exchange.sendResponseHeaders(file == null ? 404 : 200, file == null ? -1 : file.length);
        if (file != null) exchange.getResponseBody().write(file);
        exchange.close();
    }

    private static String at(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /// An MCP server as a package, whose script wants to run while it is installed.
    private static void npm(String name, String version, String files, boolean tampered) throws Exception {
        var place = Files.createDirectories(directory.resolve(name + version).resolve("package"));
        Files.writeString(place.resolve("package.json"), """
                {"name": "%s", "version": "%s", "bin": {"%s": "server.py"},
                 "scripts": {"preinstall": "touch /opt/masugata/package/ran",
                             "install": "touch /opt/masugata/package/ran",
                             "postinstall": "touch /opt/masugata/package/ran"}}
                """.formatted(name, version, name));
        Files.writeString(place.resolve("server.py"), "#!/usr/bin/env python3\n" + Files.readString(
                Peer.script("recorder.py")));
        place.resolve("server.py").toFile().setExecutable(true);
        var archive = directory.resolve(name + ".tgz");
        command(place.getParent(), "tar", "-czf", archive.toString(), "package");
        var bytes = Files.readAllBytes(archive);
        var digest = MessageDigest.getInstance("SHA-512").digest(bytes);
        if (tampered) digest[0] ^= 1;
        var path = "/files/" + name + ".tgz";
        FILES.put(path, bytes);
        FILES.put("/" + name, """
                {"name": "%1$s", "dist-tags": {"latest": "%2$s"},
                 "versions": {"%2$s": {"name": "%1$s", "version": "%2$s",
                 "bin": {"%1$s": "server.py"}, "hasInstallScript": true,
                 "dist": {"tarball": "%3$s", "integrity": "sha512-%4$s"}}}}
                """.formatted(name, version, files + path.substring(1), Base64.getEncoder().encodeToString(digest))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// A wheel (PEP 427) in an index (PEP 503), and beside it a package that has none.
    private static void python() throws Exception {
        var build = "import sys, zipfile\n"
                + "z = zipfile.ZipFile(sys.argv[1], 'w')\n"
                + "z.writestr('pynoter/__init__.py', 'def main():\\n' + ''.join(' ' + l for l in "
                + "open(sys.argv[2]).read().splitlines(True)))\n"
                + "m = 'Metadata-Version: 2.1\\nName: pynoter\\nVersion: 1.0\\n'\n"
                + "z.writestr('pynoter-1.0.dist-info/METADATA', m)\n"
                + "z.writestr('pynoter-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: t\\n"
                + "Root-Is-Purelib: true\\nTag: py3-none-any\\n')\n"
                + "z.writestr('pynoter-1.0.dist-info/entry_points.txt', '[console_scripts]\\n"
                + "pynoter = pynoter:main\\n')\n"
                + "z.writestr('pynoter-1.0.dist-info/RECORD', '')\n"
                + "z.close()\n";
        var wheel = directory.resolve("pynoter-1.0-py3-none-any.whl");
        command(directory, "python3", "-c", build, wheel.toString(), Peer.script("recorder.py").toString());
        var bytes = Files.readAllBytes(wheel);
        var sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        FILES.put("/files/pynoter-1.0-py3-none-any.whl", bytes);
        FILES.put("/simple/pynoter/", ("<!DOCTYPE html><html><body>"
                + "<a href=\"../../files/pynoter-1.0-py3-none-any.whl#sha256="
                + sha256 + "\">pynoter-1.0-py3-none-any.whl</a></body></html>").getBytes());
        FILES.put("/simple/builds/", ("<!DOCTYPE html><html><body>"
                + "<a href=\"../../files/builds-1.0.tar.gz\">builds-1.0.tar.gz</a></body></html>")
                .getBytes());
    }

    private static void command(Path in, String... words) throws Exception {
        var process = new ProcessBuilder(words).directory(in.toFile()).inheritIO().start();
        assertEquals(0, process.waitFor());
    }

    private static Gate gate(String servers, String... files) throws IOException {
        return Gate.serving("mcp:\n  registries: { npm: \"" + at(registry) + "\", python: \"" + at(registry)
                + "simple/\", files: [" + String.join(", ", files) + "] }\n  servers:\n" + servers);
    }

    private static List<Path> installed(Gate gate, String kind) throws IOException {
        var place = gate.home.resolve("packages").resolve(kind);
        if (!Files.isDirectory(place)) return List.of();
        try (var all = Files.list(place)) {
            return all.toList();
        }
    }

    private static final String NOTER =
            "    noter: { command: [npx, -y, \"noter@1.0.0\", /tmp, seen], tools: { note: read } }\n";

    @Test
    void aPackageIsInstalledOnceWithoutItsScriptsAndRunFromThere() throws IOException {
        try (var gate = gate(NOTER)) {
            ASKED.clear();
            gate.run("tools", "approve", "noter").ok();
            assertEquals(List.of("GET /noter", "GET /files/noter.tgz"), List.copyOf(ASKED));
            var place = installed(gate, "npm").getFirst();
            assertTrue(place.endsWith("noter@1.0.0") && Files.exists(place.resolve("package-lock.json")));
            assertFalse(Files.exists(place.resolve("ran")), "a script of the package ran");
            var token = gate.token("coder");
            var call = "[[\"note\", {\"text\": \"a\"}]]";
            assertTrue(call(gate, token, call).contains("noted"));
            var record = gate.run("log", "--json").ok().out();
            assertTrue(record.contains("/files/noter.tgz"), "what was fetched is on record");
            // Once, also for a gate that starts again.
            gate.end();
            gate.serve();
            assertTrue(call(gate, token, call).contains("noted"));
            assertEquals(2, ASKED.size());
            // What lies there is what was approved.
            gate.end();
            Files.writeString(place.resolve("node_modules/noter/server.py"), "# another\n",
                    StandardOpenOption.APPEND);
            gate.serve();
            assertTrue(call(gate, token, call).contains("not the one that was approved"), gate.logged());
        }
    }

    private static String call(Gate gate, String token, String calls) throws IOException {
        return String.join("\n", Peer.lines(
                Peer.command("client.mjs", "http", "http://127.0.0.1:" + gate.gates + "/mcp/noter", token, calls)));
    }

    @Test
    void anArchiveThatIsNotWhatItsRegistrySaysIsNotKept() throws IOException {
        try (var gate = gate("    noter: { command: [npx, \"tampered@1.0.0\", /tmp, seen] }\n")) {
            var said = gate.run("tools", "approve", "noter");
            assertTrue(said.exit() == 1 && said.err().contains("tampered@1.0.0 could not be installed"), said.err());
            assertTrue(said.err().contains("EINTEGRITY") || said.err().contains("integrity"), said.err());
            assertEquals(List.of(), installed(gate, "npm"));
            try (var left = Files.list(gate.home.resolve("packages"))) {
                assertEquals(List.of("npm"), left.map(it -> it.getFileName().toString()).toList());
            }
        }
    }

    @Test
    void theInstallerReachesTheRegistryAlone() throws IOException {
        var scattered = "    noter: { command: [npx, \"scattered@1.0.0\", /tmp, seen] }\n";
        try (var gate = gate(scattered)) {
            var said = gate.run("tools", "approve", "noter");
            assertEquals(1, said.exit());
            assertTrue(said.err().contains(at(elsewhere).replaceAll("/$", "") + ", which"
                    + " `mcp.registries.files` does not name"), said.err());
            assertEquals(List.of(), ASKED_ELSEWHERE);
        }
        // The twin: where configuration says that files lie there.
        try (var gate = gate(scattered, "\"" + at(elsewhere) + "\"")) {
            gate.run("tools", "approve", "noter").ok();
            assertEquals(List.of("GET /files/scattered.tgz"), List.copyOf(ASKED_ELSEWHERE));
        }
    }

    @Test
    void whatIsNotThereSaysSo() throws IOException {
        try (var gate = gate("    noter: { command: [npx, \"missing@1.0.0\"] }\n"
                + "    older: { command: [npx, \"noter@0.9.0\"] }\n")) {
            var said = gate.run("tools", "approve", "noter");
            assertTrue(said.exit() == 1 && said.err().contains("missing@1.0.0 could not be installed")
                    && said.err().contains("404"), said.err());
            said = gate.run("tools", "approve", "older");
            assertTrue(said.exit() == 1 && said.err().contains("noter@0.9.0 could not be installed"), said.err());
        }
    }

    @Test
    void wheelsOfPythonPackagesAreInstalledAndSourcesAreNot() throws IOException {
        try (var gate = gate("    wheel: { command: [uvx, \"pynoter==1.0\", /tmp, seen], tools: { note: read } }\n"
                + "    source: { command: [uvx, \"builds==1.0\"] }\n")) {
            gate.run("tools", "approve", "wheel").ok();
            assertTrue(Files.exists(installed(gate, "python").getFirst().resolve("report.json")));
            var said = gate.run("tools", "approve", "source");
            assertTrue(said.exit() == 1 && said.err().contains("builds==1.0 could not be installed"), said.err());
            assertFalse(ASKED.contains("GET /files/builds-1.0.tar.gz"), "nobody reads what would be built");
        }
    }

    /// The registry that this machine's own npm uses, and a server that people use.
    @Test
    void aServerThatPeopleUseComesFromTheRegistryOfTheirNpm() throws IOException {
        try (var gate = Gate.serving("mcp:\n  servers:\n    files: { command: [npx, -y,"
                + " \"@modelcontextprotocol/server-filesystem@2026.8.31\", \"{workspace}\"], dir: \"{work}\" }\n")) {
            Files.writeString(gate.work().resolve("a.txt"), "hello");
            var approved = gate.run("tools", "approve", "files").ok().out();
            assertTrue(approved.contains("files/read_text_file  read"), "the catalog knows it: " + approved);
            var said = Peer.lines(Peer.command(
                    "client.mjs", "http", "http://127.0.0.1:" + gate.gates + "/mcp/files", gate.token("coder"),
                    "[[\"read_text_file\", {\"path\": \"" + gate.work().resolve("a.txt") + "\"}]]"));
            assertTrue(said.getFirst().contains("hello"), said.toString());
        }
    }
}
