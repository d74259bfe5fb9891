package dev.masugata.provenance;

import dev.masugata.text.Layers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/// How a value is looked for in a text: as a whole word, anywhere, or without what lies between letters.
final class Forms {
    private Forms() {}

    /// In what forms a text is compared: its shadow, then what was decoded from it, all in lower case, white space
    /// single.
    static List<String> readings(Layers layers) {
        var readings = new LinkedHashSet<String>();
        readings.add(layers.shadow().text().strip());
        for (var layer : layers.all())
            if (layer.decoded()) readings.add(single(layer.text().toLowerCase(Locale.ROOT)).strip());
        return List.copyOf(readings);
    }

    /// White space single, else as it is.
    static String single(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = Character.isWhitespace(text.charAt(i)) ? ' ' : text.charAt(i);
            if (c != ' ' || out.isEmpty() || out.charAt(out.length() - 1) != ' ') out.append(c);
        }
        return out.toString();
    }

    /// Letters and digits only: `j o h n @ x . com` -> `johnxcom`.
    static String squashed(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isLetterOrDigit(c) || Character.isSurrogate(c)) out.append(c);
        }
        return out.toString();
    }

    /// True if the text holds the value as a whole word: not as part of a longer name, address, path or number.
    ///
    /// `x.com` is not in `a@x.com`, `10` is not in `10.5`; `a@x.com` is in `write to a@x.com.` and in `a@x.comへ`.
    static boolean holdsWord(String text, String value) {
        for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
            if (opens(text, at, value.charAt(0)) && closes(text, at + value.length(), value.charAt(value.length() - 1)))
                return true;
        return false;
    }

    private static boolean opens(String text, int at, char first) {
        if (at == 0) return true;
        char before = text.charAt(at - 1);
        return !joins(before, first) && !isLink(before) && !isDigitComma(text, at - 1);
    }

    private static boolean closes(String text, int end, char last) {
        if (end == text.length()) return true;
        char after = text.charAt(end);
        if (joins(last, after) || isDigitComma(text, end)) return false;
        // The end of a sentence is no part of a name, nor is the slash at the end of a directory's.
        boolean ends = end + 1 == text.length() || Character.isWhitespace(text.charAt(end + 1));
        return !isLink(after) || ends && ".:?/".indexOf(after) >= 0;
    }

    /// `12,900` is one number.
    private static boolean isDigitComma(String text, int at) {
        return text.charAt(at) == ','
                && at > 0
                && at + 1 < text.length()
                && Character.isDigit(text.charAt(at - 1))
                && Character.isDigit(text.charAt(at + 1));
    }

    /// Two characters of one word: both plain, where writing needs spaces between words.
    private static boolean joins(char one, char other) {
        return isPlain(one) && isPlain(other);
    }

    /// A character of a word in writing that sets words apart.
    private static boolean isPlain(char c) {
        return Character.isLetterOrDigit(c) && !isDense(c) || c == '_';
    }

    /// Writing without spaces between words.
    private static boolean isDense(char c) {
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    /// What joins words into one name: `a.b`, `a@b`, `a/b`, `a-b`.
    private static boolean isLink(char c) {
        return "./@-:+%~#?=&\\$*!_".indexOf(c) >= 0;
    }
}
