package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// What is measured on recorded runs is not made for them: no rule, list, catalog entry or training text names a tool,
/// a host or an account that occurs in them.
class DataNamesTest {
    private static final Path DATA = Gate.ROOT.resolve("../shared/data/agent-runs/runs.jsonl.gz").normalize();
    private static final Pattern HOST =
            Pattern.compile("(?:www\\.|@)([a-z0-9_-]+(?:\\.[a-z0-9_-]+)*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern ACCOUNT =
            Pattern.compile("([a-z0-9._-]+)@[a-z0-9-]+\\.[a-z]+", Pattern.CASE_INSENSITIVE);
    private static final Pattern REPOSITORY = Pattern.compile("\\b([a-z0-9]{4,}/[a-z]+_[a-z_]+)\\b");

    /// Hosts of mail that everybody writes to and places that every text names say nothing about the runs.
    private static final Set<String> COMMON =
            Set.of("gmail.com", "github.com", "mail.com", "example.com", "gmail", "mail", "github");

    static Set<String> names() throws IOException {
        var names = new TreeSet<String>();
        try (var lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(DATA)), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var run = (Json.Obj) JsonReader.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
                for (var message : run.items("messages")) collect((Json.Obj) message, names);
            }
        }
        // What a published server calls its tools is that server's, wherever else it occurs.
        names.removeAll(published());
        names.removeAll(COMMON);
        names.removeIf(it -> it.length() < 6);
        return names;
    }

    private static void collect(Json.Obj message, Set<String> names) {
        for (var call : message.items("tool_calls")) ((Json.Obj) call).string("function").ifPresent(names::add);
        var text = message.string("content").orElse("");
        for (var pattern : List.of(HOST, ACCOUNT, REPOSITORY)) {
            var found = pattern.matcher(text);
            while (found.find()) names.add(found.group(1).toLowerCase(Locale.ROOT));
        }
    }

    private static Set<String> published() throws IOException {
        var tools = new TreeSet<String>();
        try (var entries = Files.list(Gate.ROOT.resolve("catalog/src/main/resources/catalog/tools"))) {
            for (var entry : entries.toList())
                tools.addAll(((Json.Obj) JsonReader.read(Files.readAllBytes(entry), Limits.DEFAULT)).object("tools")
                        .members().keySet());
        }
        return tools;
    }

    static List<String> named(String file, String text, Set<String> names) {
        var lower = text.toLowerCase(Locale.ROOT);
        var named = new ArrayList<String>();
        for (var name : names)
            if (Pattern.compile("(?<![a-z0-9_])" + Pattern.quote(name) + "(?![a-z0-9_])").matcher(lower).find())
                named.add(file + " names `" + name + "`");
        return named;
    }

    @Test
    void nothingThatDecidesNamesWhatTheRunsHold() throws IOException {
        assumeTrue(Files.isRegularFile(DATA), "the recorded runs are not here");
        var names = names();
        assertTrue(names.size() > 100, "hardly any names were read: " + names);
        var named = new ArrayList<String>();
        for (var place : List.of("catalog/src/main", "examples", "judge/src/main", "base/src/main", "gates/src/main",
                "app/src/main"))
            try (var files = Files.walk(Gate.ROOT.resolve(place))) {
                for (var file : files.filter(Files::isRegularFile).toList())
                    named.addAll(named(Gate.ROOT.relativize(file).toString(), Files.readString(file), names));
            }
        assertEquals(List.of(), named);
    }

    @Test
    void theTestSeesWhatItLooksFor() throws IOException {
        assumeTrue(Files.isRegularFile(DATA), "the recorded runs are not here");
        assertFalse(named("x", "forbid (principal, action, resource == Tool::\"x/git_star\");", names()).isEmpty());
        assertEquals(List.of(), named("x", "a star in the sky", names()));
    }
}
