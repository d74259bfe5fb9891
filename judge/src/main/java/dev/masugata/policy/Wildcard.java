package dev.masugata.policy;

import java.util.List;

/// Cedar's `like`: linear in the text for each star, whatever the pattern.
final class Wildcard {
    private Wildcard() {}

    /// A pattern, ready to be compared.
    interface Pattern {
        boolean matches(String text);
    }

    /// The usual patterns have one star at an end or at both.
    static Pattern compile(List<Expr.Wild> pieces) {
        var pattern = List.copyOf(pieces);
        if (pattern.size() == 2
                && pattern.getFirst() instanceof Expr.Wild.Text(var beginning)
                && pattern.getLast() instanceof Expr.Wild.Any) return text -> text.startsWith(beginning);
        if (pattern.size() == 2
                && pattern.getFirst() instanceof Expr.Wild.Any
                && pattern.getLast() instanceof Expr.Wild.Text(var end)) return text -> text.endsWith(end);
        return text -> matches(pattern, text);
    }

    static boolean matches(List<Expr.Wild> pattern, String text) {
        int at = 0;
        boolean anything = false;
        for (int i = 0; i < pattern.size(); i++) {
            switch (pattern.get(i)) {
                case Expr.Wild.Any _ -> anything = true;
                case Expr.Wild.Text(var piece) -> {
                    boolean last = i == pattern.size() - 1;
                    // The last piece must end the text; the leftmost place for each one before leaves the most behind it.
                    int found = !anything ? (text.startsWith(piece, at) ? at : -1)
                            : last ? (text.endsWith(piece) ? Math.max(at, text.length() - piece.length()) : -1)
                            : text.indexOf(piece, at);
                    if (found < 0 || found + piece.length() > text.length()) return false;
                    at = found + piece.length();
                    anything = false;
                }
            }
        }
        return anything || at == text.length();
    }
}
