package dev.masugata.text;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// What one character is in the shadow, from tables that are filled page by page as texts need them.
final class Folding {
    /// Left out.
    static final char NOTHING = 0;

    /// More than one character, or one that joins with its neighbours: ask the normaliser.
    static final char ASK = 0xFFFF;

    private static final int PAGE = 256;
    private static final char[] @Nullable [] PAGES = new char[Character.MAX_VALUE / PAGE + 1][];

    private Folding() {}

    /// The character's shadow, or [#NOTHING], or [#ASK].
    static char of(char c) {
        var page = PAGES[c / PAGE];
        // Two threads may fill the same page; they write the same.
        if (page == null) PAGES[c / PAGE] = page = page(c / PAGE);
        return page[c % PAGE];
    }

    private static char[] page(int number) {
        var page = new char[PAGE];
        for (int i = 0; i < PAGE; i++) page[i] = fold((char) (number * PAGE + i));
        return page;
    }

    private static char fold(char c) {
        if (Character.isSurrogate(c)) return c;
        if (isWhite(c)) return ' ';
        if (isIgnorable(c) || Character.isISOControl(c)) return NOTHING;
        char mark = punctuation(c);
        if (mark != c) return mark;
        if (joins(c)) return ASK;
        var normal = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFKC);
        if (normal.length() != 1 || joins(normal.charAt(0))) return ASK;
        return base(normal.charAt(0));
    }

    /// `é` -> `e`: among Latin letters a mark changes how a word looks, seldom which word it is.
    private static char base(char c) {
        boolean latin = c >= 0xC0 && c <= 0x24F || c >= 0x1E00 && c <= 0x1EFF;
        if (!latin) return isWhite(c) ? ' ' : c;
        if (c == 0x131) return 'i';
        char first = Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFKD).charAt(0);
        return first < 128 ? first : c;
    }

    private static char punctuation(char c) {
        return switch (c) {
            case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212' -> '-';
            case '\u2018', '\u2019', '\u201B', '\u02BC' -> '\'';
            case '\u201C', '\u201D', '\u201F' -> '"';
            default -> c;
        };
    }

    /// Marks, and the Korean letters that join with the one before.
    private static boolean joins(char c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || c >= 0x1161 && c <= 0x11FF;
    }

    static boolean isWhite(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    /// Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties).
    static boolean isIgnorable(int c) {
        if (c < 0xAD) return false;
        return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5
                || c >= 0x180B && c <= 0x180F
                || c >= 0x200B && c <= 0x200F
                || c >= 0x202A && c <= 0x202E
                || c >= 0x2060 && c <= 0x206F
                || c == 0x3164 || c == 0xFEFF || c == 0xFFA0
                || c >= 0xFE00 && c <= 0xFE0F
                || c >= 0xFFF0 && c <= 0xFFF8
                || c >= 0x1BCA0 && c <= 0x1BCA3
                || c >= 0x1D173 && c <= 0x1D17A
                || c >= 0xE0000 && c <= 0xE0FFF;
    }

    /// Lower case, character for character.
    static String lower(String text) {
        int at = 0;
        while (at < text.length() && Character.toLowerCase(text.charAt(at)) == text.charAt(at)) at++;
        if (at == text.length()) return text;
        var chars = text.toCharArray();
        for (; at < chars.length; at++) chars[at] = Character.toLowerCase(chars[at]);
        return new String(chars);
    }
}
