package dev.masugata.net;

import java.util.function.IntPredicate;

/// Characters that HTTP's grammar distinguishes (RFC 9110 section 5.6.2, RFC 3986 section 2).
final class Tokens {
    static final int METHOD_CHARS = 20;

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final String PATH_MARKS = "-._~!$&'()*+,;=:@/%";

    private static final boolean[] TOKEN = table(TOKEN_MARKS);
    private static final boolean[] PATH = table(PATH_MARKS);

    private Tokens() {}

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) if (!isTokenChar(text.charAt(i))) return false;
        return !text.isEmpty();
    }

    /// A loop: a stream costs more than all the rest of a head.
    static boolean every(String text, IntPredicate good) {
        for (int i = 0; i < text.length(); i++) if (!good.test(text.charAt(i))) return false;
        return true;
    }

    /// A method as we take it: a word in capitals (RFC 9110 section 9.1 allows any token).
    static boolean isMethod(String text) {
        return !text.isEmpty()
                && text.length() <= METHOD_CHARS
                && every(text, c -> c >= 'A' && c <= 'Z' || c == '-' || c == '_');
    }

    static boolean isTokenChar(int c) {
        return c >= 0 && c < 128 && TOKEN[c];
    }

    /// True for what may stand in a path; percent signs are checked apart.
    static boolean isPathChar(int c) {
        return c >= 0 && c < 128 && PATH[c];
    }

    /// True if each percent sign is followed by two hexadecimal digits.
    static boolean isEncoded(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1))
            if (i + 2 >= text.length() || !isHex(text.charAt(i + 1)) || !isHex(text.charAt(i + 2))) return false;
        return true;
    }

    static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
        return !text.isEmpty();
    }

    static boolean isHex(int c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }

    private static boolean[] table(String marks) {
        var table = new boolean[128];
        for (char c = '0'; c <= '9'; c++) table[c] = true;
        for (char c = 'A'; c <= 'Z'; c++) table[c] = table[c | 0x20] = true;
        for (char c : marks.toCharArray()) table[c] = true;
        return table;
    }
}
