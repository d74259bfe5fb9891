package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that runs without any seal beside the one who started it, and what it costs. For benchmarks only.
public final class InsecurePeer implements AutoCloseable {
    /// Seconds that it is given to end by itself.
    private static final long END_SECONDS = 10;

    private final Process process;
    private final Path log;

    private InsecurePeer(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// @param log gets what it says, on both outputs
    public static InsecurePeer start(List<String> command, Map<String, String> environment, Path directory, Path log)
            throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new InsecurePeer(builder.start(), log);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// All that it has said.
    public String said() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /// What it has cost since it began.
    public ProcessCost cost() throws IOException {
        return ProcessCost.of(process.toHandle());
    }

    /// Ends it, and what it has started.
    @Override
    public void close() {
        var below = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException now) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        below.forEach(ProcessHandle::destroyForcibly);
    }
}
