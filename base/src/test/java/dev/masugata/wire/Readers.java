package dev.masugata.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a script of another language once over lines of input.
final class Readers {
    private Readers() {}

    static List<String> node(String script, String input) {
        return run("node", script, input);
    }

    static List<String> python(String script, String input) {
        return run("python3", script, input);
    }

    private static List<String> run(String program, String script, String input) {
        try {
            var folder = Files.createTempDirectory("masugata-readers");
            Path code = folder.resolve(script), in = folder.resolve("in"), out = folder.resolve("out");
            try (var resource = Readers.class.getResourceAsStream(script)) {
                Files.write(code, resource.readAllBytes());
            }
            Files.writeString(in, input);
            var process = start(new ProcessBuilder(program, code.toString())
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT));
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("`" + program + "` did not finish within 60 s");
            }
            if (process.exitValue() != 0) throw new AssertionError("`" + program + " " + script + "` failed");
            var lines = Files.readAllLines(out, UTF_8);
            for (var file : List.of(code, in, out, folder)) Files.delete(file);
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AssertionError(
                    "`" + builder.command().getFirst() + "` is needed to compare readers: install Node 20 and Python 3",
                    e);
        }
    }
}
