package dev.masugata.scan;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One file as it was read: data that nothing here runs. Looked at by one thread.
final class Source {
    /// Bytes in which a zero says that it is no text.
    private static final int HEAD = 8_000;

    private final Path path;
    private final String name;
    private final byte[] bytes;
    private final long size;
    private final int mode;
    private @Nullable String text;

    /// @param name  as it is shown: absolute on a machine, below what was scanned in a directory; with `/`
    /// @param bytes its beginning, as much as the limits take
    /// @param size  of all of it
    /// @param mode  its permission bits
    Source(Path path, String name, byte[] bytes, long size, int mode) {
        this.path = path;
        this.name = name;
        this.bytes = bytes;
        this.size = size;
        this.mode = mode;
    }

    Path path() {
        return path;
    }

    String name() {
        return name;
    }

    byte[] bytes() {
        return bytes;
    }

    long size() {
        return size;
    }

    int mode() {
        return mode;
    }

    /// More was there than was read.
    boolean cut() {
        return size > bytes.length;
    }

    /// What cannot be UTF-8 is replaced: nothing here depends on it.
    String text() {
        var known = text;
        if (known == null) text = known = new String(bytes, StandardCharsets.UTF_8);
        return known;
    }

    String leaf() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /// A zero byte stands in no text.
    boolean binary() {
        int most = Math.min(bytes.length, HEAD);
        for (int i = 0; i < most; i++) if (bytes[i] == 0) return true;
        return false;
    }
}
