package dev.masugata.app.terraform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The part of HCL (native syntax) that lists of rules are written in: blocks with labels, attributes of texts,
/// numbers, truth values and lists of them. What is computed (references, functions, templates) is kept as the text
/// it is and marked: nobody guesses what it would be.
final class Hcl {
    /// Characters of one file.
    static final int CHARS_MAX = 4 * 1024 * 1024;
    /// Blocks within blocks.
    static final int DEPTH_MAX = 32;

    private final String text;
    private int at;

    private Hcl(String text) {
        this.text = text;
    }

    /// A value as it is written.
    sealed interface Value {
        record Text(String value) implements Value {}

        record Items(List<Value> values) implements Value {}

        /// Something that only Terraform could work out.
        record Computed(String written) implements Value {}
    }

    /// @param line where it begins
    record Block(String type, List<String> labels, Map<String, Value> attributes, List<Block> blocks, int line) {
        List<Block> all(String name) {
            return blocks.stream().filter(it -> it.type().equals(name)).toList();
        }
    }

    /// It cannot be read.
    static final class Unreadable extends Exception {
        Unreadable(int line, String message) {
            super("line " + line + ": " + message);
        }
    }

    static List<Block> read(String text) throws Unreadable {
        if (text.length() > CHARS_MAX) throw new Unreadable(1, "the file has more than " + CHARS_MAX + " characters");
        var whole = new Hcl(text).body("", List.of(), 1, 0);
        return whole.blocks();
    }

    private Block body(String type, List<String> labels, int line, int depth) throws Unreadable {
        if (depth > DEPTH_MAX) throw problem("blocks lie more than " + DEPTH_MAX + " deep");
        var attributes = new LinkedHashMap<String, Value>();
        var blocks = new ArrayList<Block>();
        while (true) {
            space(true);
            if (at >= text.length()) {
                if (depth > 0) throw problem("a `}` is missing for the block of line " + line);
                return new Block(type, labels, attributes, blocks, line);
            }
            if (text.charAt(at) == '}') {
                if (depth == 0) throw problem("a `}` too many");
                at++;
                return new Block(type, labels, attributes, blocks, line);
            }
            int begun = line();
            var name = name();
            space(false);
            if (peek() == '=' && peek(1) != '=') {
                at++;
                space(false);
                attributes.put(name, value());
                continue;
            }
            var named = new ArrayList<String>();
            while (peek() != '{') {
                named.add(peek() == '"' ? quoted() : name());
                space(false);
            }
            at++;
            blocks.add(body(name, named, begun, depth + 1));
        }
    }

    private Value value() throws Unreadable {
        int from = at;
        var value = switch (peek()) {
            case '"' -> literal(quoted());
            case '[' -> items();
            default -> new Value.Computed("");
        };
        if (value instanceof Value.Computed(var written) && written.isEmpty()) return word(from);
        space(false);
        // What goes on behind a text or a list is an expression.
        return at >= text.length() || "\n\r,]}#/".indexOf(text.charAt(at)) >= 0 ? value : word(from);
    }

    private static Value literal(String text) {
        return text.contains("${") || text.contains("%{") ? new Value.Computed(text) : new Value.Text(text);
    }

    private Value items() throws Unreadable {
        at++;
        var values = new ArrayList<Value>();
        while (true) {
            space(true);
            if (peek() == ']') {
                at++;
                return new Value.Items(values);
            }
            values.add(value());
            space(true);
            if (peek() == ',') at++;
            else if (peek() != ']') throw problem("a list goes on with `,` or ends with `]`");
        }
    }

    /// A number, a truth value, or whatever else stands up to the end of the line or the item.
    private Value word(int from) throws Unreadable {
        at = from;
        int depth = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                quoted();
                at--;
                continue;
            }
            if ("([{".indexOf(c) >= 0) depth++;
            else if (depth > 0 && ")]}".indexOf(c) >= 0) depth--;
            else if (depth == 0 && (c == '\n' || c == '\r' || c == ',' || c == ']' || c == '}' || c == '#')) break;
        }
        var written = text.substring(from, at).strip();
        if (written.isEmpty()) throw problem("a value is missing");
        if (written.matches("[0-9]+\\s+[0-9].*")) throw problem("two values stand where one belongs");
        boolean plain = written.matches("-?[0-9]+|true|false|null");
        return plain ? new Value.Text(written) : new Value.Computed(written);
    }

    private String quoted() throws Unreadable {
        var out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c == '\n') break;
            if (c == '\\' && at + 1 < text.length()) c = text.charAt(++at);
            out.append(c);
        }
        throw problem("a text does not end");
    }

    private String name() throws Unreadable {
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "_-.".indexOf(text.charAt(
                at)) >= 0))
            at++;
        if (at == from) throw problem("expected a name, found `" + (at < text.length() ? text.charAt(at) : "the end")
                + "`");
        return text.substring(from, at);
    }

    /// Spaces and comments.
    private void space(boolean lines) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || lines && (c == '\n' || c == '\r')) at++;
            else if (c == '#' || text.startsWith("//", at)) while (at < text.length() && text.charAt(at) != '\n') at++;
            else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                at = end < 0 ? text.length() : end + 2;
            } else return;
        }
    }

    private char peek() {
        return peek(0);
    }

    private char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    private int line() {
        return 1 + (int) text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count();
    }

    private Unreadable problem(String message) {
        return new Unreadable(line(), message);
    }
}
