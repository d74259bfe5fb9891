package dev.masugata.net;

import dev.masugata.net.UpstreamFault.Kind;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Which connections are open, and which of them are free.
final class Pool {
    /// Connections that may serve one another's requests.
    record Key(Destination destination, String pool) {}

    private static final class Lane {
        final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
        int open;
    }

    private final int perKey;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Key, Lane> lanes = new HashMap<>();
    private final Set<UpstreamConnection> connections = new HashSet<>();
    private int open;
    private boolean closed;

    Pool(int perKey, int most) {
        this.perKey = perKey;
        this.most = most;
    }

    /// A free connection; or null, when the caller may dial one and then calls [#dialed] or [#notDialed].
    @Nullable
    UpstreamConnection take(Key key, Exchange exchange, long deadline) throws UpstreamFault {
        lock.lock();
        try {
            for (; ; ) {
                exchange.throwIfOver();
                if (closed) throw new UpstreamFault(Kind.CANCELLED, false, "the client is closed", null);
                var lane = lanes.computeIfAbsent(key, it -> new Lane());
                var free = lane.idle.pollLast();
                if (free != null) return free;
                if (lane.open < perKey && (open < most || evict())) {
                    lane.open++;
                    open++;
                    return null;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0)
                    throw new UpstreamFault(
                            Kind.BUSY, false, "no connection to " + key.destination() + " is free", null);
                changed.await(left, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamFault(Kind.CANCELLED, false, "interrupted while waiting for a connection", e);
        } finally {
            lock.unlock();
        }
    }

    /// Closes the connection of another destination that has been free the longest, so that this one is not starved.
    private boolean evict() {
        UpstreamConnection oldest = null;
        for (var lane : lanes.values()) {
            var first = lane.idle.peekFirst();
            if (first != null && (oldest == null || first.idleSince() - oldest.idleSince() < 0)) oldest = first;
        }
        if (oldest == null) return false;
        leaveLocked(oldest);
        oldest.close();
        return true;
    }

    void dialed(UpstreamConnection connection) {
        lock.lock();
        try {
            connections.add(connection);
            if (closed) connection.close();
        } finally {
            lock.unlock();
        }
        connection.whenClosed(() -> left(connection));
    }

    void notDialed(Key key) {
        lock.lock();
        try {
            countDown(key);
        } finally {
            lock.unlock();
        }
    }

    /// The connection is free again.
    void giveBack(UpstreamConnection connection) {
        lock.lock();
        try {
            var lane = lanes.get(connection.key());
            if (closed || lane == null || !connections.contains(connection)) {
                connection.close();
                return;
            }
            lane.idle.addLast(connection);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void left(UpstreamConnection connection) {
        lock.lock();
        try {
            leaveLocked(connection);
        } finally {
            lock.unlock();
        }
    }

    private void leaveLocked(UpstreamConnection connection) {
        if (!connections.remove(connection)) return;
        var lane = lanes.get(connection.key());
        if (lane != null) lane.idle.remove(connection);
        countDown(connection.key());
    }

    private void countDown(Key key) {
        open--;
        var lane = lanes.get(key);
        if (lane != null && --lane.open == 0) lanes.remove(key);
        changed.signalAll();
    }

    /// Has waiters look whether they were cancelled.
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int open() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        List<UpstreamConnection> all;
        lock.lock();
        try {
            closed = true;
            all = List.copyOf(connections);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        all.forEach(UpstreamConnection::cut);
    }
}
