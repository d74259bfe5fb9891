package dev.masugata.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A real gate: `./masugata serve` in a process of its own, in a home of its own, on free ports; and its command line.
final class Gate implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("masugata.root"));
    /// Outside of the installation, which no seal shows; `masugata test` installs them.
    static final Path PEERS = Path.of(System.getProperty("masugata.peers"));

    /// What a command said.
    record Said(int exit, String out, String err) {
        Said ok() {
            if (exit != 0) throw new AssertionError("exit " + exit + "\n" + out + "\n" + err);
            return this;
        }
    }

    final Path directory;
    final Path home;
    final Path config;
    private Process process;
    int gates;
    int people;
    int proxy;

    private Gate(Path directory) {
        this.directory = directory;
        this.home = directory.resolve("home");
        this.config = directory.resolve("masugata.yaml");
    }

    /// A directory for a gate that is not started yet.
    static Gate prepared(String yaml) throws IOException {
        var directory = Files.createTempDirectory(
                "masugata-it-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var gate = new Gate(directory.toRealPath());
        Files.createDirectories(gate.directory.resolve("work"));
        Files.writeString(gate.config, "listen: { gates: 127.0.0.1:0, proxy: 127.0.0.1:0, people: 127.0.0.1:0 }\n" + yaml.replace("{work}", gate.work().toString()).replace("{peers}", PEERS.toString()));
        return gate;
    }

    static Gate serving(String yaml) throws IOException {
        var gate = prepared(yaml);
        gate.serve();
        return gate;
    }

    Path work() {
        return directory.resolve("work");
    }

    private Path log() {
        return directory.resolve("serve.log");
    }

    String logged() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    private static final Pattern PORTS = Pattern.compile("127\\.0\\.0\\.1:(\\d+)/mcp\\s+people: http://127\\.0\\.0\\.1:(\\d+)/\\S+\\s+proxy: http://127\\.0\\.0\\.1:(\\d+)");

    /// Starts it and waits until it listens.
    void serve() throws IOException {
        Files.deleteIfExists(log());
        process = builder(List.of("serve", "--config", config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        Await.until(Duration.ofSeconds(60), () -> {
            if (!process.isAlive()) throw new AssertionError("the gate ended: " + logged());
            var ports = PORTS.matcher(logged());
            if (!ports.find()) return false;
            gates = Integer.parseInt(ports.group(1));
            people = Integer.parseInt(ports.group(2));
            proxy = Integer.parseInt(ports.group(3));
            return true;
        });
    }

    /// The process of the gate itself; the launcher has become it.
    Process process() {
        return process;
    }

    ProcessBuilder builder(List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(ROOT.resolve("masugata").toString());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("MASUGATA_HOME", home.toString());
        builder.environment().put("MASUGATA_JAVA", System.getProperty("java.home"));
        return builder;
    }

    /// Runs a command to its end.
    Said run(String... arguments) throws IOException {
        return run(Map.of(), "", arguments);
    }

    Said run(Map<String, String> environment, String input, String... arguments) throws IOException {
        var out = Files.createTempFile(directory, "out", "");
        var err = Files.createTempFile(directory, "err", "");
        var builder = builder(List.of(arguments)).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        var running = builder.start();
        try (var stdin = running.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (!running.waitFor(120, TimeUnit.SECONDS)) {
                running.destroyForcibly();
                throw new AssertionError("no end in 120 s: " + List.of(arguments) + Files.readString(err));
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        return new Said(running.exitValue(), Files.readString(out), Files.readString(err));
    }

    String token(String agent) throws IOException {
        return run("agents", "add", agent, "--user", "alice").ok().out().strip();
    }

    /// Ends it in an orderly way.
    void end() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) throw new AssertionError("the gate did not end");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /// Ends it as a power cut would.
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null && process.isAlive()) end();
        // A resident gate that a command started.
        ProcessHandle.allProcesses()
                .filter(it -> it.info().commandLine().orElse("").contains(home.toString()))
                .forEach(ProcessHandle::destroy);
        try (var left = Files.walk(directory)) {
            for (var file : left.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (java.io.UncheckedIOException | java.nio.file.DirectoryNotEmptyException stillWriting) {
            System.err.println("left behind: " + directory);
        }
    }
}
