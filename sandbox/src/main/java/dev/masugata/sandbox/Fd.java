package dev.masugata.sandbox;

/// An open descriptor of this process, closed once.
final class Fd implements AutoCloseable {
    private final int number;
    private boolean open = true;

    Fd(long number) {
        this.number = (int) number;
    }

    /// Minus one once it is closed: the number may be another file's then.
    synchronized int number() {
        return open ? number : -1;
    }

    /// The path under which the kernel finds what this descriptor refers to, whatever was renamed meanwhile.
    String path() {
        return "/proc/thread-self/fd/" + number();
    }

    /// Gives the descriptor away: whoever asked closes it.
    synchronized int release() {
        open = false;
        return number;
    }

    @Override
    public synchronized void close() {
        if (!open) return;
        open = false;
        UnsafeKernel.raw(Call.CLOSE, number, 0, 0, 0, 0, 0);
    }
}
