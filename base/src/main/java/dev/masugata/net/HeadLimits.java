package dev.masugata.net;

/// How large the head of a message may be.
///
/// @param line bytes of the request line or status line
/// @param bytes bytes of the whole head
/// @param fields number of header fields
public record HeadLimits(int line, int bytes, int fields) {
    public static final int LINE = 8 * 1024;
    public static final int BYTES = 32 * 1024;
    public static final int FIELDS = 100;

    public static final HeadLimits DEFAULT = new HeadLimits(LINE, BYTES, FIELDS);

    public HeadLimits {
        if (line < 16 || bytes < line || fields < 1)
            throw new IllegalArgumentException("a head needs a line of 16 bytes, no less in all, and one field");
    }
}
