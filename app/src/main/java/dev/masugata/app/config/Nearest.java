package dev.masugata.app.config;

import java.util.Optional;
import java.util.Set;

/// The known word that a mistyped one most likely meant.
public final class Nearest {
    private Nearest() {}

    public static Optional<String> of(String word, Set<String> known) {
        return dev.masugata.text.Nearest.of(word, known);
    }
}
