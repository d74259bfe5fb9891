package dev.masugata.graph.query;

import dev.masugata.text.Nearest;
import java.util.List;
import java.util.Set;

/// The pieces of a question, with a cursor.
final class Tokens {
    private final List<Token> all;
    private int at;

    Tokens(String text) {
        all = Token.of(text);
    }

    Token peek() {
        return all.get(at);
    }

    Token peek(int further) {
        return all.get(Math.min(at + further, all.size() - 1));
    }

    Token next() {
        var token = all.get(at);
        if (token.type() != Token.Type.END) at++;
        return token;
    }

    /// True, and the cursor behind them, if these words or signs come next.
    boolean took(String... words) {
        for (int i = 0; i < words.length; i++) if (!peek(i).is(words[i])) return false;
        at += words.length;
        return true;
    }

    void expect(String word, String where) {
        if (!took(word)) throw wrong(peek(), "expected `" + word + "` " + where + ", found " + peek().shown());
    }

    String word(String what) {
        if (peek().type() != Token.Type.WORD) throw wrong(peek(), "expected " + what + ", found " + peek().shown());
        return next().text();
    }

    int number(String what, int most) {
        var token = next();
        try {
            int number = token.type() == Token.Type.NUMBER ? Integer.parseInt(token.text()) : -1;
            if (number >= 0 && number <= most) return number;
        } catch (NumberFormatException tooLong) {
            throw wrong(token, what + " is a whole number of at most " + most + ", not " + token.shown());
        }
        throw wrong(token, what + " is a whole number of at most " + most + ", not " + token.shown());
    }

    static BadQuestion wrong(Token token, String message) {
        return new BadQuestion(token.at(), message);
    }

    static BadQuestion unknown(Token token, String what, Set<String> known) {
        var nearest = Nearest.of(token.text(), known);
        var hint = nearest.map(it -> "; did you mean `" + it + "`?").orElse("; there is " + some(known));
        return wrong(token, "`" + token.text() + "` is no " + what + hint);
    }

    private static String some(Set<String> known) {
        var words = known.stream().sorted().toList();
        var shown = String.join(", ", words.subList(0, Math.min(words.size(), 40)));
        return words.size() > 40 ? shown + " and " + (words.size() - 40) + " more" : shown;
    }
}
