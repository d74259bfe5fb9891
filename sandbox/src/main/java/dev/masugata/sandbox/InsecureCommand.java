package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a command of the operator's own configuration without any seal, and takes what it prints: a secret, from
/// where the operator keeps it. Nobody else's command is ever run so.
public final class InsecureCommand {
    /// How long it may take.
    public static final Duration MOST = Duration.ofSeconds(20);
    /// Bytes that it may print.
    public static final int BYTES_MAX = 64 * 1024;

    private InsecureCommand() {}

    /// What it printed on its standard output.
    ///
    /// @throws IOException when it cannot be started, takes too long, prints too much or ends with an error; what it
    ///     printed is in no message
    public static String output(List<String> command) throws IOException {
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            process.getOutputStream().close();
            var reading = new Reading(process);
            reading.thread.start();
            if (!process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS))
                throw new IOException("`" + command.getFirst() + "` did not end in " + MOST.toSeconds() + " s");
            reading.thread.join(MOST);
            if (process.exitValue() != 0)
                throw new IOException("`" + command.getFirst() + "` ended with " + process.exitValue());
            return reading.text();
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a secret was asked for", gone);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static final class Reading {
        final Thread thread;
        private byte[] bytes = new byte[0];
        private boolean whole;

        Reading(Process process) {
            thread = Thread.ofVirtual().unstarted(() -> {
                try (var out = process.getInputStream()) {
                    bytes = out.readNBytes(BYTES_MAX + 1);
                    whole = bytes.length <= BYTES_MAX;
                } catch (IOException broken) {
                    whole = false;
                }
            });
        }

        String text() throws IOException {
            if (!whole) throw new IOException("what was printed cannot be read, or has more than " + BYTES_MAX
                    + " bytes");
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
