package dev.masugata.graph.query;

import dev.masugata.graph.GraphLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A piece of a question.
///
/// @param text of a string what stands between its quotes
/// @param at   its first character, from 1
record Token(Type type, String text, int at) {
    enum Type { WORD, TEXT, NUMBER, SIGN, END }

    private static final List<String> SIGNS = List.of(
            "]->", "<-[", "]-", "-[", "->", "=~", "<=", ">=", "!=", "<>", "(", ")", "[", "]", "{", "}", ",", ".", ";",
            ":", "=", "<", ">", "*", "|");

    boolean is(String word) {
        return switch (type) {
            case WORD -> text.equalsIgnoreCase(word);
            case SIGN -> text.equals(word);
            case TEXT, NUMBER, END -> false;
        };
    }

    String shown() {
        return switch (type) {
            case END -> "the end";
            case TEXT -> "the text '" + text + "'";
            case WORD, NUMBER, SIGN -> "`" + text + "`";
        };
    }

    String upper() {
        return text.toUpperCase(Locale.ROOT);
    }

    static List<Token> of(String text) {
        if (text.length() > GraphLimits.QUERY_CHARS_MAX)
            throw new BadQuestion(0, "a question has at most " + GraphLimits.QUERY_CHARS_MAX + " characters");
        var tokens = new ArrayList<Token>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            var token = c == '\'' || c == '"' ? quoted(text, at) : plain(text, at);
            tokens.add(token);
            at = token.type == Type.TEXT ? closing(text, at) + 1 : at + token.text.length();
        }
        tokens.add(new Token(Type.END, "", text.length() + 1));
        return tokens;
    }

    private static Token plain(String text, int at) {
        char c = text.charAt(at);
        int end = at + 1;
        if (isLetter(c)) {
            while (end < text.length() && (isLetter(text.charAt(end)) || isDigit(text.charAt(end)))) end++;
            return new Token(Type.WORD, text.substring(at, end), at + 1);
        }
        boolean negative = c == '-' && end < text.length() && isDigit(text.charAt(end));
        if (isDigit(c) || negative) {
            while (end < text.length() && (isDigit(text.charAt(end)) || isPoint(text, end))) end++;
            return new Token(Type.NUMBER, text.substring(at, end), at + 1);
        }
        for (var sign : SIGNS) if (text.startsWith(sign, at)) return new Token(Type.SIGN, sign, at + 1);
        throw new BadQuestion(at + 1,
                String.format("the character U+%04X is no part of a question", text.codePointAt(at)));
    }

    private static boolean isPoint(String text, int at) {
        return text.charAt(at) == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1));
    }

    private static Token quoted(String text, int at) {
        var value = new StringBuilder();
        int end = closing(text, at);
        for (int i = at + 1; i < end; i++) {
            if (text.charAt(i) == '\\' && (text.charAt(i + 1) == text.charAt(at) || text.charAt(i + 1) == '\\')) i++;
            value.append(text.charAt(i));
        }
        return new Token(Type.TEXT, value.toString(), at + 1);
    }

    private static int closing(String text, int at) {
        for (int i = at + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') i++;
            else if (text.charAt(i) == text.charAt(at)) return i;
        }
        throw new BadQuestion(at + 1, "a text begins here and never ends; close it with " + text.charAt(at));
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
