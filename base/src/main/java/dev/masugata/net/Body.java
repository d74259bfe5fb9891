package dev.masugata.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The body of a message that comes in. It is read once, by one thread, and blocks while nothing is there; what is not
/// read holds the sender back. Trailers are dropped.
///
/// Reading fails with [ClientGone] or [RequestFault] in a request, with [UpstreamFault] in a response.
public final class Body {
    private final OptionalLong length;
    private final Inflow inflow;
    private final Function<String, IOException> tooLarge;
    private final Runnable onFirstRead;
    private boolean touched;
    private byte[] chunk = new byte[0];
    private int at;

    Body(OptionalLong length, Inflow inflow, Function<String, IOException> tooLarge, Runnable onFirstRead) {
        this.length = length;
        this.inflow = inflow;
        this.tooLarge = tooLarge;
        this.onFirstRead = onFirstRead;
    }

    /// Its length, if the head says so.
    public OptionalLong length() {
        return length;
    }

    /// The whole body, which must have at most `limit` bytes.
    public byte[] readAll(int limit) throws IOException {
        if (length.orElse(0) > limit) throw tooLarge.apply("the body has more than " + limit + " bytes");
        var all = new ByteArrayOutputStream((int) Math.min(length.orElse(256), limit));
        for (byte[] next; (next = next()) != null; ) {
            if (next.length > limit - all.size()) throw tooLarge.apply("the body has more than " + limit + " bytes");
            all.write(next, 0, next.length);
        }
        return all.toByteArray();
    }

    /// The next bytes as they came, or null at the end.
    public byte @Nullable [] next() throws IOException {
        if (!touched) {
            touched = true;
            onFirstRead.run();
        }
        if (at == chunk.length) return inflow.take();
        var rest = at == 0 ? chunk : java.util.Arrays.copyOfRange(chunk, at, chunk.length);
        at = chunk.length;
        return rest;
    }

    /// The bytes as a stream. Closing it does nothing.
    public InputStream stream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return fill() ? chunk[at++] & 0xFF : -1;
            }

            @Override
            public int read(byte[] into, int from, int count) throws IOException {
                Objects.checkFromIndexSize(from, count, into.length);
                if (count == 0) return 0;
                if (!fill()) return -1;
                int taken = Math.min(count, chunk.length - at);
                System.arraycopy(chunk, at, into, from, taken);
                at += taken;
                return taken;
            }
        };
    }

    private boolean fill() throws IOException {
        if (at < chunk.length) return true;
        var next = next();
        if (next == null) return false;
        chunk = next;
        at = 0;
        return true;
    }
}
