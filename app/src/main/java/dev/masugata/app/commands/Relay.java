package dev.masugata.app.commands;

import dev.masugata.app.control.Link;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Carries bytes between this terminal and what runs in the seal, until it ends.
final class Relay {
    private final Link link;
    private final boolean terminal;
    private final boolean quiet;
    private final BlockingQueue<byte[]> typedAfter = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    Relay(Link link, boolean terminal, boolean quiet) {
        this.link = link;
        this.terminal = terminal;
        this.quiet = quiet;
    }

    /// The END of the run.
    Json.Obj run() throws IOException {
        Thread.ofPlatform().daemon().name("input").start(this::input);
        var mode = terminal ? TerminalMode.raw() : null;
        try {
            if (terminal) TerminalMode.onResize(this::resized);
            return output();
        } finally {
            if (mode != null) mode.restore();
        }
    }

    private Json.Obj output() throws IOException {
        while (true) {
            switch (link.receive().orElseThrow(() -> new IOException("the gate closed the connection"))) {
                case Link.Received.Output(var bytes) -> {
                    System.out.write(bytes);
                    System.out.flush();
                }
                case Link.Received.Error(var bytes) -> {
                    System.err.write(bytes);
                    System.err.flush();
                }
                case Link.Received.Message(var message) -> {
                    var banner = message.string("banner");
                    if (banner.isPresent() && !quiet) say(banner.get());
                    if (quiet) message.items("warnings")
                            .forEach(it -> say("masugata: " + ((Json.Str) it).value() + "\n"));
                }
                case Link.Received.End(var end) -> {
                    ended = true;
                    return end;
                }
                case Link.Received.Input _ -> {}
            }
        }
    }

    /// In raw mode a line feed does not return the carriage.
    private void say(String lines) {
        System.err.print(terminal ? lines.replace("\n", "\r\n") : lines);
    }

    /// A line that was typed after the run; null at the end of the input. The thread that read for the run still waits
    /// for the terminal, so whatever is typed next comes through it.
    @Nullable String line() throws InterruptedException {
        var line = new StringBuilder();
        while (true) {
            var bytes = typedAfter.take();
            if (bytes.length == 0) return null;
            line.append(new String(bytes, StandardCharsets.UTF_8));
            int end = line.indexOf("\n");
            if (end >= 0) return line.substring(0, end);
        }
    }

    private void input() {
        var buffer = new byte[32 * 1024];
        try {
            for (int count = System.in.read(buffer); count >= 0; count = System.in.read(buffer))
                if (count > 0) typed(Arrays.copyOf(buffer, count));
            typed(new byte[0]);
        } catch (IOException ended) {
            System.getLogger("masugata.relay").log(System.Logger.Level.DEBUG, "input ended", ended);
        }
    }

    private void typed(byte[] bytes) throws IOException {
        if (ended) typedAfter.add(bytes);
        else link.input(bytes);
    }

    private void resized(int rows, int columns) {
        try {
            link.message(Json.object("rows", Json.of(rows)).with("columns", columns));
        } catch (IOException ended) {
            System.getLogger("masugata.relay").log(System.Logger.Level.DEBUG, "resize not told", ended);
        }
    }
}
