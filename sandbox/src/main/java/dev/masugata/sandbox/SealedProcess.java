package dev.masugata.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A process in a seal, with all it starts: when the command ends, whatever it left running ends too.
public final class SealedProcess {
    /// SIGKILL.
    private static final int KILL = 9;

    private final ProcessThread thread;
    private final Fd end;
    private final Stdio stdio;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    /// The gate's ends of what the command reads and writes.
    ///
    /// @param master of the terminal, if there is one
    record Stdio(UnsafeStream typed, InputStream out, InputStream err, Optional<Fd> master) {}

    /// @param thread the parent of the seal's first process, with which all others end
    /// @param end a descriptor of that process
    SealedProcess(ProcessThread thread, Fd end, Stdio stdio) throws KernelException {
        this.thread = thread;
        this.end = end;
        this.stdio = stdio;
        // On a thread of its own: whatever waits for the exit must not hold up the poller.
        UnsafePoller.shared()
                .ready(end.number(), UnsafePoller.IN)
                .thenRun(() -> Thread.startVirtualThread(this::ended));
    }

    private void ended() {
        try {
            exit.complete(UnsafeProcess.reap(thread.pid()));
        } catch (KernelException e) {
            exit.completeExceptionally(e);
        } finally {
            close();
            thread.end();
        }
    }

    /// Nobody reads what is written now; what the command wrote can still be read to its end.
    private synchronized void close() {
        end.close();
        stdio.master().ifPresent(Fd::close);
        stdio.typed().close();
    }

    /// What the command reads. With a terminal: what is typed.
    public OutputStream stdin() {
        return stdio.typed().output();
    }

    /// What the command writes. With a terminal: all that appears on it, errors too.
    public InputStream stdout() {
        return stdio.out;
    }

    /// What the command writes as errors; with a terminal always at its end.
    public InputStream stderr() {
        return stdio.err;
    }

    /// The exit code once the command and every process it started have ended: its own, 128 and the signal if one
    /// ended it, 126 if it cannot be executed, 127 if it is not there.
    public CompletableFuture<Integer> onExit() {
        return exit.copy();
    }

    /// Waits for [#onExit].
    public int waitFor() throws InterruptedException {
        try {
            return exit.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("the end of a sealed process was lost", e.getCause());
        }
    }

    public boolean isAlive() {
        return !exit.isDone();
    }

    /// Sends a signal as a terminal would: to the process group of the command. Nothing if it has ended.
    ///
    /// @param signal 1 to 64
    public void signal(int signal) throws SealException {
        if (signal < 1 || signal > 64) throw new IllegalArgumentException("`" + signal + "` is no signal");
        if (!isAlive()) return;
        try {
            var command = command();
            if (command.isPresent()) UnsafeProcess.signalGroup(command.get(), signal);
        } catch (KernelException e) {
            // It ended between the question and the signal.
            if (isAlive() && !e.is(KernelException.ESRCH))
                throw new SealException("the signal could not be sent: " + e.word(), e);
        } catch (IOException e) {
            if (isAlive()) throw new SealException("the sealed process could not be found in /proc", e);
        }
    }

    /// The command's process id out here: the first process starts bubblewrap's second, that one the command.
    Optional<Integer> command() throws IOException {
        var second = oldestChild(thread.pid());
        return second.isPresent() ? oldestChild(second.get()) : Optional.empty();
    }

    private static Optional<Integer> oldestChild(int pid) throws IOException {
        var children = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children"))
                .strip();
        return children.isEmpty() ? Optional.empty() : Optional.of(Integer.parseInt(children.split(" ")[0]));
    }

    /// Tells the command the new size of its window. Without a terminal: nothing.
    public synchronized void resize(Terminal size) throws SealException {
        try {
            if (stdio.master().isPresent() && isAlive())
                UnsafeTerminal.resize(stdio.master().get(), size);
        } catch (KernelException e) {
            if (isAlive()) throw new SealException("the terminal's size could not be set: " + e.word(), e);
        }
    }

    /// Ends every process of this seal at once; it can be neither caught nor ignored. Returns before they are gone.
    public synchronized void kill() {
        UnsafeProcess.signal(end, KILL);
    }
}
