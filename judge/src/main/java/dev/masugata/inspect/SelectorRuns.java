package dev.masugata.inspect;

/// Variation selectors that select nothing: bytes of a message, one selector for each.
///
/// One behind a base character is how emoji and old kanji are written. Where emoji were taken out of a text, a few
/// U+FE0F are left in a row, and nothing else.
final class SelectorRuns implements Scanner {
    /// Left over in a row when emoji are taken out.
    private static final int LEFT_OVER = 8;

    /// Latin letters with a selector each, from which on it is a message. No letter has variants.
    private static final int MARKED_LETTERS = 4;

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        var marked = new Recent(MARKED_LETTERS);
        int done = 0;
        for (int at = span.from(); at < span.to(); at++) {
            if (selector(text, at) == 0) continue;
            int end = at;
            int count = 0;
            boolean other = false;
            for (int point = selector(text, end); point != 0; point = selector(text, end)) {
                other |= point != 0xFE0F;
                count++;
                end += Character.charCount(point);
            }
            if (count > 1 && (other || count >= LEFT_OVER)) hits.at(at, end);
            else if (at > 0 && isLatin(text.charAt(at - 1))) {
                int first = marked.at(at);
                if (first >= 0) hits.at(Math.max(first, done), end);
                if (first >= 0) done = end;
            }
            at = end - 1;
        }
    }

    private static int selector(String text, int at) {
        if (at >= text.length()) return 0;
        int point = text.codePointAt(at);
        boolean selects = point >= 0xFE00 && point <= 0xFE0F || point >= 0xE0100 && point <= 0xE01EF;
        return selects ? point : 0;
    }

    private static boolean isLatin(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
