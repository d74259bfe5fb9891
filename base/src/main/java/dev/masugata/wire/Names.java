package dev.masugata.wire;

import java.text.Normalizer;
import java.util.Locale;

/// Which names of one object another reader may take for the same: the names folded as Unicode's
/// `toNFKC_Casefold` does (The Unicode Standard, section 3.13.5), with the few more letters that simple case
/// mappings make equal.
final class Names {
    private Names() {}

    /// True for a name that is its own fold for sure: ASCII without capitals.
    static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80 || (c >= 'A' && c <= 'Z')) return false;
        }
        return true;
    }

    static String fold(String name) {
        if (isAscii(name)) return name.toLowerCase(Locale.ROOT);
        var folded = foldOnce(name);
        // Folding may uncover what folds again (a capital inside a compatibility form); it settles quickly.
        for (var next = foldOnce(folded); !next.equals(folded); next = foldOnce(next)) folded = next;
        return folded;
    }

    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) if (name.charAt(i) >= 0x80) return false;
        return true;
    }

    private static String foldOnce(String name) {
        var upper = Normalizer.normalize(name, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
        var lower = new StringBuilder(upper.length());
        upper.codePoints()
                .filter(c -> !isInvisible(c))
                .map(Character::toLowerCase)
                .forEach(lower::appendCodePoint);
        return Normalizer.normalize(lower, Normalizer.Form.NFKC);
    }

    private static boolean isInvisible(int c) {
        return Character.getType(c) == Character.FORMAT
                || (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0000 && c <= 0xE0FFF)
                || c == 0x034F;
    }
}
