package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    Path directory;

    Home home;

    @BeforeEach
    void home() {
        home = new Home(directory);
    }

    @Test
    void everyEventComesBackAsItWasRecorded() {
        var events = Samples.generated(new Random(7), 300).stream().filter(it -> !Approvals.isUse(it)).toList();
        try (var ledger = home.open()) {
            for (var event : events) ledger.append(event);
        }
        try (var reader = home.reader()) {
            var entries = reader.entries(Query.ALL);
            assertEquals(events, entries.stream().map(Entry::event).toList());
            assertEquals(LongStream.rangeClosed(1, events.size()).boxed().toList(),
                    entries.stream().map(Entry::seq).toList());
            assertEquals(Home.START, entries.getFirst().time());
        }
        var report = home.verify();
        assertTrue(report.holds(), () -> report.bad().toString());
        assertEquals(events.size(), report.events());
        assertFalse(report.anchored());
    }

    @Test
    void manyCallersShareAnFsyncAndGetDenseNumbers() throws Exception {
        try (var ledger = home.open()) {
            var seqs = new ArrayList<CompletableFuture<Long>>();
            for (int caller = 0; caller < 16; caller++) {
                var session = "s-" + caller;
                var done = new CompletableFuture<Long>();
                Thread.ofVirtual().start(() -> {
                    long last = 0;
                    for (int i = 0; i < 50; i++) {
                        long seq = ledger.append(Samples.asked(session, "x" + i));
                        if (seq <= last) done.completeExceptionally(new AssertionError("numbers must rise"));
                        last = seq;
                    }
                    done.complete(last);
                });
                seqs.add(done);
            }
            for (var it : seqs) it.get();
            assertEquals(800, ledger.size());
            assertTrue(ledger.commits() < 800, "no group was ever made: " + ledger.commits());
            var seen = new HashSet<Long>();
            ledger.reader().entries(Query.ALL).forEach(entry -> seen.add(entry.seq()));
            assertEquals(800, seen.size());
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void aGroupStandsTogetherAndRefersToItsFirst() {
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", "before"));
            long first = ledger.appendAll(
                    List.of(Samples.asked("s-1", "a"), Samples.decided("s-1", Ledger.FIRST, Outcome.ALLOWED),
                            Samples.found("s-1", Ledger.FIRST)));
            assertEquals(2, first);
            var decided = (Event.Decided) ledger.reader().entry(3).orElseThrow().event();
            assertEquals(2, decided.asked());
            assertEquals(2, ((Event.Found) ledger.reader().entry(4).orElseThrow().event()).about());
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void timeNeverGoesBack() {
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", "a"));
            home.set(Home.START.minusSeconds(3600));
            ledger.append(Samples.asked("s-1", "b"));
            assertEquals(Home.START, ledger.reader().entry(2).orElseThrow().time());
        }
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", "c"));
            assertEquals(Home.START, ledger.reader().entry(3).orElseThrow().time());
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void aRestartContinuesTheTree() {
        for (int round = 0; round < 5; round++) {
            try (var ledger = home.open()) {
                for (int i = 0; i < 130; i++) ledger.submit(Samples.asked("s-1", "r" + round + "i" + i));
                ledger.append(Samples.asked("s-1", "last"));
                assertEquals(131L * (round + 1), ledger.size());
                assertEquals(List.of(), ledger.problems());
            }
        }
        var report = home.verify();
        assertTrue(report.holds(), () -> report.bad().toString());
        assertEquals(0, report.unsigned());
    }

    @Test
    void aSecondWriterIsRefusedAndDoesNotTakeTheLockAway() throws Exception {
        try (var ledger = home.open()) {
            var refused = assertThrows(LedgerUnavailable.class, home::open);
            assertTrue(refused.getMessage().contains("another writer"), refused.getMessage());
            // The refusal must not have let go the system's lock: another process is still kept out.
            assertEquals("another writer", Child.run("TryOpen", directory));
            ledger.append(Samples.asked("s-1", "still mine"));
        }
        assertEquals("opened", Child.run("TryOpen", directory));
    }

    @Test
    void everyConnectionSyncsEveryCommitAndOverwritesWhatItDeletes() throws Exception {
        home.open().close();
        var database = new Database(home.options.database());
        try (var writer = database.writer(1L << 32, 0)) {
            assertEquals("wal", pragma(writer, "journal_mode"));
            assertEquals("2", pragma(writer, "synchronous"), "FULL");
            assertEquals("1", pragma(writer, "secure_delete"));
            assertEquals(Integer.toString((1 << 30) / 1024), pragma(writer, "max_page_count"));
        }
        try (var reader = database.reader()) {
            assertThrows(SQLException.class, () -> reader.createStatement().execute("DELETE FROM entry"));
        }
    }

    private static String pragma(Connection connection, String name) throws Exception {
        try (var row = connection.createStatement().executeQuery("PRAGMA " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aDatabaseOfANewerVersionIsLeftAlone() throws Exception {
        home.open().close();
        home.tamper("INSERT INTO schema_version VALUES (99, 0)");
        assertTrue(assertThrows(LedgerUnavailable.class, home::open).getMessage().contains("version 99"));
        try (var reader = home.reader()) {
            assertTrue(assertThrows(LedgerUnavailable.class, reader::size).getMessage().contains("version 99"));
        }
    }

    @Test
    void whatGoesInDuringTheStopIsSignedToo() throws Exception {
        var ledger = home.open();
        var refused = new ArrayList<CompletableFuture<Void>>();
        for (int caller = 0; caller < 8; caller++) {
            var session = "s-" + caller;
            refused.add(CompletableFuture.runAsync(() -> {
                while (true) ledger.append(Samples.asked(session, "x"));
            }, task -> Thread.ofVirtual().start(task)));
        }
        while (ledger.size() < 50) Thread.onSpinWait();
        ledger.close();
        // Every one of them gets an answer: none waits for ever.
        for (var it : refused)
            assertThrows(ExecutionException.class, () -> it.get(20, TimeUnit.SECONDS));
        var report = home.verify();
        assertTrue(report.holds());
        assertEquals(0, report.unsigned());
    }

    @Test
    void whatWaitsBehindTheStopIsRefusedAndNotForgotten() throws Exception {
        home.withLimits(home.options.limits().withHeadEvery(Duration.ofHours(1)));
        var ledger = home.open();
        ledger.append(Samples.asked("s-1", "x"));
        while (TreeHead.of(Note.parse(Files.readString(home.head()))).size() == 0) Thread.onSpinWait();
        var holding = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        // The writer is held while the stop comes in, and others behind it.
        var held = CompletableFuture.supplyAsync(() -> ledger.appendIf(Samples.asked("s-1", "held"), (_, _) -> {
            holding.countDown();
            await(go);
            return true;
        }));
        holding.await();
        var closing = CompletableFuture.runAsync(ledger::close);
        while (isReadable(ledger)) Thread.onSpinWait();
        var late = new ArrayList<CompletableFuture<Long>>();
        for (int i = 0; i < 1000; i++) late.add(ledger.submit(Samples.asked("s-" + i, "late")));
        go.countDown();
        assertEquals(Optional.of(2L), held.get());
        closing.get();
        int recorded = 0;
        for (var it : late) {
            it.exceptionally(_ -> 0L).get(20, TimeUnit.SECONDS);
            recorded += it.isCompletedExceptionally() ? 0 : 1;
        }
        assertEquals(2 + recorded, home.verify().events());
    }

    private static void await(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isReadable(Ledger ledger) {
        try {
            return ledger.reader().size() > 0;
        } catch (LedgerUnavailable closed) {
            return false;
        }
    }

    @Test
    void onceClosedNothingGoesIn() {
        var ledger = home.open();
        ledger.close();
        var refused = assertThrows(LedgerUnavailable.class, () -> ledger.append(Samples.asked("s-1", "late")));
        assertTrue(refused.getMessage().contains("closed"), refused.getMessage());
        assertThrows(LedgerUnavailable.class, () -> ledger.reader().size());
    }

    @Test
    void whatSecretsNeedIsForTheOwnerOnly() throws Exception {
        try (var _ = home.open()) {
            for (var name : List.of("ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.reserve"))
                assertEquals("rw-------", permissions(directory.resolve(name)), name);
        }
        for (var name : List.of("keys/ledger.key", "keys/ledger.mac", "ledger.head", "ledger.lock"))
            assertEquals("rw-------", permissions(directory.resolve(name)), name);
        assertEquals("rwx------", permissions(directory.resolve("keys")));
        var open = PosixFilePermissions.fromString("rw-r--r--");
        Files.setPosixFilePermissions(directory.resolve("keys/ledger.mac"), open);
        var refused = assertThrows(LedgerUnavailable.class, home::open);
        assertTrue(refused.getMessage().contains("chmod 600"), refused.getMessage());
    }

    private static String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aLostKeyIsNotReplacedInSilence() throws Exception {
        home.open().close();
        Files.delete(directory.resolve("keys/ledger.mac"));
        var refused = assertThrows(LedgerUnavailable.class, home::open);
        assertTrue(refused.getMessage().contains("missing"), refused.getMessage());
    }

    @Test
    void queriesFindWhatTheyName() {
        try (var ledger = home.open()) {
            for (int i = 1; i <= 20; i++) {
                home.set(Home.START.plusSeconds(i));
                var session = "s-" + i % 2;
                long asked = ledger.append(Samples.asked(session, "x" + i));
                ledger.append(Samples.decided(session, asked, i % 5 == 0 ? Outcome.DENIED : Outcome.ALLOWED));
            }
            var reader = ledger.reader();
            assertEquals(20, reader.entries(Query.ALL.withSession("s-1")).size());
            assertEquals(List.of(10L, 20L, 30L, 40L), seqs(reader, Query.ALL.withDenied()));
            assertEquals(List.of(40L, 39L), seqs(reader, Query.ALL.withNewestFirst().withLimit(2)));
            assertEquals(List.of(37L, 38L, 39L, 40L), seqs(reader, Query.ALL.withSince(Home.START.plusSeconds(19))));
            assertEquals(List.of(39L, 40L), seqs(reader, Query.ALL.withSince(Home.START.plusMillis(19_500))));
            assertEquals(List.of(), seqs(reader, Query.ALL.withSince(Home.START.plusSeconds(21))));
            assertEquals(List.of(5L, 7L), seqs(reader, Query.ALL.withType("asked").withAfter(3).withBefore(9)));
            assertEquals(List.of(2L), seqs(reader, Query.ALL.withTarget("files/read_file").withLimit(1)));
            assertEquals(Map.of("allowed", 16L, "denied", 4L), reader.outcomes(Instant.EPOCH));
            assertEquals(Map.of("allowed", 1L, "denied", 1L), reader.outcomes(Home.START.plusSeconds(19)));
            assertEquals(Optional.empty(), reader.entry(41));
        }
    }

    private static List<Long> seqs(LedgerReader reader, Query query) {
        return reader.entries(query).stream().map(Entry::seq).toList();
    }

    @Test
    void aSecondProcessReadsWhileTheGateWrites() {
        try (var ledger = home.open();
                var other = home.reader()) {
            Samples.call(ledger, "s-1", "a");
            assertEquals(3, other.size());
            Samples.call(ledger, "s-1", "b");
            assertEquals(6, other.entries(Query.ALL).size());
            assertTrue(other.verify(Optional.empty()).holds());
        }
    }

    @Test
    void theRecordVerifiesWhileItIsWrittenErasedAndRead() throws Exception {
        try (var ledger = home.open()) {
            var writing = new AtomicBoolean(true);
            var writer = CompletableFuture.runAsync(() -> {
                for (int i = 0; writing.get(); i++) {
                    Samples.call(ledger, "s-" + i % 3, "text " + i);
                    if (i % 20 == 0) ledger.append(Sessions.raised(Samples.HOUSE, "s-1", "l" + i % 5, Json.EMPTY));
                }
            });
            for (int i = 0; i < 5; i++) {
                ledger.erase(Samples.ALICE, List.of(new Scope.OfSession("s-2")));
                var report = home.verify();
                assertTrue(report.holds(), () -> report.bad().toString());
                assertTrue(report.events() > 0);
            }
            writing.set(false);
            writer.get();
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void aLargeAnswerEndsEarlyAndCanBeContinued() {
        try (var ledger = home.open()) {
            var large = "x".repeat(LedgerLimits.PAYLOAD_BYTES - 100);
            for (int i = 0; i < 6; i++) ledger.append(Samples.asked("s-" + i, large));
            var first = ledger.reader().entries(Query.ALL);
            assertEquals(4, first.size());
            assertEquals(2, ledger.reader().entries(Query.ALL.withAfter(4)).size());
        }
    }

    @Test
    void aConditionThatThrowsHarmsItsCallerOnly() {
        try (var ledger = home.open()) {
            var broken = assertThrows(CompletionException.class,
                    () -> ledger.appendIf(Samples.asked("s-1", "x"), (_, _) -> {
                        throw new IllegalStateException("broken");
                    }));
            assertEquals("broken", broken.getCause().getMessage());
            assertEquals(1, ledger.append(Samples.asked("s-1", "x")));
        }
    }

    @Test
    void aDecisionWithoutItsEndIsUnknownOnlyAfterARestart() {
        try (var ledger = home.open()) {
            Samples.call(ledger, "s-1", "ended");
            ledger.appendAll(
                    List.of(Samples.asked("s-1", "lost"), Samples.decided("s-1", Ledger.FIRST, Outcome.ALLOWED)));
            ledger.appendAll(
                    List.of(Samples.asked("s-1", "denied"), Samples.decided("s-1", Ledger.FIRST, Outcome.DENIED)));
            assertEquals(List.of(), ledger.reader().unknownOutcomes(), "still under way");
        }
        try (var reader = home.reader()) {
            assertEquals(List.of(5L), reader.unknownOutcomes());
        }
        try (var ledger = home.open()) {
            ledger.append(new Event.Changed(
                    "", Samples.HOUSE.id(), Event.Subject.GATE, "gate", "started", Json.EMPTY, Json.NULL));
            ledger.append(Samples.decided("s-1", 1, Outcome.ALLOWED));
            assertEquals(List.of(5L), ledger.reader().unknownOutcomes());
            try (var other = home.reader()) {
                assertEquals(List.of(5L), other.unknownOutcomes());
            }
        }
    }

    @Test
    void checkpointsAreSignedAtMostOnceInTheirTime() throws Exception {
        home.withLimits(home.options.limits().withHeadEvery(Duration.ofHours(1)));
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", "a"));
            var key = NoteKey.Verifier.parse(ledger.reader().publicKey());
            // The first is signed at once, by a thread of its own.
            while (TreeHead.of(Note.parse(Files.readString(home.head()))).size() == 0) Thread.onSpinWait();
            var first = Files.readString(home.head());
            for (int i = 0; i < 100; i++) ledger.append(Samples.asked("s-1", "b" + i));
            assertEquals(first, Files.readString(home.head()));
            var asked = ledger.checkpoint();
            assertTrue(key.accepts(Note.parse(asked)));
            assertEquals(101, TreeHead.of(Note.parse(asked)).size());
            assertEquals(asked, Files.readString(home.head()));
            ledger.append(Samples.asked("s-1", "c"));
        }
        assertEquals(102, TreeHead.of(Note.parse(Files.readString(home.head()))).size(), "the stop signs");
    }

    @Test
    void closesAlsoForAThreadThatWasToldToEnd() throws Exception {
        var closer = Thread.ofPlatform().start(() -> {
            try (var ledger = Ledger.open(LedgerOptions.at(directory.resolve("interrupted")))) {
                ledger.append(Sessions.stopped(new dev.masugata.model.Principal.House(), "s-1"));
                Thread.currentThread().interrupt();
            }
        });
        assertTrue(closer.join(Duration.ofSeconds(30)), "the ledger does not close");
        try (var again = Ledger.open(LedgerOptions.at(directory.resolve("interrupted")))) {
            assertTrue(again.standing().sessions().isStopped("s-1"));
        }
    }
}
