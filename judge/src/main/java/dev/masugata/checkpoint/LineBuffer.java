package dev.masugata.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Cuts a stream into lines, and no line is longer than it may be.
final class LineBuffer {
    private final int bytesMax;

    LineBuffer(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// The next line without its end (`\n` or `\r\n`); empty at the end of the stream. A last line without an end is
    /// half a message and is dropped.
    Optional<byte[]> next(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(256);
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') return Optional.of(withoutReturn(line.toByteArray()));
            if (line.size() >= bytesMax) throw new TooLong();
            line.write(b);
        }
        return Optional.empty();
    }

    private static byte[] withoutReturn(byte[] line) {
        boolean ends = line.length > 0 && line[line.length - 1] == '\r';
        return ends ? java.util.Arrays.copyOf(line, line.length - 1) : line;
    }

    /// A line grew past its limit.
    static final class TooLong extends IOException {
        TooLong() {
            super("line too long");
        }
    }
}
