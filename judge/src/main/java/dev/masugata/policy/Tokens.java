package dev.masugata.policy;

import dev.masugata.policy.Lexer.Kind;
import dev.masugata.policy.Lexer.SyntaxError;
import dev.masugata.policy.Lexer.Token;
import java.util.List;
import java.util.Set;

/// The tokens of one file while they are taken one after another, and the words that scopes and expressions share.
final class Tokens {
    private static final Set<String> RESERVED =
            Set.of("true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar");

    private final Source source;
    private final List<Token> tokens;
    private int next;

    Tokens(Source source) throws SyntaxError {
        this.source = source;
        this.tokens = Lexer.tokens(source);
    }

    Source source() {
        return source;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token take() {
        var token = tokens.get(next);
        if (token.kind() != Kind.END) next++;
        return token;
    }

    /// The one after the next.
    Token second() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token expect(String symbol) throws SyntaxError {
        var token = take();
        if (!token.is(symbol)) throw error(token, "expected `" + symbol + "`, found " + token.shown());
        return token;
    }

    Token identifier(String what) throws SyntaxError {
        var token = take();
        if (token.kind() != Kind.IDENTIFIER || RESERVED.contains(token.text()))
            throw error(token, "expected " + what + ", found " + token.shown());
        return token;
    }

    String string(String what) throws SyntaxError {
        var token = take();
        if (token.kind() != Kind.STRING) throw error(token, "expected " + what + " in quotes, found " + token.shown());
        return Strings.text(source, token);
    }

    SyntaxError error(Token token, String message) {
        return new SyntaxError(source.problem(token.at(), message));
    }

    EntityUid entity() throws SyntaxError {
        var type = new StringBuilder(identifier("an entity such as `Tool::\"server/tool\"`").text());
        while (true) {
            expect("::");
            if (peek().kind() == Kind.STRING) return new EntityUid(type.toString(), string("the entity's id"));
            type.append("::").append(identifier("an entity's type").text());
        }
    }

    String path() throws SyntaxError {
        var path = new StringBuilder(identifier("a type").text());
        while (peek().is("::")) {
            take();
            path.append("::").append(identifier("a type").text());
        }
        return path.toString();
    }
}
