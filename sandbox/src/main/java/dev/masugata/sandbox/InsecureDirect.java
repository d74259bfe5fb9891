package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Runs a command without any seal: what everybody does who has none. For the demonstration's first act only.
public final class InsecureDirect {
    private InsecureDirect() {}

    /// What it said, on both outputs.
    public static String run(List<String> command, Map<String, String> environment, Path directory)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
