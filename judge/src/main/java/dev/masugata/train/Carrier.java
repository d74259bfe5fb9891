package dev.masugata.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Documents and structured answers of tools, made of a grammar's forms; something may be hidden in one.
final class Carrier {
    /// Marks the place of what is hidden, until the document is written.
    private static final String MARK = "\uE000";

    private final Grammar grammar;
    private final Random random;

    Carrier(Grammar grammar, Random random) {
        this.grammar = grammar;
        this.random = random;
    }

    /// A text and the span of what was put in it.
    record Carried(String text, int from, int to) {}

    Carried harmless() {
        return put("");
    }

    Carried around(String hidden) {
        return put(hidden);
    }

    private Carried put(String hidden) {
        boolean prose = grammar.forms().isEmpty() || random.nextInt(100) < 30;
        var text = prose ? prose(hidden.isEmpty()) : records(hidden.isEmpty());
        int mark = text.indexOf(MARK);
        if (mark < 0) return new Carried(text, 0, hidden.isEmpty() ? text.length() : 0);
        // Inside of quotes a line's end is written as an escape.
        var written = escaped ? hidden.replace("\n", "\\n").replace("\"", "\\\"") : hidden;
        return new Carried(text.replace(MARK, written), mark, mark + written.length());
    }

    private boolean escaped;

    private String prose(boolean harmless) {
        escaped = false;
        var lines = grammar.documents().get(random.nextInt(grammar.documents().size()));
        int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 24 : 7);
        int place = harmless ? -1 : random.nextInt(count + 1);
        var join = List.of(" ", " ", "\n", "\n\n", "\n- ").get(random.nextInt(5));
        var out = new StringBuilder();
        for (int i = 0; i <= count; i++) {
            if (i == place) out.append(out.isEmpty() ? "" : separator()).append(MARK).append(separator());
            if (i == count) break;
            out.append(out.isEmpty() || i == place ? "" : join);
            out.append(expand(lines.get(random.nextInt(lines.size()))));
        }
        return out.toString();
    }

    private String separator() {
        return List.of(" ", " ", "\n", "\n\n", "\n\n\n").get(random.nextInt(5));
    }

    private String expand(String template) {
        return grammar.expand(template, random);
    }

    private String records(boolean harmless) {
        var form = grammar.forms().get(random.nextInt(grammar.forms().size()));
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 12 : 4);
        var records = new ArrayList<Map<String, String>>();
        for (int i = 0; i < count; i++) {
            var record = new LinkedHashMap<String, String>();
            form.fields().forEach((name, template) -> record.put(name.replace("!", ""), expand(template)));
            records.add(record);
        }
        if (!harmless) hide(form, records.get(random.nextInt(count)));
        return write(form.name(), records);
    }

    private void hide(Grammar.Form form, Map<String, String> record) {
        var free = form.fields().keySet().stream()
                .filter(it -> it.endsWith("!"))
                .map(it -> it.replace("!", ""))
                .toList();
        var names = free.isEmpty() ? List.copyOf(record.keySet()) : free;
        var name = names.get(random.nextInt(names.size()));
        var before = record.getOrDefault(name, "");
        record.put(name, switch (random.nextInt(4)) {
            case 0 -> MARK;
            case 1 -> MARK + separator() + before;
            default -> before + separator() + MARK;
        });
    }

    private String write(String kind, List<Map<String, String>> records) {
        int style = random.nextInt(8);
        escaped = style <= 2;
        var out = new StringBuilder();
        switch (style) {
            case 0 -> quoted(records, "\"", random.nextBoolean() ? "\n  " : " ", out);
            case 1 -> quoted(records, "\"", "", out);
            case 2 -> quoted(records, "'", " ", out);
            case 3, 4 -> yaml(records, out);
            case 5 -> tags(kind, records, out);
            case 6 -> table(records, out);
            default -> lines(records, out);
        }
        return out.toString();
    }

    private void quoted(List<Map<String, String>> records, String quote, String gap, StringBuilder out) {
        out.append('[');
        for (var record : records) {
            out.append(out.length() > 1 ? "," + gap : "").append('{');
            boolean first = true;
            for (var field : record.entrySet()) {
                out.append(first ? gap.strip() : "," + gap);
                out.append(quote).append(field.getKey()).append(quote).append(": ");
                boolean bare = field.getValue().matches("-?[0-9.]+|true|false|null");
                var value = field.getValue().replace("\n", "\\n").replace(quote, "\\" + quote);
                out.append(bare ? "" : quote).append(value).append(bare ? "" : quote);
                first = false;
            }
            out.append('}');
        }
        out.append(']');
    }

    private void yaml(List<Map<String, String>> records, StringBuilder out) {
        for (var record : records) {
            var lead = "- ";
            for (var field : record.entrySet()) {
                var value = field.getValue().replace("\n", "\n\n    ");
                if (value.length() > 60 && !value.contains(MARK)) value = Variation.wrapped(value, 70, "\n    ");
                out.append(lead).append(field.getKey()).append(": ").append(value).append('\n');
                lead = "  ";
            }
        }
    }

    private static void tags(String kind, List<Map<String, String>> records, StringBuilder out) {
        for (var record : records) {
            out.append('<').append(kind).append(">\n");
            record.forEach((name, value) ->
                    out.append("  <").append(name).append('>').append(value).append("</").append(name).append(">\n"));
            out.append("</").append(kind).append(">\n");
        }
    }

    private static void table(List<Map<String, String>> records, StringBuilder out) {
        var separator = " | ";
        out.append("| ").append(String.join(separator, records.getFirst().keySet())).append(" |\n");
        for (var record : records) out.append("| ").append(String.join(separator, record.values())).append(" |\n");
    }

    private static void lines(List<Map<String, String>> records, StringBuilder out) {
        for (var record : records) {
            record.forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
            out.append('\n');
        }
    }
}
