package dev.masugata.sandbox;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The thread that is the parent of one sealed process, and lives as long as it.
///
/// Started from the session's thread, it stands in the session's namespaces. Its child becomes the first process of
/// a process namespace: to kill that child is to kill all that ever came of it, at once and whatever it was doing.
/// The child dies when this thread does (`setpriv --pdeathsig`), and this thread dies with the gate.
final class ProcessThread {
    private static final long STACK_BYTES = 256 * 1024;

    private final CountDownLatch spawned = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Exception failed;
    private int pid;

    private ProcessThread() {}

    /// Starts a program from a new thread. Call it on the session's thread.
    static ProcessThread start(List<String> command, Map<String, String> environment, List<Integer> descriptors)
            throws KernelException {
        var it = new ProcessThread();
        Thread.ofPlatform()
                .daemon()
                .name("sealed-process")
                .stackSize(STACK_BYTES)
                .start(() -> it.run(command, environment, descriptors));
        await(it.spawned);
        if (it.failed instanceof KernelException e) throw e;
        if (it.failed != null) throw new IllegalStateException(it.failed);
        return it;
    }

    private void run(List<String> command, Map<String, String> environment, List<Integer> descriptors) {
        try {
            // From here on this thread can start no other thread (clone(2)): it spawns, and it waits.
            UnsafeMounts.unshareProcesses();
            pid = UnsafeSpawn.start(command, environment, descriptors);
        } catch (KernelException | RuntimeException e) {
            failed = e;
            ended.countDown();
        }
        spawned.countDown();
        await(ended);
    }

    /// Interrupts do not end the thread: they would end the process with it.
    private static void await(CountDownLatch latch) {
        var interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /// The process, as the gate's process namespace numbers it.
    int pid() {
        return pid;
    }

    /// Lets the thread go, once the process has ended.
    void end() {
        ended.countDown();
    }
}
