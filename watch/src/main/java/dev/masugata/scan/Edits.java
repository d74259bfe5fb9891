package dev.masugata.scan;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Changes one value in the text of a configuration file and leaves all else as its owner wrote it: comments, order,
/// white space.
public final class Edits {
    private Edits() {}

    /// Whether there is a value.
    public static boolean has(String name, String text, List<String> path) {
        try {
            return value(name, text, path).isPresent();
        } catch (Unreadable broken) {
            return false;
        }
    }

    /// The whole of a file, if it can be read and is an object.
    public static Optional<Json.Obj> tree(String name, String text) {
        try {
            var trees = Document.read(name, text.isBlank() && !name.endsWith(".toml") ? "{}" : text);
            return trees.isEmpty() || !(trees.getFirst() instanceof Json.Obj object) ? Optional.empty()
                    : Optional.of(object);
        } catch (Unreadable broken) {
            return Optional.empty();
        }
    }

    /// The value at the way, if it is there.
    static Optional<Json> value(String name, String text, List<String> path) throws Unreadable {
        var trees = Document.read(name, text);
        var at = trees.isEmpty() ? Optional.<Json>empty() : Optional.of(trees.getFirst());
        for (var step : path) at = at.flatMap(it -> switch (it) {
            case Json.Obj object -> object.at(step);
            case Json.Arr array when step.matches("[0-9]{1,6}") && Integer.parseInt(step) < array.items().size() ->
                Optional.of(array.items().get(Integer.parseInt(step)));
            case Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> Optional.empty();
        });
        return at;
    }

    /// The text of a string at the way.
    public static Optional<String> string(String name, String text, List<String> path) {
        try {
            return value(name, text, path).filter(Json.Str.class::isInstance).map(it -> ((Json.Str) it).value());
        } catch (Unreadable broken) {
            return Optional.empty();
        }
    }

    /// @return empty where the file is none that this can change
    public static Optional<String> set(String name, String text, List<String> path, Json value) {
        if (name.endsWith(".toml")) return Optional.of(toml(text, path, Optional.of(value)));
        try {
            return Optional.of(json(text.isBlank() ? "{}" : text, path, value));
        } catch (Unreadable broken) {
            return Optional.empty();
        }
    }

    public static Optional<String> remove(String name, String text, List<String> path) {
        if (name.endsWith(".toml")) return Optional.of(toml(text, path, Optional.empty()));
        try {
            var span = LenientJson.spans(text).get(path);
            return Optional.of(span == null ? text : cut(text, span));
        } catch (Unreadable broken) {
            return Optional.empty();
        }
    }

    private static String json(String text, List<String> path, Json value) throws Unreadable {
        var spans = LenientJson.spans(text);
        var span = spans.get(path);
        if (span != null) return text.substring(0, span.from()) + JsonWriter.text(value) + text.substring(span.to());
        int known = path.size() - 1;
        while (!spans.containsKey(path.subList(0, known))) known--;
        var parent = spans.get(path.subList(0, known));
        var inner = value;
        for (int i = path.size() - 1; i > known; i--) inner = Json.object(path.get(i), inner);
        if (text.charAt(parent.from()) != '{') throw new Unreadable("no object at `" + path.subList(0, known) + "`");
        return insert(text, parent.from() + 1, JsonWriter.text(Json.of(path.get(known))) + ": "
                + JsonWriter.text(inner));
    }

    /// As the first member, indented as the one that was first.
    private static String insert(String text, int at, String member) {
        var space = Pattern.compile("\\G\\s*").matcher(text);
        var indent = space.find(at) ? space.group() : "";
        boolean empty = at + indent.length() < text.length() && text.charAt(at + indent.length()) == '}';
        return text.substring(0, at) + (empty ? "" : indent) + member + (empty ? "" : ",") + text.substring(at);
    }

    private static String cut(String text, LenientJson.Span span) {
        var comma = Pattern.compile("\\G\\s*,").matcher(text);
        if (comma.find(span.to())) return text.substring(0, span.member()) + text.substring(comma.end()).stripLeading();
        var before = text.substring(0, span.member()).stripTrailing();
        if (before.endsWith(",")) before = before.substring(0, before.length() - 1);
        return before + text.substring(span.to());
    }

    /// TOML is lines: a key below its table's head, or before every head.
    private static String toml(String text, List<String> path, Optional<Json> value) {
        var lines = new ArrayList<>(text.lines().toList());
        var table = path.subList(0, path.size() - 1);
        var key = path.getLast();
        int from = 0;
        boolean there = table.isEmpty();
        for (int i = 0; i < lines.size() && !table.isEmpty(); i++)
            if (heads(lines.get(i)).equals(table)) {
                from = i + 1;
                there = true;
                break;
            }
        int to = from;
        while (there && to < lines.size() && !lines.get(to).strip().startsWith("[")) to++;
        var wanted = Pattern.compile("^\\s*\"?" + Pattern.quote(key) + "\"?\\s*=.*$");
        for (int i = from; i < to; i++)
            if (wanted.matcher(lines.get(i)).find()) {
                lines.remove(i);
                if (value.isPresent()) lines.add(i, line(key, value.get()));
                return String.join("\n", lines) + "\n";
            }
        if (value.isEmpty()) return text;
        if (!there) {
            lines.add("");
            lines.add("[" + String.join(".", table.stream().map(Edits::bare).toList()) + "]");
            from = lines.size();
        }
        lines.addAll(from, value.get() instanceof Json.Obj object ? members(object) : List.of(line(key, value.get())));
        return String.join("\n", lines) + "\n";
    }

    private static List<String> members(Json.Obj object) {
        return object.members().entrySet().stream().map(it -> line(it.getKey(), it.getValue())).toList();
    }

    private static List<String> heads(String line) {
        var stripped = line.strip();
        if (!stripped.startsWith("[") || !stripped.contains("]") || stripped.startsWith("[[")) return List.of();
        return List.of(stripped.substring(1, stripped.indexOf(']')).replace("\"", "").split("\\."));
    }

    private static String bare(String name) {
        return name.matches("[A-Za-z0-9_-]+") ? name : "\"" + name + "\"";
    }

    private static String line(String key, Json value) {
        return bare(key) + " = " + JsonWriter.text(value);
    }

    /// A whole table, for what stands in one: `[mcp_servers.masugata]`.
    public static String table(String text, List<String> path, Map<String, Json> members) {
        var out = new StringBuilder(text.isBlank() ? "" : text.stripTrailing() + "\n\n");
        out.append('[').append(String.join(".", path.stream().map(Edits::bare).toList())).append("]\n");
        members.forEach((name, value) -> out.append(line(name, value)).append('\n'));
        return out.toString();
    }

    /// The text without a whole table and those below it.
    public static String withoutTable(String text, List<String> path) {
        var kept = new ArrayList<String>();
        boolean inside = false;
        for (var line : text.lines().toList()) {
            var heads = heads(line);
            if (!heads.isEmpty()) inside = heads.size() >= path.size() && heads.subList(0, path.size()).equals(path);
            if (!inside) kept.add(line);
        }
        return String.join("\n", kept).stripTrailing() + "\n";
    }
}
