package dev.masugata.ledger;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the record behind the writer, on a thread of its own and at its own pace: a slow follower catches up from
/// the database and never holds the writer up.
///
/// Each entry is given at least once, in order; after a crash the last ones may come again. Entries that retention
/// dropped before the follower came to them are left out.
public final class Follower implements AutoCloseable {
    /// Entries read at once.
    private static final int CHUNK = 500;

    private final String name;
    private final Consumer<Entry> consumer;
    private final Extent extent;
    private final Thread thread;
    private volatile long cursor;
    private volatile boolean stopped;
    private volatile @Nullable RuntimeException failure;

    Follower(String name, long cursor, Consumer<Entry> consumer, Readers readers, Extent extent, Cursors cursors) {
        this.name = name;
        this.cursor = cursor;
        this.consumer = consumer;
        this.extent = extent;
        thread = Thread.ofPlatform().daemon().name("ledger follower " + name).unstarted(() -> run(readers, cursors));
    }

    Follower start() {
        thread.start();
        return this;
    }

    public String name() {
        return name;
    }

    /// The last entry that the consumer has taken.
    public long cursor() {
        return cursor;
    }

    /// Why it follows no longer: what the consumer threw. The entry that it threw on is given again at the next start.
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    /// True if it follows no longer.
    public boolean isOver() {
        return !thread.isAlive();
    }

    private void run(Readers readers, Cursors cursors) {
        try {
            while (!stopped) {
                deliver(readers, extent.awaitMoreThan(cursor, () -> stopped));
                cursors.move(name, cursor);
            }
        } catch (InterruptedException end) {
            stopped = true;
        } catch (RuntimeException e) {
            cursors.move(name, cursor);
            failure = e;
            System.getLogger("masugata.ledger").log(
                    System.Logger.Level.WARNING, "follower `" + name + "` failed after entry " + cursor, e);
        }
    }

    /// Gives the next entries of the first `there`.
    private void deliver(Readers readers, long there) {
        var query = Query.ALL.withAfter(cursor).withBefore(there + 1).withLimit(CHUNK);
        var entries = stopped ? List.<Entry>of() : readers.read(database -> new Entries(database).of(query));
        for (var entry : entries) {
            if (stopped) return;
            consumer.accept(entry);
            cursor = entry.seq();
        }
        // Retention may have dropped all that was left.
        if (entries.isEmpty() && !stopped) cursor = there;
    }

    /// Stops after the entry at hand, and waits for it.
    @Override
    public void close() {
        stopped = true;
        extent.wake();
        if (Thread.currentThread() == thread) return;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
