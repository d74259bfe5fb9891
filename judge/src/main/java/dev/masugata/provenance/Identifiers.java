package dev.masugata.provenance;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/// Names inside of a text that stand for something by themselves: addresses, URLs, hosts, paths, accounts, keys.
final class Identifiers {
    /// Names taken from one value.
    static final int IDENTIFIERS_MAX = 64;

    private Identifiers() {}

    /// The names in a shadow text, first ones first.
    static Set<String> in(String text) {
        var found = new LinkedHashSet<String>();
        int at = 0;
        while (at < text.length() && found.size() < IDENTIFIERS_MAX) {
            while (at < text.length() && !isName(text.charAt(at))) at++;
            int end = at;
            while (end < text.length() && isName(text.charAt(end))) end++;
            var word = trimmed(text.substring(at, end));
            if (says(word)) add(word, found);
            at = end;
        }
        return found;
    }

    private static void add(String word, Set<String> found) {
        found.add(word);
        // A URL is also its host, and what it carries: `https://x.com/?q=...`; a path is also its names.
        int scheme = word.indexOf("://");
        var rest = scheme < 0 ? word : word.substring(scheme + 3);
        for (var part : rest.split("[/?&=#;,]+"))
            if (says(part) && found.size() < IDENTIFIERS_MAX) found.add(part);
    }

    /// True if the word is more than a word of a language.
    private static boolean says(String word) {
        if (word.length() < 4) return false;
        boolean digit = false;
        boolean letter = false;
        boolean link = false;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            digit |= c >= '0' && c <= '9';
            letter |= Character.isLetter(c);
            link |= i > 0 && i + 1 < word.length() && "@./:_".indexOf(c) >= 0;
        }
        if (link && letter) return true;
        return digit && (letter ? word.length() >= 6 : word.length() >= 5);
    }

    private static boolean isName(char c) {
        return c < 0x80 && (c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
                || "@._-+/:%?=&#~$!".indexOf(c) >= 0)
                || c >= 0x80 && Character.isLetterOrDigit(c)
                        && Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN;
    }

    private static String trimmed(String word) {
        int from = 0;
        int to = word.length();
        while (from < to && ".:-!?&#=+".indexOf(word.charAt(from)) >= 0) from++;
        while (to > from && ".:-!?&#=+/".indexOf(word.charAt(to - 1)) >= 0) to--;
        return word.substring(from, to).toLowerCase(Locale.ROOT);
    }
}
