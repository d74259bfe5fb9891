package dev.masugata.checkpoint;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// A call that waits for its answer at an exit.
final class Pending {
    /// How long the agent's side may take over all questions of one call.
    static final Duration ASKING_MAX = Duration.ofMinutes(10);
    /// Questions of one call, one after another or at once.
    static final int QUESTIONS_MAX = 32;

    final Permit permit;
    final Calling calling;
    final CompletableFuture<Answer> answer = new CompletableFuture<>();
    final long began = System.nanoTime();
    private final AtomicInteger asking = new AtomicInteger();
    private final AtomicInteger questions = new AtomicInteger();

    Pending(Permit permit, Calling calling) {
        this.permit = permit;
        this.calling = calling;
    }

    /// Waits for the answer; the time in which the agent's side is asked something does not count against the server.
    Answer await() throws TimeoutException, InterruptedException {
        long limit = calling.limit().toNanos();
        long ends = began + limit;
        long last = began + limit + ASKING_MAX.toNanos();
        while (true) {
            long now = System.nanoTime();
            try {
                return answer.get(Math.max(1, ends - now), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                if (asking.get() == 0 || System.nanoTime() > last) throw late;
                ends = System.nanoTime() + limit;
            } catch (ExecutionException never) {
                throw new IllegalStateException(never);
            }
        }
    }

    /// True if one more question may be asked; then [#answered] must follow.
    boolean ask() {
        if (questions.incrementAndGet() > QUESTIONS_MAX) return false;
        asking.incrementAndGet();
        return true;
    }

    void answered() {
        asking.decrementAndGet();
    }

    long micros() {
        return (System.nanoTime() - began) / 1000;
    }
}
