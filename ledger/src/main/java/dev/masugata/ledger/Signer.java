package dev.masugata.ledger;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Signs checkpoints: on request, and on a thread of its own whenever there is something new, at most once in a time.
final class Signer {
    private static final System.Logger LOG = System.getLogger("masugata.ledger");

    private final Writer writer;
    private final Heads heads;
    private final Extent extent;
    private final Duration every;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    Signer(Writer writer, Heads heads, Extent extent, Duration every) {
        this.writer = writer;
        this.heads = heads;
        this.extent = extent;
        this.every = every;
        thread = Thread.ofPlatform().daemon().name("ledger checkpoints").start(this::run);
    }

    /// A checkpoint over all that is durable now.
    Note sign() {
        long[] size = {0};
        byte[][] root = {{}};
        writer.call(book -> {
            size[0] = book.size();
            root[0] = book.root();
        });
        return heads.publish(size[0], root[0]);
    }

    private void run() {
        try {
            for (long signed = 0; extent.awaitMoreThan(signed, this::isStopped) > signed && !isStopped(); ) {
                signed = sign(signed);
                stop.await(every.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            // Nobody of ours interrupts it; the last checkpoint is signed at the stop.
            LOG.log(Level.WARNING, "checkpoints are signed on request only from now on");
        }
    }

    /// @return up to where the record is signed now; a ledger that cannot write is tried again the next time
    private long sign(long before) {
        try {
            return TreeHead.of(sign()).size();
        } catch (LedgerUnavailable e) {
            LOG.log(Level.WARNING, "no checkpoint: " + e.getMessage());
            return before;
        }
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    /// Ends the thread. The last checkpoint is the writer's: nothing comes after it.
    void stop() {
        stop.countDown();
        extent.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
