package dev.masugata.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A home, a workspace and a sandbox on them, on the real disk, removed afterwards.
final class Bench implements AutoCloseable {
    static final int SECONDS = 20;

    final Path base;
    final Path home;
    final Path workspace;
    final Path outside;
    final Sandbox sandbox;
    private int count;

    Bench() throws IOException, SealException {
        base = open(Files.createTempDirectory(Path.of("/var/tmp"), "masugata-bench"))
                .toRealPath();
        home = Files.createDirectory(base.resolve("home"));
        workspace = open(Files.createDirectory(base.resolve("work space, 1:2")));
        outside = open(Files.createDirectory(base.resolve("outside")));
        sandbox = Sandbox.at(home, open(Files.createDirectory(base.resolve("installation"))));
    }

    private static Path open(Path directory) throws IOException {
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// What a sealed command said.
    record Said(int code, String out, String err) {}

    String id() {
        return "s-" + ++count;
    }

    SealedSession session(Integer... ports) throws SealException {
        return sandbox.open(new SessionSpec(id(), Optional.of(workspace), List.of(ports)));
    }

    static Said say(SealedSession session, String script) throws Exception {
        return say(session, script, Map.of());
    }

    static Said say(SealedSession session, String script, Map<String, String> environment) throws Exception {
        return say(session.start(SealSpec.agent(List.of("sh", "-c", script), environment)));
    }

    /// What a process says until its end, without input.
    static Said say(SealedProcess process) throws Exception {
        process.stdin().close();
        var out = collect(process.stdout());
        var err = collect(process.stderr());
        var code = process.onExit().get(SECONDS, TimeUnit.SECONDS);
        return new Said(code, out.get(SECONDS, TimeUnit.SECONDS), err.get(SECONDS, TimeUnit.SECONDS));
    }

    static CompletableFuture<String> collect(InputStream in) {
        var text = new CompletableFuture<String>();
        Thread.startVirtualThread(() -> {
            try (in) {
                text.complete(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        });
        return text;
    }

    /// Runs a script in a session of its own, ends the session, and opens its review.
    Review changed(String script) throws Exception {
        var id = id();
        try (var session = sandbox.open(new SessionSpec(id, Optional.of(workspace), List.of()))) {
            var said = say(session, script);
            if (said.code() != 0) throw new AssertionError("the script failed: " + said);
        }
        return sandbox.review(id);
    }

    /// Runs a program of the host, unsealed.
    static Said host(String... command) throws Exception {
        var process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        var out = collect(process.getInputStream());
        var err = collect(process.getErrorStream());
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) throw new AssertionError("the host's program hangs");
        return new Said(process.exitValue(), out.get(), err.get());
    }

    /// The processes of this machine whose command line holds a text.
    static List<Long> processesWith(String marker) throws IOException {
        List<Long> found = new ArrayList<>();
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var one : all) {
                var line = commandLine(one);
                if (line.contains(marker) && !line.contains("java"))
                    found.add(Long.parseLong(one.getFileName().toString()));
            }
        }
        return found;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() throws Exception {
        sandbox.close();
        try (var parent = UnsafeFiles.open(TreePath.raw(base.getParent()), UnsafeFiles.O_DIRECTORY)) {
            Removal.remove(parent, base.getFileName().toString());
        }
    }
}
