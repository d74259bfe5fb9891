package dev.masugata.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Weakness;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every check of the catalog on its samples: each bad one fires exactly it, each good one nothing at all.
class ChecksTest {
    @TestFactory
    Stream<DynamicTest> everySampleIsJudgedRight() {
        return Catalog.files().stream().flatMap(file -> Catalog.entries(file).stream())
                .map(entry -> DynamicTest.dynamicTest(entry.string("id").orElseThrow(), () -> samples(entry)));
    }

    private static void samples(Json.Obj entry) throws IOException {
        var id = entry.string("id").orElseThrow();
        var samples = entry.object("samples");
        // A vulnerability needs an export beside it: VulnerabilitiesTest.
        if (entry.at("on").map(Tree::word).orElse("").equals("vulnerability")) return;
        assertTrue(!samples.items("bad").isEmpty() && !samples.items("good").isEmpty(), "samples of both kinds");
        for (var bad : samples.items("bad")) assertEquals(new TreeSet<>(List.of(id)), fired(bad), () -> "bad: " + bad);
        for (var good : samples.items("good")) assertEquals(new TreeSet<>(), fired(good), () -> "good: " + good);
    }

    private static TreeSet<String> fired(Json sample) throws IOException {
        return Samples.scan((Json.Obj) sample).stream().map(Weakness::check)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void thereAreAsManyAsThePapersSay() {
        assertTrue(Catalog.shipped().checks().size() >= 60, Catalog.shipped().checks().size() + " checks");
    }

    /// Samples as files, in a directory of their own.
    static final class Samples {
        private Samples() {}

        static List<Weakness> scan(Json.Obj sample) throws IOException {
            var directory = Files.createTempDirectory("masugata-sample-").toRealPath();
            try {
                for (var one : sample.members().entrySet())
                    if (!one.getKey().equals("machine")) write(directory, one.getKey(), Tree.word(one.getValue()));
                boolean home = sample.members().keySet().stream().anyMatch(it -> it.startsWith("~/"));
                if (!home && sample.at("machine").isEmpty())
                    return Scan.paths(List.of(directory), ScanLimits.DEFAULT, Progress.NONE).inventory().weaknesses();
                var machine = machine(sample.object("machine"));
                return Scan.machine(List.of(directory), machine, ScanLimits.DEFAULT, Progress.NONE).inventory()
                        .weaknesses();
            } finally {
                delete(directory);
            }
        }

        private static void write(Path directory, String key, String text) throws IOException {
            var parts = key.split(" ");
            var file = directory.resolve(parts[0].replaceFirst("^~/", ""));
            Files.createDirectories(file.getParent());
            if (parts.length > 1 && parts[1].startsWith("link=")) {
                Files.createSymbolicLink(file, Path.of(parts[1].substring(5)));
                return;
            }
            Files.write(file, bytes(text, parts.length > 1 && parts[1].equals("hex")));
            boolean open = parts.length > 1 && parts[1].equals("mode=644");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open ? "rw-r--r--" : "rw-------"));
        }

        /// `\&` stands for nothing, so that no sample is a key; `{{9 x}}` for nine times `x`.
        private static byte[] bytes(String text, boolean hex) {
            if (hex) return java.util.HexFormat.of().parseHex(text.replaceAll("\\s", ""));
            var whole = new StringBuilder(text.replace("\\&", ""));
            for (int at = whole.indexOf("{{"); at >= 0; at = whole.indexOf("{{", at + 1)) {
                int close = whole.indexOf("}}", at);
                var inner = close < 0 ? "" : whole.substring(at + 2, close);
                if (!inner.matches("[0-9]+ .+")) continue;
                int space = inner.indexOf(' ');
                var unit = inner.substring(space + 1).translateEscapes();
                whole.replace(at, close + 2, unit.repeat(Integer.parseInt(inner.substring(0, space))));
            }
            return whole.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }

        private static Machine machine(Json.Obj told) {
            var running = new ArrayList<Machine.Running>();
            for (var one : told.items("running")) {
                var process = (Json.Obj) one;
                var keys = new ArrayList<Machine.Named>();
                process.object("keys").members().forEach((name, type) ->
                        keys.add(new Machine.Named(name, Tree.word(type))));
                running.add(new Machine.Running(running.size() + 100, process.items("command").stream().map(Tree::word)
                        .toList(),
                        "/", process.isTrue("sealed"), keys));
            }
            var listening = told.items("listening").stream().map(it -> (Json.Obj) it)
                    .map(it -> new Machine.Listening(it.string("address").orElseThrow(), it.integer("port")
                            .orElseThrow().intValue(), 0))
                    .toList();
            var environment = new HashMap<String, String>();
            told.object("environment").members().forEach((name, value) ->
                    environment.put(name, Tree.word(value).replace("\\&", "")));
            return new Machine(running, listening, Proc.named(environment));
        }

        static void delete(Path directory) throws IOException {
            try (var all = Files.walk(directory)) {
                for (var one : all.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(one);
            }
        }
    }
}
