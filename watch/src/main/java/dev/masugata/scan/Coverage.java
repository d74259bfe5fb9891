package dev.masugata.scan;

import java.util.List;

/// How much of what is there was looked at.
///
/// @param files    files that were met
/// @param read     files whose content was read
/// @param bytes    bytes that were there in the files read
/// @param analysed bytes of them that were looked at
/// @param unread   what was not, each with the reason
/// @param complete false where the time ended or it was interrupted
public record Coverage(long files, long read, long bytes, long analysed, List<Unread> unread, boolean complete) {
    /// Reasons kept; the rest is counted.
    public static final int UNREAD = 1_000;

    public Coverage {
        unread = List.copyOf(unread);
    }

    /// @param file what was left out
    /// @param why  the reason, in words
    public record Unread(String file, String why) {}
}
