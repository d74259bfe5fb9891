package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The walls between rooms, read from what the sources import and name.
class WallsTest {
    /// A room's floor; it may import rooms on lower floors only.
    static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("text", 0), Map.entry("wire", 0), Map.entry("model", 1), Map.entry("net", 1),
            Map.entry("ledger", 2), Map.entry("credentials", 3), Map.entry("definition", 3),
            Map.entry("inspect", 3), Map.entry("policy", 3), Map.entry("provenance", 3),
            Map.entry("sandbox", 3), Map.entry("scan", 3), Map.entry("graph", 3), Map.entry("analyst", 4),
            Map.entry("checkpoint", 4), Map.entry("train", 4), Map.entry("gates.egress", 5),
            Map.entry("gates.llm", 5), Map.entry("gates.mcp", 5), Map.entry("app", 7));

    /// What only some rooms may name: a pattern in the source, and these rooms.
    private static final Map<String, Set<String>> THIRD_PARTY = Map.ofEntries(
            Map.entry("\\bio\\.netty\\b", Set.of("net")),
            Map.entry("\\bdev\\.masugata\\.net\\.(Upstream|OutRequest|Exchange)\\b", Set.of("net", "checkpoint")),
            Map.entry("\\bjava\\.sql\\b", Set.of("ledger", "graph")),
            Map.entry("\\bProcessBuilder\\b", Set.of("sandbox")),
            Map.entry("\\bcom\\.cedarpolicy\\b", Set.of("policy")),
            Map.entry("\\bcom\\.google\\.re2j\\b", Set.of("inspect", "graph", "scan")),
            Map.entry("\\borg\\.treesitter\\b", Set.of("scan")),
            Map.entry("\\bai\\.onnxruntime\\b", Set.of("inspect")),
            Map.entry("\\bcom\\.networknt\\b", Set.of("gates.mcp")),
            Map.entry("\\borg\\.snakeyaml\\b", Set.of("app", "scan")),
            Map.entry("\\bpicocli\\b", Set.of("app")),
            Map.entry("\\btools\\.jackson\\b", Set.of("gates.mcp", "scan")));

    private static final Pattern OURS = Pattern.compile("\\bdev\\.masugata\\.((?:gates\\.)?[a-z]+)");

    record File(String room, String name, String text) {}

    static List<File> files() throws IOException {
        var files = new ArrayList<File>();
        for (var wing : List.of("base", "ledger", "sandbox", "judge", "watch", "gates", "app")) {
            var sources = Gate.ROOT.resolve(wing).resolve("src/main/java/dev/masugata");
            try (var all = Files.walk(sources)) {
                for (var file : all.filter(it -> it.toString().endsWith(".java")).toList())
                    files.add(new File(room(sources.relativize(file)), file.getFileName().toString(),
                            withoutComments(Files.readString(file))));
            }
        }
        return files;
    }

    private static String room(Path file) {
        return file.getName(0).toString().equals("gates") ? "gates." + file.getName(1) : file.getName(0).toString();
    }

    private static String withoutComments(String text) {
        return text.replaceAll("(?m)//.*$", "").replaceAll("(?s)/\\*.*?\\*/", "");
    }

    static List<String> violations(File file) {
        var violations = new ArrayList<String>();
        var floor = FLOORS.get(file.room());
        if (floor == null) return List.of(file.name() + ": the room `" + file.room() + "` stands on no floor");
        var named = OURS.matcher(file.text());
        while (named.find()) {
            var other = named.group(1);
            if (other.equals(file.room())) continue;
            var below = FLOORS.get(other);
            if (below == null || below >= floor) violations.add(file.room() + "/" + file.name() + " names `" + other
                    + "`, which is not below it");
        }
        THIRD_PARTY.forEach((pattern, rooms) -> {
            if (!rooms.contains(file.room()) && Pattern.compile(pattern).matcher(file.text()).find())
                violations.add(file.room() + "/" + file.name() + " names " + pattern + ", which belongs to " + rooms);
        });
        boolean foreign = file.text().contains("java.lang.foreign");
        if (foreign && !file.name().startsWith("Unsafe")) violations.add(file.name()
                + " speaks to the kernel and is not named Unsafe");
        return violations;
    }

    @Test
    void everyRoomImportsLowerFloorsOnly() throws IOException {
        var files = files();
        assertTrue(files.size() > 200, "only " + files.size() + " files were read");
        assertEquals(FLOORS.keySet(), files.stream().map(File::room).collect(java.util.stream.Collectors.toSet()));
        assertEquals(List.of(), files.stream().flatMap(it -> violations(it).stream()).toList());
    }

    @Test
    void theTestSeesWhatItLooksFor() {
        for (var planted : List.of(
                new File("ledger", "X.java", "import dev.masugata.checkpoint.Checkpoint;"),
                new File("model", "X.java", "import dev.masugata.net.Request;"),
                new File("gates.mcp", "X.java", "import dev.masugata.gates.llm.Y;"),
                new File("gates.mcp", "X.java", "import dev.masugata.net.Upstream;"),
                new File("app", "X.java", "new ProcessBuilder(list)"),
                new File("judgement", "X.java", "class X {}"),
                new File("sandbox", "X.java", "import java.lang.foreign.Arena;")))
            assertFalse(violations(planted).isEmpty(), planted.toString());
        assertEquals(List.of(), violations(new File("sandbox", "UnsafeX.java", "import java.lang.foreign.Arena;")));
        assertEquals(List.of(), violations(new File("checkpoint", "X.java",
                "import dev.masugata.net.Upstream; import dev.masugata.ledger.Ledger;")));
    }
}
