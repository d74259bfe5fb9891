package dev.masugata.inspect.guard;

import java.util.Arrays;

/// A stretch of normalised text without white space, which knows where in the given text each of its characters stood.
final class Word {
    private final StringBuilder text = new StringBuilder();
    private int[] from = new int[32];
    private int[] to = new int[32];

    /// One code point that came from `[begin, end)` of the given text.
    void add(int codePoint, int begin, int end) {
        int before = text.length();
        text.appendCodePoint(codePoint);
        if (text.length() > from.length) {
            from = Arrays.copyOf(from, 2 * from.length);
            to = Arrays.copyOf(to, 2 * to.length);
        }
        for (int i = before; i < text.length(); i++) {
            from[i] = begin;
            to[i] = end;
        }
    }

    String text() {
        return text.toString();
    }

    int length() {
        return text.length();
    }

    int from(int at) {
        return from[at];
    }

    int to(int at) {
        return to[at - 1];
    }

    void clear() {
        text.setLength(0);
    }
}
