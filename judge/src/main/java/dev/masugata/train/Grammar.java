package dev.masugata.train;

import dev.masugata.model.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Families of texts and what fills their gaps, as the files under `catalog/training` write them.
///
/// A line is a template: `‹name›` is one value of that slot, `‹a|name|›` one of the alternatives (both may stand within
/// each other), `\n` a line's end, `‽` a digit, `¦` an upright stroke. `;;` begins a remark. A file has its own slots,
/// so the texts of one file share nothing with those of another.
public final class Grammar {
    /// Slots within slots.
    static final int DEPTH_MAX = 24;

    /// One family.
    ///
    /// @param weight how many texts of it for each of another's
    /// @param bury   its texts also stand within documents and records of the same file
    public record Family(
            String name, boolean hostile, Set<Channel> channels, int weight, boolean bury, List<String> templates) {}

    /// A kind of structured answer: fields by name, and whether a field is free text.
    public record Form(String name, Map<String, String> fields) {}

    private final String file;
    private final List<Family> families = new ArrayList<>();
    private final Map<String, List<String>> slots = new LinkedHashMap<>();
    private final List<Form> forms = new ArrayList<>();
    private final List<List<String>> documents = new ArrayList<>();

    private Grammar(String file) {
        this.file = file;
    }

    /// Reads `catalog/training/NAME.txt` of this build.
    public static Grammar named(String name) {
        var file = "/catalog/training/" + name + ".txt";
        try (var in = Grammar.class.getResourceAsStream(file)) {
            if (in == null) throw new IllegalStateException("`" + file + "` is missing from this build");
            return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new IllegalStateException("`" + file + "` cannot be read", broken);
        }
    }

    /// @throws IllegalArgumentException names the file, the line and what is wrong with it
    public static Grammar parse(String name, String text) {
        var grammar = new Grammar(name);
        List<String> section = List.of();
        int number = 0;
        for (var line : text.split("\n")) {
            number++;
            if (line.isBlank() || line.startsWith(";;")) continue;
            try {
                if (line.startsWith("== ")) section = grammar.section(line.substring(3).strip());
                else section.add(line.strip());
            } catch (IllegalArgumentException | UnsupportedOperationException wrong) {
                throw new IllegalArgumentException(name + ".txt:" + number + ": " + wrong.getMessage(), wrong);
            }
        }
        grammar.finish();
        return grammar;
    }

    private final Map<String, List<String>> openForms = new LinkedHashMap<>();

    private List<String> section(String head) {
        var words = head.split(" +");
        var lines = new ArrayList<String>();
        switch (words[0]) {
            case "slot" -> slots.put(words[1], lines);
            case "form" -> openForms.put(words[1], lines);
            case "document" -> documents.add(lines);
            case "hostile", "benign" -> families.add(family(words, lines));
            default -> throw new IllegalArgumentException("`" + words[0] + "` is no section");
        }
        return lines;
    }

    private static Family family(String[] words, List<String> templates) {
        var channels = EnumSet.noneOf(Channel.class);
        int weight = 1;
        boolean bury = false;
        for (int i = 2; i < words.length; i++) {
            if (words[i].equals("bury")) bury = true;
            else if (words[i].matches("x[0-9]")) weight = words[i].charAt(1) - '0';
            else channels.add(channel(words[i]));
        }
        if (channels.isEmpty()) throw new IllegalArgumentException("a family names its channels");
        return new Family(words[1], words[0].equals("hostile"), channels, weight, bury, templates);
    }

    static Channel channel(String word) {
        return Channel.of(word).orElseThrow(() -> new IllegalArgumentException("`" + word + "` is no channel"));
    }

    private void finish() {
        openForms.forEach((name, lines) -> {
            var fields = new LinkedHashMap<String, String>();
            for (var line : lines) {
                int equals = line.indexOf(" = ");
                if (equals < 0) throw new IllegalArgumentException(file + ".txt: form `" + name + "`: `" + line + "`");
                fields.put(line.substring(0, equals), line.substring(equals + 3));
            }
            forms.add(new Form(name, fields));
        });
        // Each slot that a line names is there: a mistake is found when the file is read, not when it is drawn.
        var all = new ArrayList<String>();
        families.forEach(it -> all.addAll(it.templates()));
        slots.values().forEach(all::addAll);
        documents.forEach(all::addAll);
        forms.forEach(it -> all.addAll(it.fields().values()));
        for (var template : all) check(template);
    }

    private void check(String template) {
        int depth = 0;
        for (char c : template.toCharArray()) {
            if (c == '‹') depth++;
            if (c == '›' && --depth < 0)
                throw new IllegalArgumentException(file + ".txt: `›` without `‹`: " + template);
        }
        for (int open = template.indexOf('‹'); open >= 0; open = template.indexOf('‹', open + 1)) {
            int close = close(template, open);
            var inner = template.substring(open + 1, close);
            if (alternatives(inner).size() == 1 && inner.indexOf('‹') < 0 && !slots.containsKey(inner))
                throw new IllegalArgumentException(file + ".txt: there is no slot `" + inner + "`: " + template);
        }
    }

    public List<Family> families() {
        return families;
    }

    List<Form> forms() {
        return forms;
    }

    List<List<String>> documents() {
        return documents;
    }

    Map<String, List<String>> slots() {
        return slots;
    }

    /// One text of this template.
    public String expand(String template, Random random) {
        var out = new StringBuilder();
        expand(template, random, 0, out);
        return out.toString();
    }

    private void expand(String template, Random random, int depth, StringBuilder out) {
        if (depth > DEPTH_MAX) throw new IllegalArgumentException(file + ".txt: slots without end: " + template);
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '‹') {
                int close = close(template, i);
                expand(choice(template.substring(i + 1, close), random), random, depth + 1, out);
                i = close;
            } else if (c == '\\' && i + 1 < template.length() && template.charAt(i + 1) == 'n') {
                out.append('\n');
                i++;
            } else if (c == '‽') out.append((char) ('0' + random.nextInt(10)));
            else if (c == '¦') out.append('|');
            else out.append(c);
        }
    }

    private String choice(String inner, Random random) {
        var alternatives = alternatives(inner);
        if (alternatives.size() > 1) {
            // An alternative that is a slot's name is that slot.
            var chosen = alternatives.get(random.nextInt(alternatives.size()));
            return slots.containsKey(chosen) ? '‹' + chosen + '›' : chosen;
        }
        if (inner.indexOf('‹') >= 0) return inner;
        var values = slots.get(inner);
        if (values == null) throw new IllegalArgumentException(file + ".txt: there is no slot `" + inner + "`");
        return values.get(random.nextInt(values.size()));
    }

    private int close(String template, int open) {
        int depth = 0;
        for (int i = open; i < template.length(); i++) {
            if (template.charAt(i) == '‹') depth++;
            if (template.charAt(i) == '›' && --depth == 0) return i;
        }
        throw new IllegalArgumentException(file + ".txt: `‹` without `›`: " + template);
    }

    private static List<String> alternatives(String inner) {
        var alternatives = new ArrayList<String>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (c == '‹') depth++;
            if (c == '›') depth--;
            if (c == '|' && depth == 0) {
                alternatives.add(inner.substring(begin, i));
                begin = i + 1;
            }
        }
        alternatives.add(inner.substring(begin));
        return alternatives;
    }
}
