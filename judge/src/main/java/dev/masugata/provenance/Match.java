package dev.masugata.provenance;

import java.util.Optional;

/// How a value stands in a span: as it is, with other spacing, decoded, or joined of pieces.
///
/// Finding too much makes a value less trusted, no more; so this is generous where [Forms#holdsWord] is strict.
final class Match {
    /// Shorter values are looked for as whole words only: `no` is in every text.
    static final int PLAIN_CHARS_MIN = 4;
    /// Letters and digits that a value must have to be looked for without what lies between them.
    static final int SQUASHED_CHARS_MIN = 6;
    /// Pieces of which a value may be joined, and letters and digits that each must have.
    static final int PIECES_MAX = 4;

    static final int PIECE_CHARS_MIN = 3;
    /// Longer values are not looked for in pieces.
    static final int JOINED_CHARS_MAX = 256;

    private Match() {}

    /// @return in which way the span holds the value, if it does
    static Optional<String> of(Span span, Value value) {
        for (int i = 0; i < value.readings().size(); i++) {
            var reading = value.readings().get(i);
            for (int j = 0; j < span.readings().size(); j++)
                if (holds(span.readings().get(j), reading)) return Optional.of(i + j == 0 ? "verbatim" : "decoded");
            var squashed = value.squashed().get(i);
            if (squashed.length() < SQUASHED_CHARS_MIN) continue;
            if (span.squashed().contains(squashed)) return Optional.of("spaced");
            if (isJoined(span.squashed(), squashed)) return Optional.of("joined");
        }
        return Optional.empty();
    }

    private static boolean holds(String text, String value) {
        return value.length() < PLAIN_CHARS_MIN ? Forms.holdsWord(text, value) : text.contains(value);
    }

    /// True if a few pieces of the text make up the value, longest pieces first from the left.
    private static boolean isJoined(String text, String value) {
        if (value.length() < 2 * PIECE_CHARS_MIN || value.length() > JOINED_CHARS_MAX) return false;
        int at = 0;
        for (int pieces = 0; pieces < PIECES_MAX && at < value.length(); pieces++) {
            int length = longest(text, value, at);
            // What is left may be a piece too short to mean anything, as long as it is the only one.
            if (length < Math.min(PIECE_CHARS_MIN, value.length() - at)) return false;
            at += length;
        }
        return at == value.length();
    }

    /// A shorter text is read once for the longest piece of a value in it; in a longer one pieces are searched for.
    static final int READ_CHARS_MAX = 512;

    /// The length of the longest piece of the text that stands in the value at a place.
    private static int longest(String text, String value, int at) {
        return text.length() <= READ_CHARS_MAX ? read(text, value, at) : searched(text, value, at);
    }

    static int read(String text, String value, int at) {
        int longest = 0;
        int most = value.length() - at;
        for (int from = text.indexOf(value.charAt(at)); from >= 0; from = text.indexOf(value.charAt(at), from + 1)) {
            if (text.length() - from <= longest) break;
            int length = 1;
            int end = Math.min(most, text.length() - from);
            while (length < end && text.charAt(from + length) == value.charAt(at + length)) length++;
            longest = Math.max(longest, length);
            if (longest == most) break;
        }
        return longest;
    }

    static int searched(String text, String value, int at) {
        int low = 0;
        int high = value.length() - at;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (text.contains(value.substring(at, at + middle))) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}
