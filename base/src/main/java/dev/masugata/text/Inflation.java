package dev.masugata.text;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/// Gzip (RFC 1952) and zlib (RFC 1950), as far as a bound.
///
/// @param bytes what came out before the bound or the fault
/// @param whole true if that is all
record Inflation(byte[] bytes, boolean whole) {
    static boolean isGzip(byte[] bytes) {
        return bytes.length > 18 && bytes[0] == 0x1F && (bytes[1] & 0xFF) == 0x8B && bytes[2] == 8;
    }

    /// Deflate with a window of 32 KiB, and a header whose check holds.
    static boolean isZlib(byte[] bytes) {
        return bytes.length > 8 && bytes[0] == 0x78 && ((bytes[0] & 0xFF) * 256 + (bytes[1] & 0xFF)) % 31 == 0;
    }

    /// Whether by gzip or zlib the bytes themselves say.
    static Inflation of(byte[] bytes, int most) {
        var out = new ByteArrayOutputStream();
        try (var in = open(bytes)) {
            var buffer = new byte[4096];
            int read;
            while ((read = in.read(buffer, 0, Math.min(buffer.length, most + 1 - out.size()))) > 0) {
                out.write(buffer, 0, read);
                if (out.size() > most) return new Inflation(java.util.Arrays.copyOf(out.toByteArray(), most), false);
            }
            return new Inflation(out.toByteArray(), true);
        } catch (IOException broken) {
            // What came out before the fault is read all the same; that it was not all is said.
            return new Inflation(out.toByteArray(), false);
        }
    }

    private static InputStream open(byte[] bytes) throws IOException {
        var in = new ByteArrayInputStream(bytes);
        return isGzip(bytes) ? new GZIPInputStream(in) : new InflaterInputStream(in);
    }
}
