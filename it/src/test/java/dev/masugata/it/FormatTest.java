package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The form of the sources. Formatters do not understand all of today's Java, so its measurable part is checked here.
class FormatTest {
    private static final int COLUMNS = 120;

    private static final Path LONG_LINES = Gate.ROOT.resolve("it/src/test/resources/long-lines.txt");

    private static final String A_WILDCARD = "an import with `*`";
    private static final Pattern TRAILING = Pattern.compile("[ \\t]+$", Pattern.MULTILINE);
    private static final Pattern WILDCARD = Pattern.compile("^import (?!static ).*\\*;$", Pattern.MULTILINE);

    /// Older than the rule.
    private static final Set<String> WITH_WILDCARDS =
            Set.of("judge/src/test/java/dev/masugata/policy/BuiltinPolicyTest.java");

    @Test
    void theSourcesKeepTheirForm() throws IOException {
        var faults = new ArrayList<String>();
        for (var file : sources())
            for (var fault : faults(Files.readString(Gate.ROOT.resolve(file))))
                if (!fault.equals(A_WILDCARD) || !WITH_WILDCARDS.contains(file)) faults.add(file + ": " + fault);
        assertEquals("", String.join("\n", faults));
    }

    /// Lines over 120 columns: none in a new file, never more in an old one; a file that got fewer keeps to that. With
    /// `-Dwrite=true` the list is written anew: for fewer, not for more.
    @Test
    void longLinesOnlyGetFewer() throws IOException {
        var allowed = new TreeMap<String, Integer>();
        for (var line : Files.readAllLines(LONG_LINES))
            allowed.put(line.substring(line.indexOf(' ') + 1), Integer.parseInt(line.substring(0, line.indexOf(' '))));
        var actual = new TreeMap<String, Integer>();
        for (var file : sources()) {
            int count = longLines(Files.readString(Gate.ROOT.resolve(file)));
            if (count > 0) actual.put(file, count);
        }
        if (Boolean.getBoolean("write")) {
            var lines = actual.entrySet().stream().map(it -> it.getValue() + " " + it.getKey()).toList();
            Files.write(LONG_LINES, lines);
            return;
        }
        assertEquals(
                "",
                differences(allowed, actual),
                "break lines over 120 columns; where there are fewer, say so in " + LONG_LINES);
    }

    @Test
    void whatBreaksTheFormIsFound() {
        assertEquals(List.of(), faults("import static b.B.c;\n\nimport a.A;\nimport a.A.B;\n\nclass C {}\n"));
        assertEquals(List.of("a tab"), faults("\tint a;\n"));
        assertEquals(List.of("white space at the end of a line"), faults("int a; \nint b;\n"));
        assertEquals(List.of(A_WILDCARD), faults("import a.*;\n"));
        assertEquals(List.of("no line end at the end of the file"), faults("int a;"));
        assertEquals(List.of("imports are not sorted"), faults("import b.B;\nimport a.A;\n"));
        assertEquals(1, longLines("x".repeat(121) + "\n" + "x".repeat(120) + "\n"));
        assertEquals(
                "a: 2 long lines, 1 allowed\nb: 1 long lines, 2 allowed",
                differences(Map.of("a", 1, "b", 2), Map.of("a", 2, "b", 1)));
    }

    private static List<String> faults(String text) {
        var faults = new ArrayList<String>();
        if (text.contains("\t")) faults.add("a tab");
        if (TRAILING.matcher(text).find()) faults.add("white space at the end of a line");
        if (WILDCARD.matcher(text).find()) faults.add(A_WILDCARD);
        if (!text.endsWith("\n")) faults.add("no line end at the end of the file");
        var imports = text.lines().filter(it -> it.startsWith("import ")).map(it -> it.replace(";", "")).toList();
        var groups = imports.stream().collect(Collectors.partitioningBy(it -> it.startsWith("import static ")));
        for (var group : groups.values())
            if (!group.equals(group.stream().sorted().toList())) faults.add("imports are not sorted");
        return faults;
    }

    private static int longLines(String text) {
        return (int) text.lines().filter(it -> it.codePointCount(0, it.length()) > COLUMNS).count();
    }

    private static String differences(Map<String, Integer> allowed, Map<String, Integer> actual) {
        var files = new TreeMap<String, Integer>(allowed);
        files.putAll(actual);
        return files.keySet().stream()
                .filter(it -> !actual.getOrDefault(it, 0).equals(allowed.getOrDefault(it, 0)))
                .map(it -> "%s: %d long lines, %d allowed"
                        .formatted(it, actual.getOrDefault(it, 0), allowed.getOrDefault(it, 0)))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> sources() throws IOException {
        var sources = new ArrayList<String>();
        for (var wing : List.of("catalog", "base", "ledger", "sandbox", "judge", "watch", "gates", "app", "it")) {
            var directory = Gate.ROOT.resolve(wing).resolve("src");
            if (!Files.isDirectory(directory)) continue;
            try (var all = Files.walk(directory)) {
                all.filter(it -> it.toString().endsWith(".java"))
                        .map(it -> Gate.ROOT.relativize(it).toString())
                        .forEach(sources::add);
            }
        }
        return sources;
    }
}
