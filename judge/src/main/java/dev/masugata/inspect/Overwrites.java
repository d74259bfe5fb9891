package dev.masugata.inspect;

/// Text that a terminal writes over with other text: a model reads both, a person the last.
///
/// Bars of progress write over themselves with nearly the same, manual pages write a letter over the same letter.
final class Overwrites implements Scanner {
    /// Letters that go; fewer say nothing.
    private static final int LETTERS = 8;

    /// What is written over itself begins with the same.
    private static final int SAME = 4;

    /// Characters of a line that are looked at before and behind a return.
    private static final int LINE = 200;

    /// Lines that end in a carriage return alone, from which on it is how the text ends its lines.
    private static final int OLD_LINE_ENDS = 3;

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        for (int at = text.indexOf('\b'); at >= 0; at = text.indexOf('\b', at + 1)) at = erased(text, at, hits);
        for (int at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) returned(text, at, hits);
    }

    private static boolean isOldLineEnd(String text, int at) {
        int returns = 0;
        for (int i = Math.max(0, at - LINE); i < Math.min(text.length(), at + LINE); i++) {
            if (text.charAt(i) == '\n') return false;
            if (text.charAt(i) == '\r') returns++;
        }
        return returns >= OLD_LINE_ENDS;
    }

    /// @return the last of the backspaces
    private static int erased(String text, int at, Hits hits) {
        int end = at;
        while (end < text.length() && text.charAt(end) == '\b') end++;
        int from = Math.max(0, at - (end - at));
        if (letters(text, from, at) >= LETTERS) hits.at(from, end);
        return end - 1;
    }

    private static void returned(String text, int at, Hits hits) {
        int next = at + 1;
        if (next >= text.length() || text.charAt(next) == '\n' || text.charAt(next) == '\r') return;
        int from = at;
        while (from > Math.max(0, at - LINE) && text.charAt(from - 1) != '\n' && text.charAt(from - 1) != '\r') from--;
        if (letters(text, from, at) < LETTERS || isOldLineEnd(text, at)) return;
        boolean same = text.regionMatches(from, text, next, SAME) || isBlank(text, next);
        if (!same) hits.at(from, next);
    }

    /// Blanks that wipe a line before the next is written.
    private static boolean isBlank(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) == ' ') end++;
        return end == text.length() || text.charAt(end) == '\r' || text.charAt(end) == '\n';
    }

    private static int letters(String text, int from, int to) {
        int letters = 0;
        for (int i = from; i < to && letters < LETTERS; i++) if (Character.isLetter(text.charAt(i))) letters++;
        return letters;
    }
}
