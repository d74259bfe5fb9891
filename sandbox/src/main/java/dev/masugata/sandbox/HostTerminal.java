package dev.masugata.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// The terminal that this process was started at, by way of stty(1): its size, and raw mode while a sealed program
/// has it.
public final class HostTerminal {
    private static final File TTY = new File("/dev/tty");

    private HostTerminal() {}

    /// A mode to go back to.
    public record Mode(Optional<String> saved) {
        public void restore() {
            saved.ifPresent(it -> stty(it));
        }
    }

    /// Rows and columns; empty where there is no terminal.
    public static Optional<int[]> size() {
        return stty("size").flatMap(text -> {
            var parts = text.strip().split(" ");
            if (parts.length != 2 || !text.strip().matches("[0-9]{1,5} [0-9]{1,5}")) return Optional.empty();
            return Optional.of(new int[] {Math.max(1, Integer.parseInt(parts[0])), Math.max(1, Integer.parseInt(parts[1]))});
        });
    }

    /// Every key goes to the program, none to this process. It is undone also when this process is ended by a signal.
    public static Mode raw() {
        var mode = new Mode(stty("-g").map(String::strip));
        if (mode.saved().isPresent()) {
            stty("raw", "-echo");
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(mode::restore));
        }
        return mode;
    }

    /// Tells rows and columns whenever the window changes.
    public static void onResize(BiConsumer<Integer, Integer> told) {
        sun.misc.Signal.handle(new sun.misc.Signal("WINCH"), _ -> size().ifPresent(it -> told.accept(it[0], it[1])));
    }

    private static Optional<String> stty(String... arguments) {
        try {
            var command = new java.util.ArrayList<>(List.of("stty"));
            command.addAll(List.of(arguments));
            var process = new ProcessBuilder(command)
                    .redirectInput(TTY)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException noTerminal) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
