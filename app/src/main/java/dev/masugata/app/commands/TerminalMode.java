package dev.masugata.app.commands;

import dev.masugata.sandbox.HostTerminal;
import java.util.Optional;
import java.util.function.BiConsumer;

/// This process's own terminal: its size, and raw mode while another program has it.
final class TerminalMode {
    private final HostTerminal.Mode before;

    private TerminalMode(HostTerminal.Mode before) {
        this.before = before;
    }

    /// Rows and columns; empty where standard input or output is no terminal.
    static Optional<int[]> size() {
        return HostTerminal.size();
    }

    static TerminalMode raw() {
        return new TerminalMode(HostTerminal.raw());
    }

    void restore() {
        before.restore();
    }

    static void onResize(BiConsumer<Integer, Integer> told) {
        HostTerminal.onResize(told);
    }
}
