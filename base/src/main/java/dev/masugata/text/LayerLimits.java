package dev.masugata.text;

/// How far the readings of one text go. Past a bound the reading stops there and says so ([Layers#opaque()]).
///
/// @param depth       encodings within encodings
/// @param outputChars characters that all decoded readings of one text have together
/// @param growth      how many times longer than its encoding a decoded piece may be
/// @param nanos       time for one text; the other bounds keep it below this: a last resort
/// @param candidates  decoded pieces that are kept
public record LayerLimits(int depth, int outputChars, int growth, long nanos, int candidates) {
    static final int DEPTH = 3;
    static final int OUTPUT_CHARS = 256 * 1024;
    static final int GROWTH = 8;
    static final long NANOS = 250_000_000L;
    static final int CANDIDATES = 64;

    /// A piece of an encoding that is no text is opaque from this size on: a key or a digest is shorter.
    static final int BLOB_BYTES = 512;

    public static final LayerLimits DEFAULT = new LayerLimits(DEPTH, OUTPUT_CHARS, GROWTH, NANOS, CANDIDATES);

    public LayerLimits {
        if (depth < 0 || outputChars < 0 || growth < 1 || nanos < 1 || candidates < 0)
            throw new IllegalArgumentException("a limit is not negative, and time and growth are at least 1");
    }
}
