package dev.masugata.net;

import dev.masugata.net.UpstreamFault.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks names up on platform threads: a lookup holds its thread, and would hold one of the few that carry all virtual
/// threads; a name whose server answers slowly must not stop everybody.
final class Resolver {
    /// Lookups at once.
    static final int LOOKUPS = 64;

    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0,
            LOOKUPS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("lookup-", 0).factory());

    private final Lookup lookup;

    Resolver(Lookup lookup) {
        this.lookup = lookup;
    }

    InetAddress[] resolve(String host, Exchange exchange, long deadline) throws UpstreamFault {
        Future<InetAddress[]> found;
        try {
            found = THREADS.submit(() -> lookup.addresses(host));
        } catch (RejectedExecutionException e) {
            throw fault(Kind.BUSY, "too many names are being looked up", e);
        }
        exchange.during(() -> found.cancel(true));
        try {
            return found.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw fault(Kind.UNREACHABLE, "`" + host + "` does not resolve", Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException e) {
            found.cancel(true);
            throw fault(Kind.TIMEOUT, "`" + host + "` does not resolve in time", e);
        } catch (CancellationException e) {
            exchange.throwIfOver();
            throw fault(Kind.CANCELLED, "the call was cancelled", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault(Kind.CANCELLED, "interrupted while looking up a name", e);
        }
    }

    private static UpstreamFault fault(Kind kind, String what, Throwable cause) {
        return new UpstreamFault(kind, false, what, cause);
    }
}
