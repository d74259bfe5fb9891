package dev.masugata.text;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/// The known word that a mistyped one most likely meant.
public final class Nearest {
    private Nearest() {}

    public static Optional<String> of(String word, Set<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(it -> distance(word, it)))
                .filter(it -> distance(word, it) <= Math.max(1, word.length() / 3));
    }

    /// Levenshtein's: insertions, deletions and substitutions of one character.
    private static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int substitution = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substitution, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
