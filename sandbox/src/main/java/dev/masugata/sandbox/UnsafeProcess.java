package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Processes by descriptor, and the pipes and memory files that are handed to them.
final class UnsafeProcess {
    private static final int NO_HANG = 1;
    private static final int SEEK_SET = 0;

    private UnsafeProcess() {}

    /// Two ends of a pipe, closed on exec.
    record Pipe(Fd read, Fd write) implements AutoCloseable {
        @Override
        public void close() {
            read.close();
            write.close();
        }
    }

    /// @param ours which end the gate keeps: that one does not block
    static Pipe pipe(Ours ours) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var ends = arena.allocate(8, 4);
            UnsafeKernel.must(Call.PIPE2, ends.address(), UnsafeFiles.O_CLOEXEC);
            var pipe = new Pipe(new Fd(ends.get(JAVA_INT, 0)), new Fd(ends.get(JAVA_INT, 4)));
            nonBlocking(ours == Ours.READ ? pipe.read : pipe.write);
            return pipe;
        }
    }

    /// Which end of a pipe stays here.
    enum Ours {
        READ,
        WRITE
    }

    private static void nonBlocking(Fd fd) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var one = arena.allocate(JAVA_INT);
            one.set(JAVA_INT, 0, 1);
            UnsafeKernel.must(Call.IOCTL, fd.number(), 0x5421, one.address());
        }
    }

    /// A file in memory with this content, to be read from its start.
    static Fd memory(byte[] content) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var name = UnsafeKernel.text(arena, "masugata");
            var fd = new Fd(UnsafeKernel.must(Call.MEMFD_CREATE, name, 1));
            var bytes = arena.allocate(Math.max(1, content.length));
            MemorySegment.copy(content, 0, bytes, JAVA_BYTE, 0, content.length);
            for (long done = 0; done < content.length; )
                done += UnsafeKernel.must(Call.WRITE, fd.number(), bytes.address() + done, content.length - done);
            UnsafeKernel.must(Call.LSEEK, fd.number(), 0, SEEK_SET);
            return fd;
        }
    }

    /// A descriptor of a process; readable once the process has ended.
    static Fd open(int pid) throws KernelException {
        return new Fd(UnsafeKernel.must(Call.PIDFD_OPEN, pid, 0));
    }

    /// Sends a signal to exactly that process; nothing if it has ended.
    static void signal(Fd process, int signal) {
        UnsafeKernel.raw(Call.PIDFD_SEND_SIGNAL, process.number(), signal, 0, 0, 0, 0);
    }

    /// Kills a child that nobody has waited for yet, so that its number is surely its own.
    static void kill(int child) throws KernelException {
        UnsafeKernel.must(Call.KILL, child, 9);
    }

    /// Sends a signal to the process group that a process belongs to.
    static void signalGroup(int member, int signal) throws KernelException {
        var group = UnsafeKernel.must(Call.GETPGID, member);
        if (group <= 1) throw new IllegalStateException("a sealed process in a group of the host's");
        UnsafeKernel.must(Call.KILL, -group, signal);
    }

    /// Takes the end of a child that has ended.
    ///
    /// @return its exit code, 128 and the signal if one ended it
    static int reap(int pid) throws KernelException {
        return wait(pid, NO_HANG);
    }

    /// Waits for a child that is about to end; blocks the thread inside the kernel.
    static int await(int pid) throws KernelException {
        return wait(pid, 0);
    }

    private static int wait(int pid, int options) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var status = arena.allocate(JAVA_INT);
            if (UnsafeKernel.must(Call.WAIT4, pid, status.address(), options, 0) == 0)
                throw new IllegalStateException("the process has not ended");
            var value = status.get(JAVA_INT, 0);
            return (value & 0x7f) == 0 ? value >> 8 & 0xff : 128 + (value & 0x7f);
        }
    }
}
