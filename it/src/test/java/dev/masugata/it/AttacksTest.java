package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Whatever ATTACKS.md says is tried, is tried.
class AttacksTest {
    private static final Pattern TRIED = Pattern.compile("`([^`]+)`");

    @Test
    void everyRowNamesWhatTriesIt() throws Exception {
        var titles = Scenario.files().stream()
                .flatMap(file -> file.scenarios().stream())
                .map(Scenario::title)
                .collect(Collectors.toSet());
        var tests = tests();
        var rows = Files.readAllLines(Gate.ROOT.resolve("ATTACKS.md")).stream()
                .filter(it -> it.startsWith("| ") && !it.startsWith("| attack "))
                .toList();
        assertTrue(rows.size() >= 25, "rows: " + rows.size());
        for (var row : rows) {
            var columns = row.split("\\|");
            assertEquals(4, columns.length, row);
            var named = TRIED.matcher(columns[3]).results().map(it -> it.group(1)).toList();
            assertTrue(!named.isEmpty(), row);
            for (var name : named) assertTrue(isTried(name, titles, tests), "`" + name + "` is no test: " + row);
        }
    }

    private static boolean isTried(String name, java.util.Set<String> titles, Map<String, String> tests) {
        if (name.startsWith("scenarios: ")) return titles.contains(name.substring("scenarios: ".length()));
        int dot = name.indexOf('.');
        return dot > 0
                && tests.getOrDefault(name.substring(0, dot), "").contains(" " + name.substring(dot + 1) + "(");
    }

    /// Each test class's text, by its name.
    private static Map<String, String> tests() throws Exception {
        var tests = new HashMap<String, String>();
        for (var wing : List.of("base", "ledger", "judge", "watch", "gates", "sandbox", "app", "it")) {
            var at = Gate.ROOT.resolve(wing).resolve("src/test/java");
            if (!Files.isDirectory(at)) continue;
            try (var files = Files.walk(at)) {
                for (Path file : files.filter(it -> it.toString().endsWith("Test.java")).toList())
                    tests.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        return tests;
    }
}
