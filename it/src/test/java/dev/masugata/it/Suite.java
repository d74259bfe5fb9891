package dev.masugata.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The conformance suite of the protocol, run against a server or a client, and what a requirement set of it names.
enum Suite {
    /// Knows the older era only.
    STABLE("conformance-stable"),
    /// Knows both eras and holds the frozen requirement sets.
    NEXT("conformance-next");

    /// Scenarios of extensions, as far as they are run.
    private static final Set<String> EXTENSIONS = Set.of("auth/client-credentials-basic");

    /// How long one run of it may take.
    private static final int SECONDS = 300;

    private final Path directory;

    Suite(String name) {
        directory = Gate.PEERS.resolve(name);
    }

    /// Runs scenarios against a server.
    ///
    /// @param selection which ones, as the suite's options say
    Verdicts server(String url, String... selection) throws IOException {
        var arguments = new ArrayList<>(List.of("server", "--url", url));
        arguments.addAll(List.of(selection));
        return run("server", arguments, Map.of());
    }

    /// Runs one scenario with the conformance client of `resources/peers`, as the suite starts it.
    Verdicts client(String scenario, String revision, Map<String, String> environment) throws IOException {
        return client("conformance-client.mjs", scenario, revision, environment);
    }

    /// The same with another client. A scenario of an extension belongs to no revision.
    Verdicts client(String script, String scenario, String revision, Map<String, String> environment)
            throws IOException {
        var command = Peer.NODE + " " + Peer.script(script);
        var arguments = new ArrayList<>(List.of("client", "--command", command, "--scenario", scenario));
        if (!EXTENSIONS.contains(scenario)) arguments.addAll(List.of("--spec-version", revision));
        var found = run("client", arguments, environment);
        if (found.found().isEmpty()) throw new AssertionError("nothing was checked: " + scenario + " at " + revision);
        return found;
    }

    private Verdicts run(String face, List<String> arguments, Map<String, String> environment) throws IOException {
        var output = Files.createTempDirectory("masugata-conformance-");
        var log = output.resolve("log.txt");
        var command = new ArrayList<>(List.of(Peer.NODE, directory.resolve("dist/index.js").toString()));
        command.addAll(arguments);
        command.addAll(List.of("--timeout", "60000", "--output-dir", output.toString()));
        // The stable line knows no such option for a server.
        if (this == STABLE && face.equals("server")) command.subList(command.size() - 4, command.size() - 2).clear();
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PEERS", Gate.PEERS.toString());
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end in " + SECONDS + " s: " + Files.readString(log));
            }
            var found = Verdicts.of(output, face);
            // What was reached may be in order although the end was not.
            if (process.exitValue() != 0 && found.failed().isEmpty()) throw new AssertionError(Files.readString(log));
            return found;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        } finally {
            try (var left = Files.walk(output)) {
                for (var file : left.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    /// The scenarios that a requirement set names for a client, whether they are scored or not.
    List<String> clientScenarios(String revision) throws IOException {
        var scenarios = new ArrayList<String>();
        boolean inside = false;
        String unscored = "";
        for (var line : Files.readAllLines(directory.resolve("requirements").resolve(revision + ".yaml"))) {
            if (line.matches("\\w+:.*")) inside = line.startsWith("client:");
            if (inside && line.startsWith("  - ")) scenarios.add(line.substring(4).strip());
            if (line.startsWith("  - scenario: ")) unscored = line.substring("  - scenario: ".length()).strip();
            if (line.strip().equals("leg: client")) scenarios.add(unscored);
        }
        if (scenarios.isEmpty()) throw new IOException("the set " + revision + " names no scenario for a client");
        return scenarios;
    }
}
