package dev.masugata.scan;

import java.time.Duration;

/// How much a scan takes of what others wrote. What is beyond a limit is named in [Coverage], never passed over.
///
/// @param files      files looked at
/// @param depth      directories within directories
/// @param fileBytes  bytes of one file that are read as text or configuration
/// @param time       for all of it; what is left is named and can be gone on with
public record ScanLimits(int files, int depth, int fileBytes, Duration time) {
    public static final int FILES = 2_000_000;
    public static final int DEPTH = 64;
    public static final int FILE_BYTES = 4 * 1024 * 1024;
    public static final Duration TIME = Duration.ofMinutes(10);

    public static final ScanLimits DEFAULT = new ScanLimits(FILES, DEPTH, FILE_BYTES, TIME);

    public ScanLimits {
        if (files < 1 || depth < 1 || fileBytes < 1) throw new IllegalArgumentException("a scan takes something");
    }
}
