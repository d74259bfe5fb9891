package dev.masugata.provenance;

/// Which characters stand in a text, as a set of 64 bits; several characters share a bit.
///
/// A piece of a text has no character that the text has not. So a bit that is missing says, at the price of one
/// instruction, that a text cannot hold a value; a bit that is there says nothing.
final class Letters {
    /// Bits from which on a character that is no Latin letter and no digit has one.
    private static final int OTHERS = 36;

    private Letters() {}

    static long of(String text) {
        long bits = 0;
        for (int i = 0; i < text.length(); i++) bits |= 1L << bit(text.charAt(i));
        return bits;
    }

    /// True if a text with the letters `all` may hold a piece with the letters `some`.
    static boolean mayHold(long all, long some) {
        return (some & ~all) == 0;
    }

    private static int bit(char c) {
        if (c >= 'a' && c <= 'z') return c - 'a';
        if (c >= '0' && c <= '9') return 26 + c - '0';
        return OTHERS + c % (Long.SIZE - OTHERS);
    }
}
