package dev.masugata.checkpoint;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs something that must not take longer than it may.
final class Deadline {
    private Deadline() {}

    /// The result, or [Passed] when time ran out; the work is interrupted then. What it throws is thrown on.
    static <T> T within(Duration limit, Callable<T> work) throws Passed, InterruptedException {
        var task = new FutureTask<>(work);
        var thread = Thread.ofVirtual().name("judging").start(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            thread.interrupt();
            throw new Passed(limit);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) throw cause;
            if (failed.getCause() instanceof Error cause) throw cause;
            throw new IllegalStateException(failed.getCause());
        }
    }

    /// Time ran out.
    static final class Passed extends Exception {
        Passed(Duration limit) {
            super("took longer than " + limit.toMillis() + " ms");
        }
    }
}
