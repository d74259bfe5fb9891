package dev.masugata.ledger;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Outcome;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Changes one thing in a copy of a record, and sees it named.
class TamperTest {
    @TempDir
    static Path original;

    @TempDir
    Path directory;

    /// 300 entries: a full tile and a partial one. Entry 1 is a pin, 2 a question, 3 its answer; then come calls.
    @BeforeAll
    static void record() {
        try (var ledger = new Home(original).open()) {
            ledger.append(Pins.approved(Samples.ALICE, "files", "read", "h1", ToolClass.READ, Optional.empty()));
            ledger.append(Samples.held("s-1", "c1", Home.START.plusSeconds(60)));
            ledger.append(Samples.approved(2, Home.START, 1));
            ledger.append(Samples.found("s-1", 2));
            for (int i = 5; i < 298; i += 3) {
                ledger.submit(Samples.asked("s-1", "file " + i));
                ledger.submit(Samples.decided("s-1", i, Outcome.ALLOWED));
                ledger.submit(Samples.done("s-1", i + 1));
            }
            ledger.append(Samples.found("s-1", 5));
            assertEquals(300, ledger.append(Samples.asked("s-1", "last")));
            followed(ledger);
        }
    }

    /// A follower that came to entry 299, on disk.
    private static void followed(Ledger ledger) {
        var done = new java.util.concurrent.CountDownLatch(1);
        // It says that it came to 299, for the last one is too much for it.
        var follower = ledger.follow("f", 299, entry -> {
            if (entry.seq() == 299) return;
            done.countDown();
            throw new IllegalStateException("no further, on purpose");
        });
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        follower.close();
    }

    private Home copy() throws IOException {
        return copy(original, directory);
    }

    static Home copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(target);
                else Files.copy(file, target, REPLACE_EXISTING, COPY_ATTRIBUTES);
            }
        }
        return new Home(to);
    }

    @Test
    void theUntouchedRecordHolds() throws Exception {
        var home = copy();
        assertTrue(home.tamper("UPDATE entry SET seq = seq") > 0, "a change that changes nothing");
        var report = home.verify();
        assertTrue(report.holds(), () -> report.bad().toString());
        assertEquals(300, report.events());
        assertEquals(0, report.unsigned());
        assertTrue(report.tagged());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE entry SET time = time + 1 WHERE seq = 6                               | 6   | column time
            UPDATE entry SET type = 'done' WHERE seq = 6                                 | 6   | column type
            UPDATE entry SET session = 's-2' WHERE seq = 201                             | 201 | column session
            UPDATE entry SET principal = 'agent:other' WHERE seq = 201                   | 201 | column principal
            UPDATE entry SET kind = 'elicit' WHERE seq = 200                             | 200 | column kind
            UPDATE entry SET target = 'files/write' WHERE seq = 201                      | 201 | column target
            UPDATE entry SET outcome = 'denied' WHERE seq = 201                          | 201 | column outcome
            UPDATE entry SET ref = 7 WHERE seq = 201                                     | 201 | column ref
            UPDATE entry SET leaf = zeroblob(32) WHERE seq = 201                         | 201 | leaf
            UPDATE entry SET body = replace(body, 'allowed', 'aliowed') WHERE seq = 201  | 201 | leaf
            UPDATE entry SET body = x'7b7d' WHERE seq = 201                              | 201 | leaf
            UPDATE entry SET tag = NULL WHERE seq = 3                                    | 3   | tag
            UPDATE entry SET tag = zeroblob(32) WHERE seq = 1                            | 1   | tag
            UPDATE entry SET tag = zeroblob(32) WHERE seq = 201                          | 201 | tag
            UPDATE payload SET body = replace(body, 'file 200', 'file 198') WHERE seq = 200 | 200 | payload
            UPDATE payload SET salt = zeroblob(32) WHERE seq = 200                       | 200 | payload
            UPDATE payload SET salt = zeroblob(0) WHERE seq = 200                        | 200 | payload
            DELETE FROM payload WHERE seq = 200                                          | 200 | payload
            INSERT INTO payload VALUES (201, zeroblob(32), x'7b7d')                      | 201 | payload
            INSERT INTO payload VALUES (9999, zeroblob(32), x'7b7d')                     | 9999 | payload
            DELETE FROM entry WHERE seq = 201                                            | 201 | entry
            DELETE FROM entry WHERE seq > 290                                            | 291 | entries
            UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND number = 0       | 1   | tile 0/0 hash 0
            UPDATE tile SET hashes = substr(hashes, 1, 64) WHERE level = 0 AND number = 0 | 3  | tile 0/0 hash 2
            UPDATE tile SET hashes = zeroblob(64) WHERE level = 1                        | 256 | tile 1/0 hash 0
            DELETE FROM tile WHERE level = 0 AND number = 0                              | 1   | tile 0/0
            DELETE FROM tile WHERE level = 1                                             | 256 | tile 1/0
            INSERT INTO tile VALUES (0, 3, zeroblob(32))                                 | 300 | tile 0/3
            UPDATE snapshot SET state = replace(state, 'approved', 'deniedX') WHERE name = 'a-2' | 3 | snapshot approvals/1
            UPDATE snapshot SET seq = 9 WHERE name = 'a-2'                               | 3   | snapshot approvals/1
            DELETE FROM snapshot WHERE fold = 'pins/2'                                   | 1   | snapshot pins/2
            INSERT INTO snapshot VALUES ('grants/1', ' host:x', x'7b7d', 8)              | 8   | snapshot grants/1
            UPDATE seal SET tag = zeroblob(32)                                           | 0   | snapshot seal
            UPDATE seal SET applied = 250                                                | 0   | snapshot seal
            DELETE FROM seal                                                             | 0   | snapshot seal
            UPDATE charge SET events = events - 1 WHERE account = 's-1'                  | 0   | charge of s-1
            UPDATE charge SET bytes = 0 WHERE account = 's-1'                            | 0   | charge of s-1
            UPDATE charge SET events = events + 1 WHERE account = 's-1'                  | 0   | charge of s-1
            UPDATE charge SET events = 1000000 WHERE account = 's-1'                     | 0   | charge of s-1
            DELETE FROM charge                                                           | 0   | charge of s-1
            INSERT INTO charge VALUES ('s-9', 1000000, 1, zeroblob(32))                  | 0   | charge of s-9
            UPDATE charge SET account = 's-2' WHERE account = 's-1'                      | 0   | charge of s-2
            UPDATE follower SET seq = 300                                                | 0   | follower f
            UPDATE follower SET seq = 0                                                  | 0   | follower f
            UPDATE follower SET name = 'g'                                               | 0   | follower g
            INSERT INTO follower VALUES ('h', 9999, zeroblob(32))                        | 0   | follower h
            INSERT INTO unfinished VALUES (200)                                          | 200 | unfinished removal
            INSERT INTO unfinished VALUES (9999)                                         | 9999 | unfinished removal
            """)
    void oneChangeIsNamed(String sql, long seq, String what) throws Exception {
        var home = copy();
        assertNotEquals(0, home.tamper(cast(sql)));
        var bad = home.verify().bad();
        assertTrue(bad.stream().anyMatch(it -> it.seq() == seq && it.what().startsWith(what)), bad.toString());
        if (!what.startsWith("snapshot")) assertEquals(seq, bad.getFirst().seq());
    }

    /// SQLite's `replace` gives text; what is stored are bytes.
    private static String cast(String sql) {
        return sql.replaceAll("= (replace\\([^)]*\\))", "= CAST($1 AS BLOB)");
    }

    @Test
    void anEntryChangedTogetherWithItsLeafIsNamedByItsTile() throws Exception {
        var home = copy();
        rewrite(home, 201);
        var first = home.verify().first().orElseThrow();
        assertEquals(201, first.seq());
        assertTrue(first.what().startsWith("tile 0/0"), first.toString());
    }

    @Test
    void anEntryChangedWithItsLeafBeyondTheLastFullTileIsFoundByTheRoot() throws Exception {
        var home = copy();
        rewrite(home, 299);
        var first = home.verify().first().orElseThrow();
        assertTrue(first.what().startsWith("root over the first 300 entries, in the head file"), first.toString());
        assertTrue(assertThrows(LedgerUnavailable.class, home::open)
                .getMessage().contains("not those"));
    }

    /// Makes a call go elsewhere, with columns and leaf that fit.
    private static void rewrite(Home home, long seq) throws Exception {
        byte[] body;
        try (var connection = home.sql();
                var row = connection.createStatement().executeQuery("SELECT body FROM entry WHERE seq = " + seq)) {
            row.next();
            body = new String(row.getBytes(1)).replace("agent:coder", "agent:other").getBytes();
        }
        home.tamper("UPDATE entry SET body = ?, leaf = ?, principal = 'agent:other' WHERE seq = ?",
                body, new Rfc6962().leaf(body), seq);
    }

    @Test
    void theHeadFileIsComparedToo() throws Exception {
        var home = copy();
        var head = Files.readString(home.head());
        var unsigned = head.replaceFirst("(?s)\n\n.*", "\n");
        for (var changed : List.of("", head.replace("300", "299"), unsigned, "nonsense\n")) {
            Files.writeString(home.head(), changed);
            assertEquals("head file", home.verify().first().orElseThrow().what());
            assertThrows(LedgerUnavailable.class, home::open);
        }
        var stranger = NoteKey.generate("masugata/", new SecureRandom());
        Files.writeString(home.head(), stranger.sign(TreeHead.of(Note.parse(head)).text()).toString());
        assertEquals("head file", home.verify().first().orElseThrow().what());
        Files.delete(home.head());
        assertEquals("missing", home.verify().first().orElseThrow().found());
        assertThrows(LedgerUnavailable.class, home::open);
        Files.writeString(home.head(), head);
        assertTrue(home.verify().holds());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CREATE TRIGGER t AFTER INSERT ON payload BEGIN UPDATE snapshot SET seq = 0; END | trigger t
            CREATE TABLE copies (body BLOB)                                                  | table copies
            CREATE VIEW v AS SELECT 1                                                        | view v
            DROP INDEX entry_session                                                         | index entry_session
            """)
    void whatWasAddedToTheDatabaseIsFound(String sql, String what) throws Exception {
        var home = copy();
        home.tamper(sql);
        var bad = home.verify().first().orElseThrow();
        assertEquals("database schema", bad.what());
        assertEquals(what, bad.found());
        assertTrue(assertThrows(LedgerUnavailable.class, home::open).getMessage().contains(what));
    }

    @Test
    void aDatabasePutBackToAnOlderStateIsFound() throws Exception {
        var home = copy();
        var older = Files.readAllBytes(home.options.database());
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", "one more"));
        }
        assertTrue(home.verify().holds());
        Files.write(home.options.database(), older);
        var first = home.verify().first().orElseThrow();
        assertEquals(301, first.seq());
        assertEquals("entries", first.what());
        assertTrue(assertThrows(LedgerUnavailable.class, home::open)
                .getMessage().contains("older copy"));
    }

    @Test
    void aByteChangedInAnIndexIsFound() throws Exception {
        var home = copy();
        int page = 4096;
        var bytes = Files.readAllBytes(home.options.database());
        var wanted = "agent:coder".getBytes(StandardCharsets.US_ASCII);
        int changed = 0;
        // Leaf pages of indexes begin with 10. No leaf hash covers them; queries that use them would miss entries.
        for (int at = page; at < bytes.length && changed == 0; at += page) {
            int text = bytes[at] == 10 ? find(bytes, wanted, at, at + page) : -1;
            if (text < 0) continue;
            bytes[text] = 'x';
            changed++;
        }
        assertEquals(1, changed);
        Files.write(home.options.database(), bytes);
        assertEquals("database file", home.verify().first().orElseThrow().what());
    }

    private static int find(byte[] in, byte[] what, int from, int to) {
        for (int i = from; i <= to - what.length; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) return i;
        }
        return -1;
    }

    @Test
    void noByteOfARowCanBeChangedUnseen() throws Exception {
        var small = new Home(directory);
        try (var ledger = small.open()) {
            for (int i = 0; i < 5; i++) Samples.call(ledger, "s-1", "text " + i);
            ledger.append(PolicySets.live(Samples.ALICE, "d1", Json.object("a", "b")));
        }
        var random = new Random(5);
        long length = Files.size(small.options.database());
        int seen = 0;
        for (int i = 0; i < 30; i++) {
            long at = random.nextLong(length);
            var before = content(small);
            flip(small, at);
            boolean found = !holds(small);
            // A byte that no row, no index and no page header uses changes nothing that anybody can read.
            if (!found) assertEquals(before, content(small), "byte " + at + " was changed unseen");
            else seen++;
            flip(small, at);
            assertTrue(holds(small), "the same byte put back");
        }
        assertFalse(seen == 0, "no byte was ever found");
    }

    private static void flip(Home home, long at) throws IOException {
        try (var file = new RandomAccessFile(home.options.database().toFile(), "rw")) {
            file.seek(at);
            int was = file.read();
            file.seek(at);
            file.write(was ^ 0x20);
        }
    }

    private static boolean holds(Home home) {
        try {
            return home.verify().holds();
        } catch (LedgerUnavailable unreadable) {
            return false;
        }
    }

    private static String content(Home home) {
        try (var reader = home.reader()) {
            return reader.entries(Query.ALL).toString() + reader.standing().policies().live();
        } catch (LedgerUnavailable e) {
            return "unreadable";
        }
    }
}
