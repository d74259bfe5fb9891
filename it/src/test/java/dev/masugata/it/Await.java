package dev.masugata.it;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Waits for something that another process does, up to a deadline.
final class Await {
    private Await() {}

    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(Duration most, Condition condition) {
        long end = System.nanoTime() + most.toNanos();
        try {
            while (!condition.holds()) {
                if (System.nanoTime() > end) throw new AssertionError("did not come about in " + most.toSeconds() + " s");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
