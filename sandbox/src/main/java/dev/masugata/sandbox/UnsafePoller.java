package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Says when a descriptor is ready, so that no caller blocks inside the kernel: a blocked downcall would hold the
/// carrier of a virtual thread, and as many as there are processors would stop the whole gate.
///
/// One epoll set and one daemon thread for the process.
final class UnsafePoller {
    static final int IN = 1;
    static final int OUT = 4;

    private static final int ONE_SHOT = 1 << 30;
    private static final int ADD = 1;
    private static final int DEL = 2;
    private static final int MOD = 3;
    private static final int BATCH = 64;
    /// `struct epoll_event` is packed on x86_64 only.
    private static final int EVENT = UnsafeKernel.ARCH == Call.Arch.X86_64 ? 12 : 16;
    private static final int DATA = EVENT - 8;

    private static @Nullable UnsafePoller only;

    private final int epoll;
    private final ConcurrentHashMap<Integer, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();

    private UnsafePoller() throws KernelException {
        epoll = (int) UnsafeKernel.must(Call.EPOLL_CREATE1, UnsafeFiles.O_CLOEXEC);
        Thread.ofPlatform().daemon().name("sandbox-poller").start(this::run);
    }

    static synchronized UnsafePoller shared() throws KernelException {
        if (only == null) only = new UnsafePoller();
        return only;
    }

    /// Completes with true when the descriptor is ready or broken, with false when it was forgotten first.
    /// At most one waits on a descriptor at a time.
    CompletableFuture<Boolean> ready(int fd, int events) throws KernelException {
        var future = new CompletableFuture<Boolean>();
        if (waiting.putIfAbsent(fd, future) != null) throw new IllegalStateException("two wait on one descriptor");
        try {
            arm(fd, events);
        } catch (KernelException e) {
            waiting.remove(fd);
            throw e;
        }
        return future;
    }

    private void arm(int fd, int events) throws KernelException {
        var failed = control(MOD, fd, events | ONE_SHOT);
        if (failed == -KernelException.ENOENT) failed = control(ADD, fd, events | ONE_SHOT);
        if (failed < 0) throw new KernelException("epoll_ctl", -failed);
    }

    /// Lets go of a descriptor before it is closed; whoever waits learns it.
    void forget(int fd) {
        control(DEL, fd, 0);
        var future = waiting.remove(fd);
        if (future != null) future.complete(false);
    }

    private int control(int operation, int fd, int events) {
        try (var arena = Arena.ofConfined()) {
            var event = arena.allocate(EVENT, 8);
            event.set(JAVA_INT_UNALIGNED, 0, events);
            event.set(JAVA_INT_UNALIGNED, DATA, fd);
            return (int) UnsafeKernel.raw(Call.EPOLL_CTL, epoll, operation, fd, event.address(), 0, 0);
        }
    }

    private void run() {
        try (var arena = Arena.ofConfined()) {
            var events = arena.allocate((long) EVENT * BATCH, 8);
            while (true) {
                var count = UnsafeKernel.raw(Call.EPOLL_PWAIT, epoll, events.address(), BATCH, -1, 0, 8);
                for (int i = 0; i < count; i++) {
                    var future = waiting.remove(events.get(JAVA_INT_UNALIGNED, (long) EVENT * i + DATA));
                    if (future != null) future.complete(true);
                }
            }
        }
    }
}
