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
        permit.onTakenBack(() -> answer.complete(TAKEN_BACK));
    }

    /// Waits for the answer; the time in which the agent's side is asked something does not count against the server.
    ///
    /// @throws TakenBack when a person took the right to it back meanwhile
    Answer await() throws TimeoutException, InterruptedException, TakenBack {
        long limit = calling.limit().toNanos();
        long ends = began + limit;
        long last = began + limit + ASKING_MAX.toNanos();
        while (true) {
            long now = System.nanoTime();
            try {
                var answered = answer.get(Math.max(1, ends - now), TimeUnit.NANOSECONDS);
                if (answered == TAKEN_BACK) throw new TakenBack();
                return answered;
            } catch (TimeoutException late) {
                if (asking.get() == 0 || System.nanoTime() > last) throw late;
                ends = System.nanoTime() + limit;
            } catch (ExecutionException never) {
                throw new IllegalStateException(never);
            }
        }
    }

    /// True if it must not be sent any more.
    boolean isOver() {
        return answer.isDone();
    }

    private static final Answer TAKEN_BACK = new Answer.Broken(Permit.TAKEN_BACK);

    /// A person took the approval of a call back while it ran.
    static final class TakenBack extends Exception {
        private TakenBack() {
            super(Permit.TAKEN_BACK, null, false, false);
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
