package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is exported is read by code that knows only the formats, and gives the same root.
class ExportTest {
    @TempDir
    Path directory;

    @TempDir
    Path out;

    Home home;

    @BeforeEach
    void home() {
        home = new Home(directory);
    }

    /// 610 entries: two full tiles and 98; one session is erased.
    private void record(Ledger ledger) {
        for (int i = 1; i <= 606; i += 3) {
            ledger.submit(Samples.asked("s-" + i % 2, "text " + i));
            ledger.submit(Samples.decided("s-" + i % 2, i, i % 5 == 0 ? Outcome.DENIED : Outcome.ALLOWED));
            ledger.submit(i % 7 == 0 ? Samples.found("s-1", i) : Samples.done("s-1", i + 1));
        }
        ledger.append(Pins.approved(Samples.ALICE, "files", "read", "h", ToolClass.READ, Optional.empty()));
        ledger.append(Pins.approved(Samples.ALICE, "files", "write", "h", ToolClass.WRITE, Optional.empty()));
        ledger.append(Samples.asked("s-1", "almost"));
        ledger.erase(Samples.ALICE, List.of(new Scope.OfSession("s-1")));
    }

    private static byte[] root(Iterable<byte[]> leaves) {
        var tree = new Tree();
        leaves.forEach(tree::append);
        return tree.root();
    }

    private static Json.Obj parse(String line) {
        return (Json.Obj) JsonReader.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private List<Json.Obj> jsonl(LedgerReader reader) {
        var bytes = new ByteArrayOutputStream();
        reader.exportJsonl(bytes);
        return bytes.toString(StandardCharsets.UTF_8).lines().map(ExportTest::parse).toList();
    }

    /// The root that the lines give, checked against the checkpoint in the last one.
    private static void check(List<Json.Obj> lines, String publicKey) {
        var hash = new Rfc6962();
        var leaves = new ArrayList<byte[]>();
        for (var line : lines.subList(0, lines.size() - 1)) {
            var leaf = line.string("leaf").map(HexFormat.of()::parseHex);
            leaves.add(leaf.orElseGet(() -> hash.leaf(JsonWriter.canonical(line.object("entry")))));
        }
        var checkpoint = Note.parse(lines.getLast().string("checkpoint").orElseThrow());
        assertTrue(NoteKey.Verifier.parse(publicKey).accepts(checkpoint));
        assertEquals(leaves.size(), TreeHead.of(checkpoint).size());
        assertArrayEquals(TreeHead.of(checkpoint).root(), root(leaves));
    }

    @Test
    void linesGiveTheSameRootAndPayloadsTheirHash() {
        try (var ledger = home.open()) {
            record(ledger);
            var lines = jsonl(ledger.reader());
            assertEquals(ledger.size() + 1, lines.size());
            check(lines, ledger.reader().publicKey());
            int kept = 0;
            int erased = 0;
            for (var line : lines) {
                erased += line.isTrue("erased") ? 1 : 0;
                if (line.at("payload").isEmpty()) continue;
                kept++;
                var salt = HexFormat.of().parseHex(line.string("salt").orElseThrow());
                assertEquals(line.object("entry").string("payload").orElseThrow(),
                        Item.hash(salt, JsonWriter.bytes(line.at("payload").orElseThrow())));
            }
            assertTrue(kept > 100 && erased > 100, kept + " kept, " + erased + " erased");
        }
    }

    @Test
    void linesOfADroppedEntryKeepItsPlaceInTheTree() {
        try (var ledger = home.open()) {
            record(ledger);
            home.pass(Duration.ofDays(2));
            ledger.append(Samples.asked("s-0", "today"));
            ledger.retain(Samples.HOUSE, Duration.ofDays(1));
            var lines = jsonl(ledger.reader());
            check(lines, ledger.reader().publicKey());
            assertTrue(lines.stream().filter(it -> it.integer("dropped").isPresent()).count() > 600);
        }
    }

    /// A line that ends inside of a payload would break the export in two.
    @Test
    void aPayloadWithLineBreaksStaysOnItsLine() {
        try (var ledger = home.open()) {
            var payload = JsonReader.read("{\n \"a\":\r\n [1,\n2]}".getBytes(), Limits.DEFAULT);
            ledger.append(new Event.Asked(
                    "s-1", "p", Action.Kind.TOOL_CALL, "t", "d", payload));
            var lines = jsonl(ledger.reader());
            assertEquals(2, lines.size());
            assertEquals(Optional.of(payload), lines.getFirst().at("payload"));
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void tilesAreThoseOfTheSpecification() throws Exception {
        try (var ledger = home.open()) {
            record(ledger);
            assertEquals(610, ledger.size());
            assertEquals(List.of(), ledger.reader().exportTiles(out));
            var names = new ArrayList<String>();
            try (var files = Files.walk(out)) {
                files.filter(Files::isRegularFile).forEach(file -> names.add(out.relativize(file).toString()));
            }
            assertEquals(
                    List.of("checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/98", "tile/1/000.p/2",
                            "tile/entries/000", "tile/entries/001", "tile/entries/002.p/98"),
                    names.stream().sorted().toList());

            var checkpoint = Note.parse(Files.readString(out.resolve("checkpoint")));
            assertTrue(NoteKey.Verifier.parse(ledger.reader().publicKey()).accepts(checkpoint));
            var expected = TreeHead.of(checkpoint).root();
            assertArrayEquals(expected, root(fromBundles()), "from the entries");
            assertArrayEquals(expected, root(fromTiles()), "from the leaf tiles");
            assertArrayEquals(expected, new Merkle(this::slice).root(610), "from the tiles of every level");
        }
    }

    private List<byte[]> fromBundles() throws Exception {
        var hash = new Rfc6962();
        var leaves = new ArrayList<byte[]>();
        for (var name : List.of("000", "001", "002.p/98")) {
            var bundle = ByteBuffer.wrap(Files.readAllBytes(out.resolve("tile/entries/" + name)));
            while (bundle.hasRemaining()) {
                var entry = new byte[Short.toUnsignedInt(bundle.getShort())];
                bundle.get(entry);
                leaves.add(hash.leaf(entry));
            }
        }
        return leaves;
    }

    private List<byte[]> fromTiles() throws Exception {
        var leaves = new ArrayList<byte[]>();
        for (var name : List.of("000", "001", "002.p/98")) {
            var tile = Files.readAllBytes(out.resolve("tile/0/" + name));
            for (int i = 0; i < tile.length; i += 32) leaves.add(Arrays.copyOfRange(tile, i, i + 32));
        }
        return leaves;
    }

    private byte[] slice(int level, long from, int count) {
        try {
            long number = from / 256;
            var full = out.resolve("tile/" + level + "/" + TilesExport.path(number, 256));
            var partial = out.resolve("tile/" + level + "/" + TilesExport.path(number, level == 0 ? 98 : 2));
            var tile = Files.readAllBytes(Files.exists(full) ? full : partial);
            int first = (int) (from % 256) * 32;
            return Arrays.copyOfRange(tile, first, first + count * 32);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void tileNamesFollowTheSpecification() {
        assertEquals("x001/x234/067", TilesExport.path(1234067, 256));
        assertEquals("000", TilesExport.path(0, 256));
        assertEquals("999.p/1", TilesExport.path(999, 1));
        assertEquals("x001/000.p/255", TilesExport.path(1000, 255));
    }

    @Test
    void bundlesWithDroppedEntriesAreLeftOutAndNamed() {
        try (var ledger = home.open()) {
            record(ledger);
            home.pass(Duration.ofDays(2));
            ledger.append(Samples.asked("s-0", "today"));
            ledger.retain(Samples.HOUSE, Duration.ofDays(1));
            assertEquals(List.of("tile/entries/000", "tile/entries/001", "tile/entries/002.p/100"),
                    ledger.reader().exportTiles(out));
            assertTrue(Files.exists(out.resolve("tile/0/002.p/100")));
        }
    }

    @Test
    void decisionsBecomeApiActivity() {
        try (var ledger = home.open()) {
            long allowed = ledger.appendAll(
                    List.of(Samples.asked("s-1", "a"), Samples.decided("s-1", Ledger.FIRST, Outcome.ALLOWED))) + 1;
            ledger.append(Samples.done("s-1", allowed));
            ledger.appendAll(List.of(Samples.asked("s-1", "b"), Samples.decided("s-1", Ledger.FIRST, Outcome.DENIED)));
            ledger.appendAll(List.of(Samples.asked("s-1", "c"), Samples.decided("s-1", Ledger.FIRST, Outcome.MASKED)));
            var bytes = new ByteArrayOutputStream();
            ledger.reader().exportOcsf(bytes);
            var lines = bytes.toString(StandardCharsets.UTF_8).lines().map(ExportTest::parse).toList();
            assertEquals(3, lines.size());
            var first = lines.getFirst();
            assertEquals(
                    parse(
                            """
                            {"activity_id":99,"category_uid":6,"class_uid":6003,"type_uid":600399,"time":1795325160123,
                             "severity_id":1,"action_id":1,"disposition_id":1,"status_id":1,"status_detail":"ok",
                             "metadata":{"version":"1.5.0","product":{"name":"Masugata","vendor_name":"Masugata"},
                              "profiles":["security_control"],"uid":"2","sequence":2},
                             "actor":{"user":{"name":"agent:coder"},"session":{"uid":"s-1"}},
                             "api":{"operation":"files/read_file","service":{"name":"files"}},
                             "src_endpoint":{"name":"s-1"},"resources":[{"name":"files/read_file","type":"tool_call"}],
                             "policy":{"uid":"policy-1"},"message":"reading is allowed",
                             "firewall_rule":{"uid":"reading"},
                             "unmapped":{"digest":"%s","approval":"","asked":1}}"""
                                    .formatted(Samples.DIGEST)),
                    first);
            assertEquals(List.of(1L, 2L, 4L), numbers(lines, "action_id"));
            assertEquals(List.of(1L, 2L, 11L), numbers(lines, "disposition_id"));
            assertEquals(List.of(1L, 2L, 0L), numbers(lines, "status_id"));
        }
    }

    private static List<Long> numbers(List<Json.Obj> lines, String name) {
        return lines.stream().map(line -> line.integer(name).orElseThrow()).toList();
    }
}
