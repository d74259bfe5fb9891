package dev.masugata.ledger;

import java.util.function.BooleanSupplier;

/// How many entries are durable, for those who wait for more.
final class Extent {
    private volatile long size;

    long size() {
        return size;
    }

    void reached(long entries) {
        if (entries == size) return;
        size = entries;
        wake();
    }

    /// Lets everybody who waits look again at why it waits.
    synchronized void wake() {
        notifyAll();
    }

    /// Waits until there are more than `seen` entries, or until it is told to stop.
    ///
    /// @return how many there are
    synchronized long awaitMoreThan(long seen, BooleanSupplier stop) throws InterruptedException {
        while (size <= seen && !stop.getAsBoolean()) wait();
        return size;
    }
}
