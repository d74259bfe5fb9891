package dev.masugata.policy;

import java.util.ArrayList;
import java.util.List;

/// Cedar text to tokens (Cedar policy grammar, lexical part).
final class Lexer {
    enum Kind {
        IDENTIFIER, STRING, NUMBER, SYMBOL, END
    }

    /// @param text the identifier, the digits, the symbol, or the string with its escapes still in it
    record Token(Kind kind, String text, int at, int end) {
        boolean is(String symbol) {
            return (kind == Kind.SYMBOL || kind == Kind.IDENTIFIER) && text.equals(symbol);
        }

        String shown() {
            return switch (kind) {
                case END -> "the end of the file";
                case STRING -> "a string";
                case IDENTIFIER, NUMBER, SYMBOL -> "`" + text + "`";
            };
        }
    }

    /// Bytes of one policy file, and tokens in it.
    static final int TEXT_CHARS_MAX = 1_000_000;

    private static final List<String> SYMBOLS = List.of(
            "::", "==", "!=", "<=", ">=", "&&", "||", "(", ")", "{", "}", "[", "]", ",", ";", ":", ".", "<", ">", "+", "-", "*",
            "!", "@", "=", "?");

    private final Source source;
    private final String text;
    private int at;

    private Lexer(Source source) {
        this.source = source;
        this.text = source.text();
    }

    static List<Token> tokens(Source source) throws SyntaxError {
        if (source.text().length() > TEXT_CHARS_MAX)
            throw new SyntaxError(source.problem(0, "a policy file may have " + TEXT_CHARS_MAX + " characters"));
        var lexer = new Lexer(source);
        var tokens = new ArrayList<Token>();
        do tokens.add(lexer.next());
        while (tokens.getLast().kind() != Kind.END);
        return tokens;
    }

    /// The text is not Cedar.
    static final class SyntaxError extends Exception {
        final transient PolicyProblem problem;

        SyntaxError(PolicyProblem problem) {
            super(problem.toString());
            this.problem = problem;
        }
    }

    private Token next() throws SyntaxError {
        skipSpace();
        if (at >= text.length()) return new Token(Kind.END, "", at, at);
        char c = text.charAt(at);
        if (c == '"') return string();
        if (isIdentifierStart(c)) return run(Kind.IDENTIFIER, Lexer::isIdentifierPart);
        if (isDigit(c)) return run(Kind.NUMBER, Lexer::isDigit);
        for (var symbol : SYMBOLS)
            if (text.startsWith(symbol, at)) {
                var token = new Token(Kind.SYMBOL, symbol, at, at + symbol.length());
                at = token.end();
                return token;
            }
        throw new SyntaxError(source.problem(at, "`" + Character.toString(text.codePointAt(at)) + "` has no meaning here"));
    }

    private interface Part {
        boolean test(char c);
    }

    private Token run(Kind kind, Part part) {
        int begin = at;
        while (at < text.length() && part.test(text.charAt(at))) at++;
        return new Token(kind, text.substring(begin, at), begin, at);
    }

    private Token string() throws SyntaxError {
        int begin = at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') at++;
            at++;
        }
        if (at >= text.length()) throw new SyntaxError(source.problem(begin, "this string has no closing `\"`"));
        at++;
        return new Token(Kind.STRING, text.substring(begin + 1, at - 1), begin, at);
    }

    private void skipSpace() {
        while (at < text.length()) {
            if (isSpace(text.charAt(at))) at++;
            else if (text.startsWith("//", at)) {
                // Cedar ends a comment at a carriage return too: what follows it counts.
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') at++;
            } else return;
        }
    }

    /// Unicode's White_Space, as Cedar has it.
    private static boolean isSpace(char c) {
        return c >= '\t' && c <= '\r' || c == 0x85 || Character.isSpaceChar(c);
    }

    private static boolean isIdentifierStart(char c) {
        return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isIdentifierPart(char c) {
        return isIdentifierStart(c) || isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
