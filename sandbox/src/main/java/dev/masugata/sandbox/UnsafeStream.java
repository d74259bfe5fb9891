package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/// The gate's end of a pipe or terminal as streams that virtual threads may wait on.
///
/// The descriptor is closed when the last call under way has left it, so a number is never used after it was
/// given to another file.
final class UnsafeStream implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;

    private final int fd;
    private final UnsafePoller poller;
    private final MemorySegment buffer = Arena.ofAuto().allocate(CHUNK);
    private final ReentrantLock turn = new ReentrantLock();
    private boolean atEnd;
    private boolean closed;
    private int users;

    /// Takes the descriptor over. It must be non-blocking.
    UnsafeStream(int fd) throws KernelException {
        this.fd = fd;
        this.poller = UnsafePoller.shared();
    }

    InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, into.length);
                return length == 0 ? 0 : receive(into, offset, length);
            }

            @Override
            public void close() {
                UnsafeStream.this.close();
            }
        };
    }

    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                Objects.checkFromIndexSize(offset, length, from.length);
                send(from, offset, length);
            }

            @Override
            public void close() {
                UnsafeStream.this.close();
            }
        };
    }

    private int receive(byte[] into, int offset, int length) throws IOException {
        turn.lock();
        try {
            if (atEnd) return -1;
            var result = attempt(Call.READ, Math.min(length, CHUNK), UnsafePoller.IN);
            // A terminal whose last process has gone answers EIO: that is its end.
            if (result == 0 || result == -KernelException.EIO) {
                // Nothing comes any more, so a reader that forgets to close leaves no descriptor behind.
                atEnd = true;
                close();
                return -1;
            }
            if (result < 0) throw new KernelException("read", (int) -result);
            MemorySegment.copy(buffer, JAVA_BYTE, 0, into, offset, (int) result);
            return (int) result;
        } finally {
            turn.unlock();
        }
    }

    private void send(byte[] from, int offset, int length) throws IOException {
        turn.lock();
        try {
            for (int sent = 0; sent < length; ) {
                var part = Math.min(length - sent, CHUNK);
                MemorySegment.copy(from, offset + sent, buffer, JAVA_BYTE, 0, part);
                var result = attempt(Call.WRITE, part, UnsafePoller.OUT);
                if (result < 0) throw new KernelException("write", (int) -result);
                sent += (int) result;
            }
        } finally {
            turn.unlock();
        }
    }

    /// Reads or writes as soon as it can; minus the error number if it failed.
    private long attempt(Call call, int length, int events) throws IOException {
        enter();
        try {
            while (true) {
                var result = UnsafeKernel.raw(call, fd, buffer.address(), length, 0, 0, 0);
                if (result == -KernelException.EINTR) continue;
                if (result != -KernelException.EAGAIN) return result;
                if (!waitFor(events)) throw new IOException("closed while waiting");
            }
        } finally {
            leave();
        }
    }

    private boolean waitFor(int events) throws IOException {
        var ready = poller.ready(fd, events);
        // Closed between the attempt and the registration: nobody would wake us.
        if (isClosed()) poller.forget(fd);
        return ready.join() && !isClosed();
    }

    private synchronized void enter() throws IOException {
        if (closed) throw new IOException("closed");
        users++;
    }

    private synchronized void leave() {
        users--;
        if (closed && users == 0) end();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        if (users == 0) end();
        else poller.forget(fd);
    }

    private void end() {
        poller.forget(fd);
        UnsafeKernel.raw(Call.CLOSE, fd, 0, 0, 0, 0, 0);
    }
}
