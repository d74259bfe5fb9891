package dev.masugata.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What waits for the writer.
final class Inbox {
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final LinkedBlockingQueue<Writer.Work> queue = new LinkedBlockingQueue<>(LedgerLimits.QUEUE);
    private final int groupEvents;
    private volatile @Nullable LedgerUnavailable closed;

    /// @param groupEvents events that are taken together
    Inbox(int groupEvents) {
        this.groupEvents = groupEvents;
    }

    /// Hands work over. Waits while the queue is full, also for a thread that is told to end: what happened is put on
    /// record, and a caller that went away is no failure of the ledger.
    ///
    /// @throws LedgerUnavailable when the ledger is closed
    void put(Writer.Work work) {
        boolean interrupted = Thread.interrupted();
        boolean taken = false;
        try {
            while (!taken) {
                refuseWhenClosed();
                try {
                    taken = queue.offer(work, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException toldToEnd) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
        // Closed in between: the writer may be gone, so whatever is left in the queue is answered here.
        if (closed != null) abandon();
    }

    private void refuseWhenClosed() {
        var why = closed;
        if (why != null) throw new LedgerUnavailable(String.valueOf(why.getMessage()), why);
    }

    /// Waits for work, and takes with it what waits behind it, up to the limit of one transaction.
    List<Writer.Work> takeGroup() throws InterruptedException {
        var group = new ArrayList<Writer.Work>();
        int events = 0;
        for (var next = queue.take(); next != null; next = events < groupEvents ? queue.poll() : null) {
            group.add(next);
            events += next instanceof Pending pending ? pending.items().size() : 0;
        }
        return group;
    }

    /// Nothing is taken any more: what waits and what still comes hears why.
    void close(LedgerUnavailable why) {
        closed = why;
        abandon();
    }

    private void abandon() {
        var why = closed;
        for (Writer.Work left; why != null && (left = queue.poll()) != null; ) left.abandoned(why);
    }
}
