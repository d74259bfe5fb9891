package dev.masugata.app;

import dev.masugata.app.commands.Failure;
import dev.masugata.app.control.ControlClient;
import dev.masugata.app.control.Link;
import dev.masugata.sandbox.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The gate that runs in the background: found, or started when there is none.
public final class ResidentGate {
    /// How long a gate may take to start.
    private static final Duration START = Duration.ofSeconds(60);

    private ResidentGate() {}

    /// A connection to the gate of this home.
    public static Link ensure(Home home) {
        try {
            home.check();
        } catch (Home.Unusable unusable) {
            throw new Failure(Failure.REFUSED, String.valueOf(unusable.getMessage()));
        }
        var running = ControlClient.connect(home.socket());
        return running.orElseGet(() -> start(home));
    }

    private static Link start(Home home) {
        try {
            home.make();
            var launcher = Path.of(installation(), "masugata");
            var gate = Background.start(
                    List.of(launcher.toString(), "gate-process", "--home", home.directory().toString()), home.log());
            long end = System.nanoTime() + START.toNanos();
            while (System.nanoTime() < end) {
                var link = ControlClient.connect(home.socket());
                if (link.isPresent()) return link.get();
                // The process says by its end that it could not; until then its socket is looked for.
                if (gate.waitFor(20, java.util.concurrent.TimeUnit.MILLISECONDS) && ControlClient.connect(home.socket()).isEmpty())
                    throw new Failure(Failure.REFUSED, "the gate did not start:\n" + lastLines(home.log()));
            }
            throw new Failure(Failure.REFUSED, "the gate did not start within " + START.toSeconds() + " s; see " + home.log());
        } catch (Home.Unusable unusable) {
            throw new Failure(Failure.REFUSED, String.valueOf(unusable.getMessage()));
        } catch (IOException failed) {
            throw new Failure(Failure.REFUSED, "the gate cannot be started: " + failed.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.REFUSED, "interrupted while the gate started");
        }
    }

    private static String lastLines(Path log) throws IOException {
        var lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 6), lines.size()));
    }

    /// Where Masugata itself lies.
    public static String installation() {
        var root = System.getenv("MASUGATA_ROOT");
        if (root == null) throw new Failure(Failure.REFUSED, "start Masugata by its launcher `masugata`");
        return root;
    }
}
