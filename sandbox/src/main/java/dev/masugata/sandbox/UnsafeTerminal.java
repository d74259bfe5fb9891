package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/// A pseudo terminal: the gate holds its master, the command inside the seal has the other side.
///
/// No process of the gate's own session ever holds the other side as its controlling terminal.
final class UnsafeTerminal {
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0400;
    private static final int UNLOCK = 0x40045431;
    private static final int PEER = 0x5441;
    private static final int SET_SIZE = 0x5414;
    private static final int DUP_CLOEXEC = 1030;

    private UnsafeTerminal() {}

    /// The two sides. The master does not block.
    record Sides(Fd master, Fd command) {}

    static Sides open(Terminal size) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var path = UnsafeKernel.text(arena, "/dev/ptmx".getBytes(StandardCharsets.US_ASCII));
            var flags = O_RDWR | O_NOCTTY | UnsafeFiles.O_CLOEXEC;
            var master = new Fd(
                    UnsafeKernel.must(Call.OPENAT, UnsafeFiles.AT_FDCWD, path, flags | UnsafeFiles.O_NONBLOCK, 0));
            try {
                UnsafeKernel.must(
                        Call.IOCTL,
                        master.number(),
                        UNLOCK,
                        arena.allocate(JAVA_INT).address());
                var command = new Fd(UnsafeKernel.must(Call.IOCTL, master.number(), PEER, flags));
                resize(master, size);
                return new Sides(master, command);
            } catch (KernelException e) {
                master.close();
                throw e;
            }
        }
    }

    /// Sets the window's size; the foreground processes get SIGWINCH.
    static void resize(Fd master, Terminal size) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var window = arena.allocate(8, 2);
            window.set(JAVA_SHORT, 0, (short) size.rows());
            window.set(JAVA_SHORT, 2, (short) size.columns());
            UnsafeKernel.must(Call.IOCTL, master.number(), SET_SIZE, window.address());
        }
    }

    /// A second number for the same side, so that reading and writing can wait apart.
    static Fd again(Fd side) throws KernelException {
        return new Fd(UnsafeKernel.must(Call.FCNTL, side.number(), DUP_CLOEXEC, 3));
    }
}
