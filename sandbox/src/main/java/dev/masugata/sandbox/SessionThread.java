package dev.masugata.sandbox;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/// The one thread that is in a session's namespaces and starts its processes.
///
/// A platform thread, neither pooled nor virtual: `--die-with-parent` follows the thread that started a process, so
/// the processes of a session live no longer than this thread, and this thread no longer than the gate.
final class SessionThread {
    private final LinkedBlockingQueue<FutureTask<?>> work = new LinkedBlockingQueue<>();
    private final Thread thread;
    private boolean ending;

    SessionThread(String id) {
        thread = Thread.ofPlatform().daemon().name("session-" + id).start(this::run);
    }

    private void run() {
        try {
            while (true) work.take().run();
        } catch (InterruptedException end) {
            // Asked to end: the namespaces go with the thread.
        }
    }

    /// Runs a step on the session's thread and waits for it; an interrupt is kept for afterwards, since every step is
    /// short and half a session would be worse.
    <T> T call(Callable<T> step) throws SealException {
        var task = new FutureTask<>(step);
        synchronized (this) {
            if (ending) throw new SealException("the session has ended");
            work.add(task);
        }
        var interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNull(e.getCause());
            if (cause instanceof SealException refused) throw refused;
            throw new SealException(
                    "the session's thread failed: " + cause.getMessage(), cause);
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    /// Lets the thread end after what is under way, and waits until it has.
    void end() {
        synchronized (this) {
            ending = true;
        }
        var last = new FutureTask<Void>(() -> {
            thread.interrupt();
            return null;
        });
        work.add(last);
        var interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
