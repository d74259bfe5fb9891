package dev.masugata.policy;

import dev.masugata.policy.Lexer.SyntaxError;
import dev.masugata.policy.Lexer.Token;
import java.util.ArrayList;
import java.util.List;

/// The escapes of Cedar's strings and patterns.
final class Strings {
    private Strings() {}

    /// The characters that a string token stands for.
    static String text(Source source, Token token) throws SyntaxError {
        var text = new StringBuilder();
        for (var piece : pieces(source, token, false))
            text.append(((Expr.Wild.Text) piece).text());
        return text.toString();
    }

    /// The pieces of a `like` pattern: `*` is any run of characters, `\*` a star.
    static List<Expr.Wild> pattern(Source source, Token token) throws SyntaxError {
        return pieces(source, token, true);
    }

    private static List<Expr.Wild> pieces(Source source, Token token, boolean pattern) throws SyntaxError {
        var raw = token.text();
        var pieces = new ArrayList<Expr.Wild>();
        var text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '*' && pattern) {
                if (!text.isEmpty()) pieces.add(new Expr.Wild.Text(text.toString()));
                text.setLength(0);
                pieces.add(new Expr.Wild.Any());
            } else if (c == '\\') {
                i = escape(source, token, raw, i + 1, text, pattern);
            } else if (c == '\r') {
                throw new SyntaxError(source.problem(
                        token.at() + 1 + i, "a carriage return in a string is written `\\r`"));
            } else text.append(c);
        }
        if (!text.isEmpty()) pieces.add(new Expr.Wild.Text(text.toString()));
        return pieces;
    }

    /// Appends what the escape at `at` stands for; returns the index of its last character.
    private static int escape(Source source, Token token, String raw, int at, StringBuilder text, boolean pattern)
            throws SyntaxError {
        switch (raw.charAt(at)) {
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case '0' -> text.append('\0');
            case '\\' -> text.append('\\');
            case '"' -> text.append('"');
            case '\'' -> text.append('\'');
            case 'u' -> {
                return unicode(source, token, raw, at, text);
            }
            case 'x' -> {
                return hex(source, token, raw, at, text);
            }
            case '*' -> {
                if (!pattern) throw unknown(source, token, at);
                text.append('*');
            }
            default -> throw unknown(source, token, at);
        }
        return at;
    }

    private static int unicode(Source source, Token token, String raw, int at, StringBuilder text) throws SyntaxError {
        int close = raw.indexOf('}', at);
        try {
            if (raw.charAt(at + 1) != '{' || close < 0) throw unknown(source, token, at);
            int point = Integer.parseInt(raw.substring(at + 2, close), 16);
            if (point >= 0xD800 && point <= 0xDFFF) throw unknown(source, token, at);
            text.appendCodePoint(point);
            return close;
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException wrong) {
            throw unknown(source, token, at);
        }
    }

    private static int hex(Source source, Token token, String raw, int at, StringBuilder text) throws SyntaxError {
        try {
            int value = Integer.parseInt(raw.substring(at + 1, at + 3), 16);
            if (value > 0x7F) throw unknown(source, token, at);
            text.append((char) value);
            return at + 2;
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException wrong) {
            throw unknown(source, token, at);
        }
    }

    private static SyntaxError unknown(Source source, Token token, int at) {
        return new SyntaxError(source.problem(token.at() + at, "this escape is not known; a backslash is written `\\\\`"));
    }
}
