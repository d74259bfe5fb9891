package dev.masugata.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The body of one message on its way out: blocks its thread while the channel has enough to send already.
final class Outlet extends OutputStream {
    /// Bytes gathered before they leave without a flush.
    static final int PIECE = 16 * 1024;

    private final Channel channel;
    private final boolean chunked;
    private final Duration stall;
    private final Function<String, IOException> gone;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private final byte[] piece = new byte[PIECE];
    private int count;
    private final boolean sized;
    private long left;
    private volatile boolean closed;
    private volatile long lastPush = System.nanoTime();

    /// @param length bytes that will be written, if it is known; then, or if not `chunked`, they are sent bare
    /// @param stall how long the other side may take nothing before the channel is cut
    Outlet(Channel channel, boolean chunked, OptionalLong length, Duration stall, Function<String, IOException> gone) {
        this.channel = channel;
        this.chunked = chunked && length.isEmpty();
        this.sized = length.isPresent();
        this.left = length.orElse(Long.MAX_VALUE);
        this.stall = stall;
        this.gone = gone;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, bytes.length);
        if (length > left) throw new IOException("more bytes written than the length that was announced");
        left -= length;
        for (int at = from, end = from + length; at < end; ) {
            int part = Math.min(end - at, PIECE - count);
            System.arraycopy(bytes, at, piece, count, part);
            at += part;
            count += part;
            if (count == PIECE) flush();
        }
    }

    @Override
    public void flush() throws IOException {
        awaitRoom();
        if (count == 0) return;
        var framed = frame(piece, count);
        count = 0;
        lastPush = System.nanoTime();
        channel.writeAndFlush(framed);
    }

    /// Sends the rest; the future tells when all of it has left.
    ChannelFuture finish() throws IOException {
        if (sized && left != 0) throw new IOException("fewer bytes written than the length that was announced");
        flush();
        var end = chunked
                ? channel.alloc().buffer(5).writeBytes(LAST)
                : channel.alloc().buffer(0);
        return channel.writeAndFlush(end);
    }

    /// Sends a sign of life if nothing was sent for that long; on the event loop.
    void pulse(byte[] bytes, long quietNanos) {
        if (closed || !channel.isWritable() || System.nanoTime() - lastPush < quietNanos) return;
        lastPush = System.nanoTime();
        channel.writeAndFlush(frame(bytes, bytes.length));
    }

    /// The channel may have room again, or has closed.
    void wake(boolean nowClosed) {
        closed |= nowClosed;
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() throws IOException {
        if (!closed && channel.isWritable()) return;
        boolean stalled = false;
        lock.lock();
        try {
            while (!stalled && !closed && channel.isActive() && !channel.isWritable())
                stalled = !changed.await(stall.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing a body");
        } finally {
            lock.unlock();
        }
        // Outside of the lock: who makes the exception may wake us.
        if (stalled) {
            Cut.now(channel);
            throw gone.apply("the other side takes nothing");
        }
        if (closed || !channel.isActive()) throw gone.apply("the connection is closed");
    }

    private ByteBuf frame(byte[] bytes, int length) {
        var framed = channel.alloc().buffer(length + 12);
        if (!chunked) return framed.writeBytes(bytes, 0, length);
        framed.writeCharSequence(Integer.toHexString(length), StandardCharsets.US_ASCII);
        return framed.writeBytes(CRLF).writeBytes(bytes, 0, length).writeBytes(CRLF);
    }

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST = {'0', '\r', '\n', '\r', '\n'};

    /// Null if there is no writer at this moment.
    static void wake(@Nullable Outlet outlet, boolean nowClosed) {
        if (outlet != null) outlet.wake(nowClosed);
    }
}
