package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// JSON as configuration files have it (JSON5, JSON with comments, trailing commas): each agent reads its own in its
/// own way, so this one takes all of them. Of equal names the last one counts, as it does for them.
final class LenientJson {
    /// Nested containers; deeper ones are no configuration.
    static final int DEPTH = 100;
    /// Values in one document.
    static final int VALUES = 400_000;

    private final String text;
    private final List<String> path = new ArrayList<>();
    private final Map<List<String>, Span> spans = new LinkedHashMap<>();
    private int at;
    private int values;

    /// Where a value stands in the text.
    ///
    /// @param member where its name begins; the same as `from` in an array
    record Span(int member, int from, int to) {}

    private LenientJson(String text) {
        this.text = text;
    }

    /// @throws Unreadable says where
    static Json read(String text) throws Unreadable {
        var reader = new LenientJson(text.startsWith("\ufeff") ? text.substring(1) : text);
        var value = reader.value(0, 0);
        reader.space();
        if (reader.at < reader.text.length()) throw reader.problem("something after the end");
        return value;
    }

    /// Where every value of the document stands, by the way to it.
    static Map<List<String>, Span> spans(String text) throws Unreadable {
        var reader = new LenientJson(text);
        reader.value(0, 0);
        return reader.spans;
    }

    private Json value(int depth, int member) throws Unreadable {
        space();
        int from = at;
        var value = value(depth);
        spans.put(List.copyOf(path), new Span(member, from, at));
        return value;
    }

    private Json value(int depth) throws Unreadable {
        if (depth > DEPTH) throw problem("nested deeper than " + DEPTH);
        if (++values > VALUES) throw problem("more than " + VALUES + " values");
        space();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"', '\'' -> new Json.Str(string());
            default -> bare();
        };
    }

    private Json object(int depth) throws Unreadable {
        var members = new LinkedHashMap<String, Json>();
        at++;
        while (true) {
            space();
            if (peek() == '}') break;
            int member = at;
            var name = peek() == '"' || peek() == '\'' ? string() : word();
            space();
            if (peek() != ':') throw problem("`:` expected");
            at++;
            path.add(name);
            members.put(name, value(depth + 1, member));
            path.removeLast();
            space();
            if (peek() == ',') at++;
            else if (peek() != '}') throw problem("`,` or `}` expected");
        }
        at++;
        return new Json.Obj(members, null);
    }

    private Json array(int depth) throws Unreadable {
        var items = new ArrayList<Json>();
        at++;
        while (true) {
            space();
            if (peek() == ']') break;
            path.add(Integer.toString(items.size()));
            items.add(value(depth + 1, at));
            path.removeLast();
            space();
            if (peek() == ',') at++;
            else if (peek() != ']') throw problem("`,` or `]` expected");
        }
        at++;
        return new Json.Arr(List.copyOf(items));
    }

    private Json bare() throws Unreadable {
        var word = word();
        return switch (word) {
            case "true" -> Json.of(true);
            case "false" -> Json.of(false);
            case "null" -> Json.NULL;
            default -> number(word);
        };
    }

    private Json number(String word) throws Unreadable {
        try {
            return Json.of(word.startsWith("0x") ? Long.parseLong(word.substring(2), 16) : Long.parseLong(word));
        } catch (IllegalArgumentException noWhole) {
            if (!word.matches("[-+.0-9][0-9eE+.-]*|[-+]?(?:Infinity|NaN)")) throw problem("a value expected");
            return new Json.Str(word);
        }
    }

    private String word() throws Unreadable {
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at))
                || "_$-+.".indexOf(text.charAt(at)) >= 0))
            at++;
        if (from == at) throw problem("a name or a value expected");
        return text.substring(from, at);
    }

    private String string() throws Unreadable {
        char quote = text.charAt(at++);
        var out = new StringBuilder();
        while (true) {
            char c = peek();
            at++;
            if (c == quote) return whole(out);
            if (c == '\\') escape(out);
            else out.append(c);
        }
    }

    /// Half a surrogate pair is no character; the house's strings hold characters only.
    private static String whole(StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            if (i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) i++;
            else text.setCharAt(i, '\ufffd');
        }
        return text.toString();
    }

    private void escape(StringBuilder out) throws Unreadable {
        char c = peek();
        at++;
        switch (c) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'u' -> hex(out, 4);
            case 'x' -> hex(out, 2);
            case '\n' -> {}
            default -> out.append(c);
        }
    }

    private void hex(StringBuilder out, int digits) throws Unreadable {
        if (at + digits > text.length()) throw problem("an escape without its digits");
        try {
            out.append((char) Integer.parseInt(text.substring(at, at + digits), 16));
        } catch (NumberFormatException none) {
            throw problem("an escape without its digits");
        }
        at += digits;
    }

    private void space() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || c == '\u00a0') at++;
            else if (text.startsWith("//", at)) at = end(text.indexOf('\n', at));
            else if (text.startsWith("/*", at)) {
                int close = text.indexOf("*/", at + 2);
                at = close < 0 ? text.length() : close + 2;
            } else return;
        }
    }

    private int end(int found) {
        return found < 0 ? text.length() : found;
    }

    private char peek() throws Unreadable {
        if (at >= text.length()) throw problem("it ends too early");
        return text.charAt(at);
    }

    private Unreadable problem(String what) {
        long line = text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count() + 1;
        return new Unreadable("line " + line + ": " + what);
    }
}
