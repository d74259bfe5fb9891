package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody who has all of a home, keys included, rewrites the past. A checkpoint that was kept elsewhere shows it.
class CheckpointTest {
    @TempDir
    Path directory;

    @TempDir
    Path older;

    @TempDir
    Path elsewhere;

    Home home;
    String early;
    String kept;

    @BeforeEach
    void twentyEntriesAndACheckpointOverEach() throws Exception {
        home = new Home(directory);
        record(home, 0, 10, "");
        early = Files.readString(home.head());
        TamperTest.copy(directory, older);
        record(home, 10, 20, "");
        kept = Files.readString(home.head());
    }

    private static void record(Home home, int from, int to, String other) {
        try (var ledger = home.open()) {
            for (int i = from; i < to; i++) ledger.append(Samples.asked("s-1", "text " + i + other));
        }
    }

    private static VerifyReport.Bad first(Home home, String checkpoint) {
        return home.verify(Optional.of(checkpoint)).first().orElseThrow();
    }

    @Test
    void theTrueRecordContinuesEveryCheckpoint() {
        assertTrue(home.verify(Optional.of(kept)).holds());
        assertTrue(home.verify(Optional.of(early)).holds());
        record(home, 20, 300, "");
        assertTrue(home.verify(Optional.of(kept)).holds());
    }

    @Test
    void truncation() throws Exception {
        home.tamper("DELETE FROM entry WHERE seq > 18");
        home.tamper("DELETE FROM payload WHERE seq > 18");
        Files.writeString(home.head(), early);
        var bad = first(home, kept);
        assertEquals(19, bad.seq());
        assertEquals("entries", bad.what());
    }

    @Test
    void rollback() {
        var back = new Home(older);
        assertTrue(back.verify().holds(), "by itself it is whole");
        assertTrue(back.verify(Optional.of(early)).holds());
        var bad = first(back, kept);
        assertEquals(11, bad.seq());
        assertEquals("the checkpoint covers 20", bad.expected());
    }

    @Test
    void fork() {
        var back = new Home(older);
        record(back, 10, 25, " as it was not");
        assertTrue(back.verify().holds(), "by itself it is whole");
        assertTrue(back.verify(Optional.of(early)).holds());
        var bad = first(back, kept);
        assertEquals(20, bad.seq());
        assertEquals("root over the first 20 entries, in the checkpoint", bad.what());
    }

    @Test
    void resigningWithAnotherKey() {
        var anew = new Home(elsewhere);
        record(anew, 0, 25, "");
        assertTrue(anew.verify().holds(), "by itself it is whole");
        var bad = first(anew, kept);
        assertEquals("key of the checkpoint", bad.what());
    }

    @Test
    void whatIsNoCheckpointIsNoComfort() {
        for (var text : new String[] {"", "hello\n", kept.replace("\n20\n", "\n10\n")})
            assertTrue(!home.verify(Optional.of(text)).holds(), text);
    }
}
