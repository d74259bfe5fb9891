package dev.masugata.inspect;

/// Characters of no width where no script needs them: a message in bits, or a word cut so that filters miss it.
///
/// Joiners between emoji and within words of Persian and Indic scripts, marks of direction beside Arabic and Hebrew,
/// one soft break in a long name or between Japanese phrases, and a byte order mark are writing.
final class ZeroWidthRuns implements Scanner {
    /// In a row; scripts need one, seldom two.
    private static final int IN_A_ROW = 4;

    /// Breaks inside Latin words; a long name has one or two.
    private static final int WITHIN_WORDS = 3;

    /// Of two kinds, strewn over a text of kanji and kana.
    private static final int STREWN = 8;

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        var within = new Recent(WITHIN_WORDS);
        var strewn = new Recent(STREWN);
        int done = 0;
        for (int at = span.from(); at < span.to(); at++) {
            if (!isZeroWidth(text.charAt(at))) continue;
            int end = at;
            while (end < text.length() && isZeroWidth(text.charAt(end))) end++;
            if (end - at >= IN_A_ROW) {
                hits.at(at, end);
                at = end - 1;
                continue;
            }
            boolean cuts = at > 0 && end < text.length() && isLatin(text.charAt(at - 1)) && isLatin(text.charAt(end));
            boolean among = at > 0 && isCjk(text.charAt(at - 1)) || end < text.length() && isCjk(text.charAt(end));
            int first = cuts ? within.at(at) : among ? strewn.at(at) : -1;
            if (first >= 0 && (cuts || isMixed(text, first, end))) {
                hits.at(Math.max(first, done), end);
                done = end;
            }
            at = end - 1;
        }
    }

    /// More than one kind of them: one alone breaks lines.
    private static boolean isMixed(String text, int from, int to) {
        int first = text.charAt(from);
        for (int i = from + 1; i < to; i++) if (text.charAt(i) != first && isZeroWidth(text.charAt(i))) return true;
        return false;
    }

    static boolean isZeroWidth(char c) {
        if (c < 0x34F) return false;
        return c >= 0x200B && c <= 0x200F || c >= 0x2060 && c <= 0x2064 || c == 0xFEFF || c == 0x180E || c == 0x34F
                || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0;
    }

    private static boolean isLatin(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isCjk(char c) {
        return c >= 0x3001 && c <= 0x30FF || c >= 0x3400 && c <= 0x9FFF;
    }
}
