package dev.masugata.text;

import java.text.Normalizer;
import java.util.Arrays;

/// A text as its reader may take it: compatibility forms folded, nothing invisible, look-alikes in one script,
/// white space single, letters that were set apart joined; and for each character where it stood.
///
/// before -> after: `Ｉ g n o r е  ａｌｌ` (the first е is Cyrillic) -> `Ignore all`; `ｼｼﾞ` -> `シジ`; `二〇二六` -> `2026`.
final class Shadow {
    /// Characters that the normaliser gets at once: past it, marks are taken as they come (UAX 15, stream-safe text).
    private static final int SEGMENT = 32;

    /// Letters set apart that make a word; `a b c` does not.
    private static final int SPACED_LETTERS = 4;

    private static final char ESCAPE = '\u001B';

    private final String text;
    private char[] out;
    private int[] starts;
    private int length;
    private boolean foreign;
    private boolean numerals;

    private Shadow(String text) {
        this.text = text;
        this.out = new char[text.length() + 16];
        this.starts = new int[text.length() + 16];
    }

    static Layer of(Layer layer) {
        var shadow = new Shadow(layer.cased());
        shadow.fold();
        if (shadow.foreign) Confusables.fold(shadow.out, shadow.length);
        if (shadow.numerals) shadow.numerals();
        shadow.join();
        var cased = new String(shadow.out, 0, shadow.length);
        return layer.shadow(cased, new Offsets.Each(shadow.starts, shadow.length, shadow.text.length()));
    }

    /// Characters that are taken out of a text at once.
    private static final int CHUNK = 4096;

    /// What a character of ASCII is, a bit each.
    private static final byte[] KINDS = new byte[128];
    private static final int LETTER = 1;
    private static final int APART = 2;
    private static final int HIDDEN = 4;

    /// Three kinds in a row, the last in the lowest bits: no letter, a letter, a separator.
    private static final int ALONE_MASK = LETTER << 6 | LETTER << 3 | APART;
    private static final int ALONE = LETTER << 3 | APART;

    static {
        for (char c = 0; c < 128; c++) {
            boolean plain = c >= ' ' && c < 0x7F || c == '\n' || c == '\t' || c == '\r';
            KINDS[c] = (byte) (isLetter(c) ? LETTER : isSeparator(c) ? APART : plain ? 0 : HIDDEN);
        }
    }

    /// True if the shadow of a text differs from it in case and white space only. In doubt it says no.
    ///
    /// Words end where a processor does not expect it: but for a letter alone, nothing here branches on them.
    static boolean isPlain(String text) {
        var chunk = new char[Math.min(CHUNK, text.length())];
        int last = 0;
        for (int begin = 0; begin < text.length(); begin += CHUNK) {
            int count = Math.min(CHUNK, text.length() - begin);
            text.getChars(begin, begin + count, chunk, 0);
            int all = 0;
            for (int i = 0; i < count; i++) {
                char c = chunk[i];
                if (c >= 128) return false;
                int kind = KINDS[c];
                all |= kind;
                last = last << 3 | kind;
                if ((last & ALONE_MASK) == ALONE && isSpaced(text, begin + i)) return false;
            }
            if ((all & HIDDEN) != 0) return false;
        }
        return true;
    }

    /// The letter before this separator is the first of some that are set apart, each with separators behind it.
    private static boolean isSpaced(String text, int separator) {
        int at = separator;
        for (int letters = 1; letters < SPACED_LETTERS - 1; letters++) {
            while (at < text.length() && isSeparator(text.charAt(at))) at++;
            if (at + 1 >= text.length() || !isLetter(text.charAt(at)) || !isSeparator(text.charAt(at + 1)))
                return false;
            at++;
        }
        return true;
    }

    private void fold() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7F) put(c, i);
            else if (c == ESCAPE) i = endOfSequence(i) - 1;
            else if (Character.isHighSurrogate(c) && i + 1 < text.length()) i += pair(i);
            else one(c, i);
        }
    }

    private void one(char c, int at) {
        char folded = Folding.of(c);
        switch (folded) {
            case Folding.NOTHING -> {}
            case Folding.ASK -> ask(c, at);
            case ' ' -> {
                if (length == 0 || out[length - 1] != ' ') put(' ', at);
            }
            // Between digits the long-vowel mark is a dash: `０３ー１２３４`.
            case 'ー' -> put(length > 0 && isDigit(out[length - 1]) ? '-' : folded, at);
            default -> {
                foreign |= Confusables.isForeign(folded);
                numerals |= kanjiDigit(folded) >= 0;
                put(folded, at);
            }
        }
    }

    /// @return how many more characters than one were taken
    private int pair(int at) {
        int point = text.codePointAt(at);
        if (!Character.isSupplementaryCodePoint(point)) {
            put(text.charAt(at), at);
            return 0;
        }
        if (Folding.isIgnorable(point)) return 1;
        var normal = Normalizer.normalize(text.substring(at, at + 2), Normalizer.Form.NFKC);
        for (int i = 0; i < normal.length(); i++) put(normal.charAt(i), at);
        return 1;
    }

    /// One character that becomes several, or a mark that joins with what stands before it.
    private void ask(char c, int at) {
        var normal = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFKC);
        boolean mark = Character.getType(normal.charAt(0)) == Character.NON_SPACING_MARK || c >= 0x1161 && c <= 0x11FF;
        if (mark && length > 0 && isLetter(out[length - 1])) return;
        if (!mark || length == 0 || at - starts[length - 1] > SEGMENT) {
            for (int i = 0; i < normal.length(); i++) put(normal.charAt(i), at);
            return;
        }
        int begin = length - 1;
        while (begin > 0 && starts[begin - 1] == starts[length - 1]) begin--;
        int start = starts[begin];
        var joined = Normalizer.normalize(new String(out, begin, length - begin) + normal, Normalizer.Form.NFKC);
        length = begin;
        for (int i = 0; i < joined.length(); i++) put(joined.charAt(i), start);
    }

    private void put(char c, int at) {
        if (length == out.length) {
            out = Arrays.copyOf(out, length * 2);
            starts = Arrays.copyOf(starts, length * 2);
        }
        out[length] = c;
        starts[length++] = at;
    }

    /// The end of a terminal's control sequence (ECMA-48, 5.4): ESC, `[`, parameters, one final character.
    private int endOfSequence(int at) {
        int end = at + 1;
        if (end >= text.length() || text.charAt(end) != '[') return end;
        end++;
        while (end < text.length() && text.charAt(end) >= 0x20 && text.charAt(end) < 0x40) end++;
        return end < text.length() && text.charAt(end) < 0x7F ? end + 1 : end;
    }

    private void numerals() {
        int at = 0;
        while (at < length) {
            int end = at;
            while (end < length && (isDigit(out[end]) || kanjiDigit(out[end]) >= 0)) end++;
            // One alone is a word: 一部, 第三者.
            if (end - at >= 2)
                for (int i = at; i < end; i++) if (!isDigit(out[i])) out[i] = (char) ('0' + kanjiDigit(out[i]));
            at = end + 1;
        }
    }

    private static int kanjiDigit(char c) {
        return switch (c) {
            case '零', '〇' -> 0;
            case '一' -> 1;
            case '二' -> 2;
            case '三' -> 3;
            case '四' -> 4;
            case '五' -> 5;
            case '六' -> 6;
            case '七' -> 7;
            case '八' -> 8;
            case '九' -> 9;
            default -> -1;
        };
    }

    private void join() {
        int to = 0;
        for (int at = 0; at < length; at++) {
            int spaced = isLetter(out[at]) && (at == 0 || !isLetter(out[at - 1])) ? endOfSpaced(at) : at;
            if (spaced > at) {
                to = joined(at, spaced, to);
                at = spaced - 1;
                continue;
            }
            boolean apart = out[at] == ' ' && to > 0 && at + 1 < length && isCjk(out[to - 1]) && isCjk(out[at + 1]);
            if (apart && newlines(starts[at], starts[at + 1]) < 2) continue;
            out[to] = out[at];
            starts[to++] = starts[at];
        }
        length = to;
    }

    /// Where letters set apart that begin here end; `at` if there are too few.
    private int endOfSpaced(int at) {
        int letters = 1;
        int end = at + 1;
        while (end + 1 < length && isSeparator(out[end]) && isLetter(out[end + 1])) {
            if (end + 2 < length && isLetter(out[end + 2])) break;
            letters++;
            end += 2;
        }
        return letters >= SPACED_LETTERS ? end : at;
    }

    /// Between words of such letters the gap is wider than between the letters.
    private int joined(int from, int end, int to) {
        int narrow = starts[from + 2] - starts[from + 1];
        for (int i = from; i < end; i++) {
            boolean gap = i % 2 != from % 2;
            if (gap && starts[i + 1] - starts[i] <= narrow) continue;
            out[to] = gap ? ' ' : out[i];
            starts[to++] = starts[i];
        }
        return to;
    }

    private int newlines(int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) if (text.charAt(i) == '\n') count++;
        return count;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isSeparator(char c) {
        return switch (c) {
            case ' ', '\n', '\t', '\r', '.', '-', '_', '*', '/', '|', '+', '~', ',' -> true;
            default -> false;
        };
    }

    /// Kanji, kana and their punctuation.
    private static boolean isCjk(char c) {
        return c >= 0x3001 && c <= 0x30FF || c >= 0x3400 && c <= 0x9FFF;
    }
}
