package dev.masugata.text;

import java.util.Map;

/// Texts with characters written by their numbers: `%69`, `&#105;`, `\u0069`, `\x69`.
///
/// The reading is what stands near them, so that one escape far away changes nothing here.
final class Escaped implements Decoder {
    /// Text around one, to be read together with it.
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
        int at = text.indexOf(mark);
        while (at >= 0 && form.at(text, at) < 0) at = text.indexOf(mark, at + 1);
        if (at < 0) return;
        var out = new Near(text);
        for (; at >= 0; at = text.indexOf(mark, at + 1)) if (form.at(text, at) >= 0) out.around(at);
        out.plain(text.length());
        found.text(encoding, out.read.toString(), new Offsets.Each(out.starts, out.read.length(), out.done));
    }

    /// What stands near the escapes, with each of them as what it stands for.
    private final class Near {
        private final String text;
        private final StringBuilder read = new StringBuilder();
        private int[] starts = new int[256];
        /// How far the text was read.
        private int done;
        /// How far it is to be read without another escape.
        private int until;

        private Near(String text) {
            this.text = text;
        }

        private void around(int at) {
            if (at < done) return;
            int from = Math.max(0, at - AROUND);
            if (until == 0 || from > until) {
                plain(until);
                if (!read.isEmpty()) put('\n', done);
                done = from;
            }
            until = Math.max(until, at);
            plain(at);
            long escape = form.at(text, at);
            for (char c : Character.toChars((int) escape)) put(c, at);
            done = at + (int) (escape >> 32);
            until = Math.min(text.length(), done + AROUND);
        }

        private void plain(int end) {
            for (int to = Math.min(end, until); done < to; done++) put(text.charAt(done), done);
        }

        private void put(char c, int at) {
            if (read.length() == starts.length) starts = java.util.Arrays.copyOf(starts, 2 * starts.length);
            starts[read.length()] = at;
            read.append(c);
        }
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
