package dev.masugata.net;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What happens to a connection when it takes too long; at most one thing at a time. Moving it further away, as each
/// request does, costs nothing. Used on the connection's event loop only.
final class Deadline {
    private final EventLoop loop;
    private @Nullable Runnable action;
    private long at;
    private @Nullable Future<?> task;
    private long taskAt;

    Deadline(EventLoop loop) {
        this.loop = loop;
    }

    void set(Duration after, Runnable action) {
        this.action = action;
        at = System.nanoTime() + after.toNanos();
        if (task != null && taskAt - at <= 0) return;
        if (task != null) task.cancel(false);
        schedule();
    }

    void clear() {
        action = null;
    }

    private void schedule() {
        taskAt = at;
        task = loop.schedule(this::expire, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void expire() {
        task = null;
        var due = action;
        if (due == null) return;
        if (at - System.nanoTime() > 0) {
            schedule();
            return;
        }
        action = null;
        due.run();
    }
}
