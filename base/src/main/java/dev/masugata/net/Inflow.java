package dev.masugata.net;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The body of one message on its way from the event loop to the one thread that reads it. It asks for more bytes only
/// while it holds less than [#WINDOW]: a slow reader makes a slow sender.
final class Inflow {
    /// Bytes held before reading from the socket pauses; one more read may come on top.
    static final int WINDOW = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private final Pace pace;
    private final long most;
    private final Runnable resume;
    private final Function<String, IOException> tooLarge;
    private final Function<String, IOException> tooSlow;

    private long held;
    private long received;
    private long waited;
    private boolean paused;
    private boolean ended;
    private @Nullable IOException fault;

    /// @param most bytes of the whole body
    /// @param resume has the event loop read again
    Inflow(
            Pace pace,
            long most,
            Runnable resume,
            Function<String, IOException> tooLarge,
            Function<String, IOException> tooSlow) {
        this.pace = pace;
        this.most = most;
        this.resume = resume;
        this.tooLarge = tooLarge;
        this.tooSlow = tooSlow;
    }

    /// Takes bytes from the event loop; false when the body is over its limit and nothing more should be read.
    boolean offer(byte[] bytes) {
        lock.lock();
        try {
            if (fault != null) return false;
            received += bytes.length;
            if (received > most) {
                failLocked(tooLarge.apply("the body has more than " + most + " bytes"));
                return false;
            }
            held += bytes.length;
            if (bytes.length > 0) chunks.add(bytes);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the body before its end; what is held is dropped. After the end it changes nothing.
    void fail(IOException why) {
        lock.lock();
        try {
            if (!ended) failLocked(why);
        } finally {
            lock.unlock();
        }
    }

    private void failLocked(IOException why) {
        if (fault == null) fault = why;
        chunks.clear();
        held = 0;
        changed.signalAll();
    }

    /// True if the event loop should read on; if not, [#resume] will be run when there is room again.
    boolean wantsMore() {
        lock.lock();
        try {
            boolean room = !ended && fault == null && held < WINDOW;
            paused = !room;
            return room;
        } finally {
            lock.unlock();
        }
    }

    /// True if the whole body has come, and was good.
    boolean hasEnded() {
        lock.lock();
        try {
            return ended && fault == null;
        } finally {
            lock.unlock();
        }
    }

    /// The next bytes, or null at the end.
    byte @Nullable [] take() throws IOException {
        lock.lock();
        try {
            while (chunks.isEmpty()) {
                if (fault != null) throw fault;
                if (ended) return null;
                await();
            }
            var bytes = chunks.remove();
            held -= bytes.length;
            if (paused && !ended && held < WINDOW) {
                paused = false;
                resume.run();
            }
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private void await() throws IOException {
        long patience = pace.patience(received, waited);
        if (patience <= 0) {
            failLocked(tooSlow.apply("the body comes too slowly"));
            return;
        }
        long start = System.nanoTime();
        try {
            if (!changed.await(patience, TimeUnit.NANOSECONDS) && chunks.isEmpty() && !ended)
                failLocked(tooSlow.apply("the body comes too slowly"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while waiting for a body");
        }
        waited += System.nanoTime() - start;
    }
}
