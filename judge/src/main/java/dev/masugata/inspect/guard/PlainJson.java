package dev.masugata.inspect.guard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a tokenizer's JSON as what it is: a table of an operator's own, in which names that differ only in case or
/// form are different words. The strict reader of [dev.masugata.wire], made for what strangers send, refuses those.
final class PlainJson {
    /// Objects and lists inside one another.
    static final int DEPTH_MAX = 32;

    private final String text;
    private int at;
    private int depth;

    private PlainJson(String text) {
        this.text = text;
    }

    /// @return [Map], [List], [String], [Double], [Boolean] or null
    /// @throws IllegalArgumentException for what is no JSON
    static @Nullable Object read(String text) {
        var reader = new PlainJson(text);
        var value = reader.value();
        reader.space();
        if (reader.at < text.length()) throw reader.wrong("something follows the value");
        return value;
    }

    private @Nullable Object value() {
        space();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() {
        var members = new LinkedHashMap<String, @Nullable Object>();
        enter();
        for (boolean first = true; !ends('}', first); first = false) {
            space();
            var name = string();
            space();
            expect(':');
            members.put(name, value());
        }
        return members;
    }

    private List<@Nullable Object> list() {
        var items = new ArrayList<@Nullable Object>();
        enter();
        for (boolean first = true; !ends(']', first); first = false) items.add(value());
        return items;
    }

    private void enter() {
        if (++depth > DEPTH_MAX) throw wrong("it is nested deeper than " + DEPTH_MAX);
        at++;
    }

    /// Takes the end, or the comma before what follows.
    private boolean ends(char end, boolean first) {
        space();
        if (peek() == end) {
            at++;
            depth--;
            return true;
        }
        if (!first) expect(',');
        return false;
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        for (char c = take(); c != '"'; c = take()) out.append(c == '\\' ? escaped() : c);
        return out.toString();
    }

    private char escaped() {
        char c = take();
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> c;
            case 'u' -> {
                if (at + 4 > text.length()) throw wrong("it ends too early");
                at += 4;
                yield (char) Integer.parseInt(text, at - 4, at, 16);
            }
            default -> throw wrong("an unknown escape");
        };
    }

    private Double number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
        if (from == at) throw wrong("expected a value");
        return Double.valueOf(text.substring(from, at));
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) throw wrong("expected a value");
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) at++;
    }

    private char peek() {
        if (at >= text.length()) throw wrong("it ends too early");
        return text.charAt(at);
    }

    private char take() {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char c) {
        if (peek() != c) throw wrong("expected `" + c + "`");
        at++;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("at character " + at + ": " + what);
    }
}
