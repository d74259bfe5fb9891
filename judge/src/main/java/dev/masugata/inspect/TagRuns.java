package dev.masugata.inspect;

/// Tag characters (Unicode 16, 23.9): a whole sentence that no person sees.
///
/// A black flag (U+1F3F4) with tags behind it is the flag of a region, and is none.
final class TagRuns implements Scanner {
    /// Tags in the flag of a region: five or so for its code and one that ends it.
    private static final int FLAG_TAGS_MAX = 7;

    private static final int BLACK_FLAG = 0x1F3F4;

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        for (int at = span.from(); at < span.to(); at++) {
            if (!isTag(text, at)) continue;
            int end = at;
            while (isTag(text, end)) end += 2;
            if (!isFlag(text, at, end)) hits.at(at, end);
            at = end - 1;
        }
    }

    /// U+E0000..U+E007F are all written with the high surrogate DB40 and a low one in DC00..DC7F.
    static boolean isTag(String text, int at) {
        return at + 1 < text.length()
                && text.charAt(at) == 0xDB40
                && text.charAt(at + 1) >= 0xDC00
                && text.charAt(at + 1) <= 0xDC7F;
    }

    private static boolean isFlag(String text, int at, int end) {
        return at >= 2 && text.codePointAt(at - 2) == BLACK_FLAG && (end - at) / 2 <= FLAG_TAGS_MAX;
    }
}
