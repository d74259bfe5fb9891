package dev.masugata.scan;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// One file as it was read: data that nothing here runs.
///
/// @param path  where it is
/// @param name  as it is shown: absolute on a machine, below what was scanned in a directory; with `/`
/// @param bytes its beginning, as much as the limits take
/// @param size  of all of it
/// @param mode  its permission bits
record Source(Path path, String name, byte[] bytes, long size, int mode) {
    /// More was there than was read.
    boolean cut() {
        return size > bytes.length;
    }

    /// What cannot be UTF-8 is replaced: nothing here depends on it.
    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    String leaf() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /// A zero byte stands in no text.
    boolean binary() {
        int most = Math.min(bytes.length, 8_000);
        for (int i = 0; i < most; i++) if (bytes[i] == 0) return true;
        return false;
    }
}
