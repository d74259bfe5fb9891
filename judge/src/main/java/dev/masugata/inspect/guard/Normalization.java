package dev.masugata.inspect.guard;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a model's text was written before it was cut: form, case, accents, what is left out and what is white space.
///
/// @param form         the Unicode form, or null
/// @param sentencePiece control characters go, and what does not show is white space, as in `nmt_nfkc`
/// @param bert         control and format characters go; punctuation and Chinese characters stand alone
record Normalization(
        @Nullable Form form, boolean sentencePiece, boolean bert, boolean lowerCase, boolean withoutAccents) {

    static final Normalization NONE = new Normalization(null, false, false, false, false);

    Normalization with(Form other) {
        return new Normalization(other, sentencePiece, bert, lowerCase, withoutAccents);
    }

    Normalization withSentencePiece() {
        return new Normalization(Form.NFKC, true, bert, lowerCase, withoutAccents);
    }

    Normalization withBert() {
        return new Normalization(form, sentencePiece, true, lowerCase, withoutAccents);
    }

    Normalization withLowerCase() {
        return new Normalization(form, sentencePiece, bert, true, withoutAccents);
    }

    Normalization withoutAccents(boolean without) {
        return new Normalization(form, sentencePiece, bert, lowerCase, without);
    }

    /// @param cluster a character with the marks upon it
    String of(String cluster) {
        var out = cluster;
        if (form != null) out = Normalizer.normalize(out, form);
        if (withoutAccents) out = withoutMarks(Normalizer.normalize(out, Form.NFD));
        return lowerCase ? out.toLowerCase(Locale.ROOT) : out;
    }

    private static String withoutMarks(String text) {
        var out = new StringBuilder();
        text.codePoints().filter(c -> Character.getType(c) != Character.NON_SPACING_MARK).forEach(out::appendCodePoint);
        return out.toString();
    }

    boolean isSpace(int c) {
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) return true;
        return sentencePiece && (c >= 0x200B && c <= 0x200F || c == 0x2581 || c == 0xFEFF || c == 0xFFFD);
    }

    boolean isDropped(int c) {
        int type = Character.getType(c);
        if (bert && (c == 0xFFFD || type == Character.FORMAT || type == Character.PRIVATE_USE)) return true;
        return (bert || sentencePiece) && type == Character.CONTROL;
    }

    boolean standsAlone(int c) {
        return bert && (isPunctuation(c) || isChinese(c));
    }

    private static boolean isPunctuation(int c) {
        if (c < 128) return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION, Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static boolean isChinese(int c) {
        return c >= 0x4E00 && c <= 0x9FFF
                || c >= 0x3400 && c <= 0x4DBF
                || c >= 0x20000 && c <= 0x2CEAF
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0x2F800 && c <= 0x2FA1F;
    }

    /// Where the character that begins at `from` ends with all that forms one with it.
    static int clusterEnd(String text, int from) {
        int to = from + Character.charCount(text.codePointAt(from));
        while (to < text.length() && to - from < CLUSTER_CHARS && joins(text.codePointAt(to)))
            to += Character.charCount(text.codePointAt(to));
        return to;
    }

    /// Marks without end upon one character are no writing.
    private static final int CLUSTER_CHARS = 32;

    private static boolean joins(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK) return true;
        boolean vowelOrFinal = c >= 0x1160 && c <= 0x11FF; // of Hangul
        boolean halfwidthMark = c == 0xFF9E || c == 0xFF9F; // of Katakana
        return vowelOrFinal || halfwidthMark;
    }
}
