package dev.masugata.provenance;

/// Some words of one text in a row, found in another: how a copied sentence is known again.
final class Shingles {
    /// Words in a row; fewer are in many texts by chance.
    static final int WORDS = 6;
    /// Characters in a row, for writing without spaces.
    static final int CHARS = 20;
    /// Places of a text that are tried.
    static final int TRIED_MAX = 256;

    private Shingles() {}

    /// @param text  shadow text, its words one space apart
    /// @param other shadow text
    static boolean anyIn(String text, String other) {
        int tried = 0;
        for (int at = 0; at < text.length() && tried < TRIED_MAX; at = next(text, at), tried++) {
            int end = end(text, at);
            if (end < 0) return false;
            if (other.contains(text.substring(at, end))) return true;
        }
        return false;
    }

    private static int next(String text, int at) {
        int space = text.indexOf(' ', at);
        return space < 0 || space - at > CHARS ? at + CHARS : space + 1;
    }

    /// The end of the shingle that begins at a place: so many words, or so many characters without a space.
    private static int end(String text, int at) {
        int end = at;
        for (int words = 0; words < WORDS; words++) {
            int space = text.indexOf(' ', end);
            if (space < 0 || space - end > CHARS) return at + CHARS <= text.length() && words < 2 ? at + CHARS : -1;
            end = space + 1;
        }
        return end - 1;
    }
}
