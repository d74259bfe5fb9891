package dev.masugata.text;

import java.util.Map;

/// Texts with characters written by their numbers: `%69`, `&#105;`, `\u0069`, `\x69`.
///
/// The reading is the text from shortly before the first to shortly after the last of them.
final class Escaped implements Decoder {
    /// One or two stand in any text, where a character needs it.
    private static final int FEWEST = 3;

    /// Text around the first and the last, to be read together with them.
    private static final int AROUND = 80;

    private static final int ENTITY_CHARS = 10;
    private static final Map<String, Integer> ENTITIES = Map.ofEntries(
            Map.entry("amp", (int) '&'), Map.entry("lt", (int) '<'), Map.entry("gt", (int) '>'),
            Map.entry("quot", (int) '"'), Map.entry("apos", (int) '\''), Map.entry("nbsp", (int) ' '),
            Map.entry("colon", (int) ':'), Map.entry("sol", (int) '/'), Map.entry("period", (int) '.'),
            Map.entry("lpar", (int) '('), Map.entry("rpar", (int) ')'), Map.entry("excl", (int) '!'),
            Map.entry("commat", (int) '@'), Map.entry("Tab", (int) '\t'), Map.entry("NewLine", (int) '\n'));

    private final String encoding;
    private final char mark;
    private final Form form;

    /// One form of escape: what stands at a mark.
    private interface Form {
        /// The code point in the low half, how many characters it took in the high half; negative if it is none.
        long at(String text, int at);
    }

    static final Decoder PERCENT = new Escaped("percent", '%', Escaped::percent);
    static final Decoder ENTITY = new Escaped("entities", '&', Escaped::entity);
    static final Decoder BACKSLASH = new Escaped("escapes", '\\', Escaped::backslash);

    private Escaped(String encoding, char mark, Form form) {
        this.encoding = encoding;
        this.mark = mark;
        this.form = form;
    }

    @Override
    public void decode(String text, Found found) {
        int first = -1;
        int last = -1;
        int count = 0;
        for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
            if (form.at(text, at) < 0) continue;
            if (first < 0) first = at;
            last = at;
            count += isNeedless((int) form.at(text, at)) ? FEWEST : 1;
        }
        if (count >= FEWEST)
            unescape(text, Math.max(0, first - AROUND), Math.min(text.length(), last + ENTITY_CHARS + AROUND), found);
    }

    /// Nobody has to escape what a name is made of: where it is done, it is done to be read otherwise.
    private static boolean isNeedless(int point) {
        return point >= '0' && point <= '9' || point >= 'a' && point <= 'z' || point >= 'A' && point <= 'Z' || point == '@';
    }

    private void unescape(String text, int from, int to, Found found) {
        var out = new StringBuilder(to - from);
        var starts = new int[to - from + 1];
        for (int at = from; at < to; ) {
            long escape = text.charAt(at) == mark ? form.at(text, at) : -1;
            int begin = out.length();
            if (escape < 0) out.append(text.charAt(at));
            else out.appendCodePoint((int) escape);
            for (int i = begin; i < out.length(); i++) starts[i] = at;
            at += escape < 0 ? 1 : (int) (escape >> 32);
        }
        found.text(encoding, out.toString(), new Offsets.Each(starts, out.length(), to));
    }

    private static long taken(int point, int chars) {
        return Character.isValidCodePoint(point) ? (long) chars << 32 | point : -1;
    }

    /// UTF-8 in percent escapes (RFC 3986, 2.1): all of one character together.
    private static long percent(String text, int at) {
        int lead = octet(text, at);
        if (lead < 0 || lead >= 0x80 && lead < 0xC2 || lead > 0xF4) return -1;
        if (lead < 0x80) return taken(lead, 3);
        int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        int point = lead & (0x3F >> more);
        for (int i = 1; i <= more; i++) {
            int next = octet(text, at + 3 * i);
            if (next < 0x80 || next > 0xBF) return -1;
            point = point << 6 | next & 0x3F;
        }
        return taken(point, 3 * (more + 1));
    }

    private static int octet(String text, int at) {
        return at < text.length() && text.charAt(at) == '%' ? number(text, at + 1, at + 3, 16) : -1;
    }

    private static long entity(String text, int at) {
        int end = text.indexOf(';', at, Math.min(text.length(), at + ENTITY_CHARS + 1));
        if (end < 0 || end < at + 3) return -1;
        if (text.charAt(at + 1) != '#') {
            var named = ENTITIES.get(text.substring(at + 1, end));
            return named == null ? -1 : taken(named, end + 1 - at);
        }
        boolean hex = text.charAt(at + 2) == 'x' || text.charAt(at + 2) == 'X';
        return taken(number(text, at + (hex ? 3 : 2), end, hex ? 16 : 10), end + 1 - at);
    }

    private static long backslash(String text, int at) {
        if (at + 3 >= text.length()) return -1;
        return switch (text.charAt(at + 1)) {
            case 'x' -> taken(number(text, at + 2, at + 4, 16), 4);
            case 'u' -> text.charAt(at + 2) == '{' ? braced(text, at) : taken(number(text, at + 2, at + 6, 16), 6);
            case 'U' -> taken(number(text, at + 2, at + 10, 16), 10);
            default -> -1;
        };
    }

    private static long braced(String text, int at) {
        int end = text.indexOf('}', at, Math.min(text.length(), at + ENTITY_CHARS + 1));
        return end < 0 ? -1 : taken(number(text, at + 3, end, 16), end + 1 - at);
    }

    private static int number(String text, int from, int to, int base) {
        if (from >= to || to > text.length()) return -1;
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), base) : -1;
            if (digit < 0 || value > Character.MAX_CODE_POINT) return -1;
            value = value * base + digit;
        }
        return value;
    }
}
