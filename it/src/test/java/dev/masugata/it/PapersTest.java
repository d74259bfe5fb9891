package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the papers say is there: links, commands, limits; and what no file may hold is not.
class PapersTest {
    private static final List<String> PAPERS =
            List.of("README.md", "ARCHITECTURE.md", "SECURITY.md", "LIMITS.md", "ATTACKS.md", "REFUSALS.md",
                    "CONTRIBUTING.md");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        var broken = new ArrayList<String>();
        for (var paper : PAPERS) {
            var links = Pattern.compile("\\]\\(([^)#]+)\\)").matcher(Files.readString(Gate.ROOT.resolve(paper)));
            while (links.find())
                if (!links.group(1).startsWith("http") && !Files.exists(Gate.ROOT.resolve(links.group(1)))) broken.add(paper + ": " + links.group(1));
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void everyCommandInAPaperIsOne() throws IOException {
        var known = Files.readString(Gate.ROOT.resolve("app/src/main/java/dev/masugata/app/commands/Commands.java"));
        var sources = new StringBuilder(known);
        try (var files = Files.list(Gate.ROOT.resolve("app/src/main/java/dev/masugata/app/commands"))) {
            for (var file : files.toList()) sources.append(Files.readString(file));
        }
        var unknown = new ArrayList<String>();
        for (var paper : PAPERS) {
            var commands = Pattern.compile("(?:\\./|`)masugata ([a-z]+)")
                    .matcher(Files.readString(Gate.ROOT.resolve(paper)));
            while (commands.find()) {
                var name = commands.group(1);
                boolean there = name.equals("test") || name.equals("install")
                        || sources.indexOf("name = \"" + name + "\"") >= 0;
                if (!there) unknown.add(paper + ": " + name);
            }
        }
        assertEquals(List.of(), unknown);
    }

    /// Each line of LIMITS.md names a constant or a component and where it stands; its number is the one in the source.
    @Test
    void everyLimitIsWhatTheSourceSays() throws IOException {
        var wrong = new ArrayList<String>();
        int count = 0;
        for (var line : Files.readAllLines(Gate.ROOT.resolve("LIMITS.md"))) {
            var row = Pattern.compile("^\\| [^|]+ \\| [^|]+ \\| `([\\w/.]+)\\.java` \\| `([^`]+)` \\|").matcher(line);
            if (!row.find()) continue;
            count++;
            var file = source(row.group(1));
            if (file == null || !Files.readString(file).replaceAll("\\s+", " ")
                    .contains(row.group(2).replaceAll("\\s+", " "))) wrong.add(line);
        }
        assertEquals(List.of(), wrong);
        assertTrue(count > 40, "only " + count + " limits are listed");
    }

    private static Path source(String name) {
        int slash = name.indexOf('/');
        for (var wing : List.of("base", "ledger", "sandbox", "judge", "watch", "gates", "app")) {
            var file = Gate.ROOT.resolve(wing).resolve("src/main/java/dev/masugata").resolve(name + ".java");
            if (slash > 0 && Files.exists(file)) return file;
        }
        return null;
    }

    @Test
    void noFileHoldsWhatItMustNot() throws Exception {
        var listed = new ProcessBuilder("git", "ls-files").directory(Gate.ROOT.toFile()).start();
        var files = new String(listed.getInputStream().readAllBytes()).lines().toList();
        assertEquals(0, listed.waitFor(), "this test reads what git tracks");
        var banned = Pattern.compile("registry\\.npm" + "js|repo\\d?\\.maven\\.apache|/wo" + "rk/|/ro"
                + "ot/\\.|\\bTO" + "DO\\b|\\bFIX" + "ME\\b");
        var found = new ArrayList<String>();
        for (var file : files) {
            if (file.endsWith(".jar") || file.equals("LICENSE")) continue;
            // The public registries are what an allow list names; that one is not where we are built.
            if (file.equals("catalog/src/main/resources/catalog/hosts/hosts.json")) continue;
            int number = 0;
            for (var line : Files.readString(Gate.ROOT.resolve(file)).lines().toList()) {
                number++;
                if (banned.matcher(line).find()) found.add(file + ":" + number + ": " + line.strip());
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void classesAreNamedByTheirNouns() throws IOException {
        var bad = WallsTest.files().stream()
                .map(WallsTest.File::name)
                .filter(it -> it.matches(".*(Manager|Service|Impl|Helper|Util|Utils)\\.java"))
                .toList();
        assertEquals(List.of(), bad);
    }
}
