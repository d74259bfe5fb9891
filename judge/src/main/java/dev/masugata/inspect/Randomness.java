package dev.masugata.inspect;

/// How much a value looks drawn by lot, how much written by a person.
final class Randomness {
    /// Letters of one case in a row, with a vowel: part of a word.
    private static final int WORD_LEAST = 4;
    private static final int WORD_MOST = 14;

    /// `abcdefgh`, `12345678`.
    private static final int SEQUENCE = 8;

    /// `xxxxx`, `00000`.
    private static final int RUN = 5;

    private Randomness() {}

    /// Bits for each character, as often as each occurs in the value itself (Shannon 1948).
    static double entropy(CharSequence value) {
        var counts = new int[128];
        int counted = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 128) continue;
            counts[c]++;
            counted++;
        }
        double bits = 0;
        for (int count : counts) if (count > 0) bits -= count * Math.log((double) count / counted);
        return counted == 0 ? 0 : bits / counted / Math.log(2);
    }

    /// Written to stand for a value: one character over and over, the alphabet, the digits in order.
    static boolean isFiller(CharSequence value) {
        int run = 0;
        int up = 0;
        for (int i = 1; i < value.length(); i++) {
            int step = value.charAt(i) - value.charAt(i - 1);
            run = step == 0 ? run + 1 : 0;
            up = step == 1 ? up + 1 : 0;
            if (run >= RUN - 1 || up >= SEQUENCE - 1) return true;
        }
        return false;
    }

    /// The share of the value that is words: `my-secret-name` 0.71, `kTq3xZ9v` 0.
    static double words(CharSequence value) {
        int inWords = 0;
        for (int at = 0; at < value.length(); ) {
            int end = endOfWord(value, at);
            if (end - at >= WORD_LEAST && end - at <= WORD_MOST && isSpoken(value, at, end)) inWords += end - at;
            at = Math.max(end, at + 1);
        }
        return value.isEmpty() ? 0 : (double) inWords / value.length();
    }

    /// Letters of one case; the first may be a capital.
    private static int endOfWord(CharSequence value, int from) {
        if (!isLetter(value.charAt(from))) return from;
        int end = from + 1;
        boolean upper = end < value.length() && isUpper(value.charAt(from)) && isUpper(value.charAt(end));
        while (end < value.length() && isLetter(value.charAt(end)) && isUpper(value.charAt(end)) == upper) end++;
        return end;
    }

    /// It has vowels, as often as words have them.
    private static boolean isSpoken(CharSequence value, int from, int to) {
        int vowels = 0;
        int apart = 0;
        for (int i = from; i < to; i++) {
            if ("aeiouyAEIOUY".indexOf(value.charAt(i)) >= 0) {
                vowels++;
                apart = 0;
            } else if (++apart > 3) return false;
        }
        return vowels * 4 >= to - from;
    }

    static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || isUpper(c);
    }

    static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
