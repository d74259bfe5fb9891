package dev.masugata.app.bench;

import dev.masugata.app.ResidentGate;
import dev.masugata.sandbox.InsecureDirect;
import dev.masugata.sandbox.InsecurePeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// All that is measured, running: a gate in a home of its own, the peers, and what stands behind them.
final class Stage implements AutoCloseable {
    /// Seconds that a program may take until it listens.
    private static final int START_SECONDS = 60;

    private static final String LOCAL = "127.0.0.1";

    private final Peers peers;
    private final int rounds;
    private final Path directory;
    private final List<InsecurePeer> running = new ArrayList<>();
    final List<Contender> contenders = new ArrayList<>();

    private Stage(Peers peers, int rounds, Path directory) {
        this.peers = peers;
        this.rounds = rounds;
        this.directory = directory;
    }

    /// @param agentgateway its program, if there is one
    static Stage set(Peers peers, int rounds, Optional<String> agentgateway) throws IOException, InterruptedException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        var directory = Files.createTempDirectory("masugata-bench-", owner).toRealPath();
        var stage = new Stage(peers, rounds, directory);
        try {
            stage.start(agentgateway);
            return stage;
        } catch (IOException | InterruptedException failed) {
            stage.close();
            throw failed;
        }
    }

    private void start(Optional<String> agentgateway) throws IOException, InterruptedException {
        int port = freePort();
        var upstream = start("upstream", peers.everything("streamableHttp"), Map.of("PORT", Integer.toString(port)));
        listening(upstream, port);
        var direct = URI.create("http://" + LOCAL + ":" + port + "/mcp");
        gate(upstream, direct);
        int proxy = freePort();
        var mcpProxy = start("mcp-proxy", peers.proxy(proxy), Map.of());
        listening(mcpProxy, proxy);
        add("mcp-proxy, stdio", URI.create("http://" + LOCAL + ":" + proxy + "/mcp"), Optional.of(mcpProxy));
        contenders.add(new Contender("direct, http", direct, Optional.empty(), Optional.of(upstream), List.of()));
        if (agentgateway.isPresent()) agentgateway(agentgateway.get());
    }

    private void add(String name, URI url, Optional<InsecurePeer> gate) {
        contenders.add(new Contender(name, url, gate, Optional.empty(), List.of()));
    }

    // --- our gate --------------------------------------------------------------------------------------------------

    private static final Pattern PORT = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/mcp");

    private void gate(InsecurePeer upstream, URI direct) throws IOException, InterruptedException {
        var launcher = Path.of(ResidentGate.installation(), "masugata").toString();
        var home = Map.of("MASUGATA_HOME", directory.resolve("home").toString());
        var config = directory.resolve("masugata.yaml");
        var agents = new StringBuilder();
        var forStdio = tokens("stdio", agents);
        var forHttp = tokens("http", agents);
        Files.writeString(config, yaml(direct) + agents);
        var gate = start("gate", List.of(launcher, "serve", "--config", config.toString()), home);
        var port = awaited(gate, () -> {
            var said = PORT.matcher(gate.said());
            return said.find() ? Optional.of(said.group(1)) : Optional.empty();
        });
        for (var server : List.of("stdio", "http")) {
            var said = InsecureDirect.run(List.of(launcher, "tools", "approve", server), home, directory);
            if (!said.contains("echo"))
                throw new IOException("the gate did not approve the tools of its server: " + said);
        }
        var base = "http://" + LOCAL + ":" + port + "/mcp/";
        contenders.add(new Contender(
                "masugata, stdio", URI.create(base + "stdio"), Optional.of(gate), Optional.empty(), forStdio));
        contenders.add(new Contender(
                "masugata, http", URI.create(base + "http"), Optional.of(gate), Optional.of(upstream), forHttp));
    }

    /// All controls as they are where nothing is said, but for how often who may call: limits that cut a load are not
    /// what is measured.
    private String yaml(URI direct) {
        var command = String.join(", ", peers.everything("stdio").stream().map(it -> '"' + it + '"').toList());
        return """
                listen: { gates: 127.0.0.1:0, proxy: 127.0.0.1:0, people: 127.0.0.1:0 }
                limits: { caller: 1000000/s, tool: 1000000/s, address: 1000000/s }
                mcp:
                  servers:
                    stdio: { command: [%s], read: ["%s"], tools: { echo: read } }
                    http: { url: "%s", tools: { echo: read } }
                agents:
                """.formatted(command, peers.modules(), direct);
    }

    private List<String> tokens(String kind, StringBuilder agents) throws IOException {
        var random = new SecureRandom();
        var tokens = new ArrayList<String>();
        for (int round = 0; round < rounds; round++) {
            var bytes = new byte[32];
            random.nextBytes(bytes);
            var token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            var file = directory.resolve(kind + "-" + round + ".token");
            Files.writeString(file, token);
            agents.append("  - { id: ").append(kind).append('-').append(round).append(", user: bench, token: \"file:")
                    .append(file).append("\" }\n");
            tokens.add(token);
        }
        return tokens;
    }

    // --- others ----------------------------------------------------------------------------------------------------

    private void agentgateway(String program) throws IOException, InterruptedException {
        int port = freePort();
        var command = peers.everything("stdio");
        var arguments = String.join(", ", command.stream().skip(1).map(it -> '"' + it + '"').toList());
        var config = directory.resolve("agentgateway.yaml");
        Files.writeString(config, """
                binds:
                - port: %d
                  listeners:
                  - routes:
                    - backends:
                      - mcp:
                          targets:
                          - name: everything
                            stdio: { cmd: "%s", args: [%s] }
                """.formatted(port, command.getFirst(), arguments));
        var started = start("agentgateway", List.of(program, "-f", config.toString()), Map.of());
        listening(started, port);
        add("agentgateway, stdio", URI.create("http://" + LOCAL + ":" + port + "/mcp"), Optional.of(started));
    }

    // --- processes -------------------------------------------------------------------------------------------------

    private InsecurePeer start(String name, List<String> command, Map<String, String> environment) throws IOException {
        var started = InsecurePeer.start(command, environment, directory, directory.resolve(name + ".log"));
        running.add(started);
        return started;
    }

    private static int freePort() throws IOException {
        try (var any = new ServerSocket(0, 1, InetAddress.getByName(LOCAL))) {
            return any.getLocalPort();
        }
    }

    private static void listening(InsecurePeer peer, int port) throws IOException, InterruptedException {
        awaited(peer, () -> {
            try (var socket = new Socket(LOCAL, port)) {
                // To a port that nobody listens on yet, a socket that took this very port connects to itself (RFC 9293,
                // simultaneous open).
                return socket.getLocalPort() == port ? Optional.empty() : Optional.of(port);
            } catch (IOException notYet) {
                return Optional.empty();
            }
        });
    }

    private interface Sign<T> {
        Optional<T> seen() throws IOException;
    }

    private static <T> T awaited(InsecurePeer peer, Sign<T> sign) throws IOException, InterruptedException {
        long end = System.nanoTime() + START_SECONDS * 1_000_000_000L;
        while (System.nanoTime() - end < 0) {
            var seen = sign.seen();
            if (seen.isPresent()) return seen.get();
            if (!peer.isAlive()) throw new IOException("a program to be measured ended at once: " + peer.said());
            Thread.sleep(50);
        }
        throw new IOException("a program to be measured did not start in " + START_SECONDS + " s: " + peer.said());
    }

    /// Ends all processes.
    void end() {
        for (var it : List.copyOf(running).reversed()) it.close();
    }

    @Override
    public void close() throws IOException {
        end();
        try (var left = Files.walk(directory)) {
            for (var file : left.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
