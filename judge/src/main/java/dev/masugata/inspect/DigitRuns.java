package dev.masugata.inspect;

import java.util.Arrays;

/// Where the runs of digits of a text begin and end: `[from, to, from, to, ...]`; only runs of some length.
record DigitRuns(int[] places) {
    /// Shorter ones are days, hours, prices.
    static final int LEAST = 3;

    static DigitRuns of(String text) {
        var places = new int[16];
        int count = 0;
        // A run that is long enough holds a digit at a multiple of its length: the others need no look.
        for (int at = LEAST - 1; at < text.length(); at += LEAST) {
            if (!isDigit(text.charAt(at))) continue;
            int from = at;
            while (from > 0 && isDigit(text.charAt(from - 1))) from--;
            int to = at + 1;
            while (to < text.length() && isDigit(text.charAt(to))) to++;
            if (to - from < LEAST) continue;
            if (count == places.length) places = Arrays.copyOf(places, 2 * count);
            places[count++] = from;
            places[count++] = to;
            at = to;
        }
        return new DigitRuns(Arrays.copyOf(places, count));
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
