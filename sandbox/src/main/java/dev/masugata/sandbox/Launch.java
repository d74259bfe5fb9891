package dev.masugata.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One start of bubblewrap from a session's thread, until the command is about to run.
final class Launch implements AutoCloseable {
    /// How long a seal may take to stand before it is given up.
    static final int SECONDS = 10;
    /// How much of bubblewrap's complaint is repeated.
    private static final int COMPLAINT_BYTES = 4096;

    private static final int KILL = 9;

    private final Identity who;
    private final Standing standing;
    private final List<AutoCloseable> childEnds = new ArrayList<>();
    private final List<AutoCloseable> ourEnds = new ArrayList<>();
    private @Nullable Fd launcher;
    private boolean abandoned;

    Launch(Identity who, Standing standing) {
        this.who = who;
        this.standing = standing;
    }

    /// Gives the start up from another thread: it then fails soon, or the process is killed like any other.
    synchronized void abandon() {
        abandoned = true;
        if (launcher != null) UnsafeProcess.signal(launcher, KILL);
    }

    private synchronized Fd follow(int pid) throws KernelException {
        launcher = UnsafeProcess.open(pid);
        if (abandoned) UnsafeProcess.signal(launcher, KILL);
        return launcher;
    }

    SealedProcess start(SealSpec spec, Path bwrap, byte[] options) throws IOException, SealException {
        var child = new ArrayList<Fd>();
        var stdio = spec.terminal().isPresent() ? terminal(spec.terminal().get(), child) : pipes(child);
        child.add(childEnd(UnsafeProcess.memory(options)));
        child.add(childEnd(UnsafeProcess.memory(Seccomp.program(UnsafeKernel.ARCH))));
        var begun = output(child);
        var thread = ProcessThread.start(
                Bwrap.command(bwrap, spec, who, standing),
                Map.of("PATH", "/usr/bin:/bin"),
                child.stream().map(Fd::number).toList());
        closeAll(childEnds);
        return stand(thread, begun, stdio);
    }

    /// Waits until the command is about to run: from then on its exit code is the command's.
    private SealedProcess stand(ProcessThread thread, InputStream begun, SealedProcess.Stdio stdio)
            throws IOException, SealException {
        Optional<SealedProcess> process = Optional.empty();
        var why = "";
        try (begun) {
            var end = follow(thread.pid());
            if (within(() -> begun.readNBytes(Bwrap.STEPS).length == Bwrap.STEPS))
                process = Optional.of(new SealedProcess(thread, end, stdio));
        } catch (TimeoutException e) {
            why = "it did not stand within " + SECONDS + " s";
        } finally {
            if (process.isEmpty()) end(thread);
        }
        if (process.isPresent()) {
            ourEnds.clear();
            return process.get();
        }
        if (why.isEmpty()) why = Visible.text(new String(complaint(stdio), StandardCharsets.UTF_8).strip());
        throw new SealException("the seal could not be made: "
                + (why.isEmpty() ? "bubblewrap ended without a word" : why)
                + "; `masugata doctor` says what is missing");
    }

    /// With the first process end all that hold the pipes, so reading what is left in them ends too.
    private synchronized void end(ProcessThread thread) throws KernelException {
        UnsafeProcess.kill(thread.pid());
        UnsafeProcess.await(thread.pid());
        if (launcher != null) launcher.close();
        launcher = null;
        thread.end();
    }

    private static byte[] complaint(SealedProcess.Stdio stdio) throws IOException {
        return (stdio.master().isPresent() ? stdio.out() : stdio.err()).readNBytes(COMPLAINT_BYTES);
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T within(Reading<T> reading) throws IOException, TimeoutException {
        var result = new CompletableFuture<T>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(reading.read());
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the start of a seal could not be followed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a seal was made", e);
        }
    }

    private SealedProcess.Stdio pipes(List<Fd> child) throws IOException {
        var in = UnsafeProcess.pipe(UnsafeProcess.Ours.WRITE);
        child.add(given(in.read()));
        var stdin = ours(new UnsafeStream(in.write().release()));
        var stdout = output(child);
        var stderr = output(child);
        return new SealedProcess.Stdio(stdin, stdout, stderr, Optional.empty());
    }

    private SealedProcess.Stdio terminal(Terminal size, List<Fd> child) throws IOException {
        var sides = UnsafeTerminal.open(size);
        ourEnds.add(sides.master());
        var command = given(sides.command());
        child.addAll(List.of(command, command, command));
        var typed = ours(new UnsafeStream(UnsafeTerminal.again(sides.master()).release()));
        var shown = ours(new UnsafeStream(UnsafeTerminal.again(sides.master()).release()));
        return new SealedProcess.Stdio(
                typed, shown.input(), InputStream.nullInputStream(), Optional.of(sides.master()));
    }

    private InputStream output(List<Fd> child) throws IOException {
        var pipe = UnsafeProcess.pipe(UnsafeProcess.Ours.READ);
        child.add(given(pipe.write()));
        return ours(new UnsafeStream(pipe.read().release())).input();
    }

    /// An end for the command, owned by whom it runs as: else `/dev/stdout` could not be opened again inside.
    private Fd given(Fd end) throws KernelException {
        childEnd(end);
        if (standing == Standing.ROOT) UnsafeFiles.own(end, who.outerUid(), who.outerGid());
        return end;
    }

    private Fd childEnd(Fd end) {
        childEnds.add(end);
        return end;
    }

    private UnsafeStream ours(UnsafeStream end) {
        ourEnds.add(end);
        return end;
    }

    @Override
    public void close() throws SealException {
        closeAll(childEnds);
        closeAll(ourEnds);
    }

    private static void closeAll(List<AutoCloseable> ends) throws SealException {
        for (var end : ends) {
            try {
                end.close();
            } catch (Exception e) {
                throw new SealException("a descriptor could not be closed", e);
            }
        }
        ends.clear();
    }
}
