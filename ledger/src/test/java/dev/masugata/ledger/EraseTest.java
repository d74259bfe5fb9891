package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EraseTest {
    private static final String SECRET = "Heinrich-Straße 17, born 1962";

    @TempDir
    Path directory;

    Home home;

    @BeforeEach
    void home() {
        home = new Home(directory);
    }

    /// The files of the home in which the text stands, in the raw bytes.
    private List<String> filesWith(String text) throws IOException {
        var wanted = text.getBytes(StandardCharsets.UTF_8);
        var found = new ArrayList<String>();
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (contains(Files.readAllBytes(file), wanted)) found.add(file.getFileName().toString());
            }
        }
        return found;
    }

    private static boolean contains(byte[] in, byte[] what) {
        return new String(in, StandardCharsets.ISO_8859_1).contains(new String(what, StandardCharsets.ISO_8859_1));
    }

    @Test
    void whatIsErasedIsInNoFileAnyMore() throws Exception {
        try (var ledger = home.open()) {
            for (int i = 0; i < 50; i++) ledger.append(Samples.asked("s-1", i + " " + SECRET));
            ledger.append(Samples.asked("s-2", "another " + SECRET.replace("17", "18")));
            // Some of it in the database, some of it in its log.
            try (var connection = home.sql()) {
                connection.createStatement().execute("PRAGMA wal_checkpoint(PASSIVE)");
            }
            for (int i = 50; i < 60; i++) ledger.append(Samples.asked("s-1", i + " " + SECRET));
            assertEquals(Set.of("ledger.db", "ledger.db-wal"), Set.copyOf(filesWith(SECRET)));

            var removed = ledger.erase(Samples.ALICE, List.of(new Scope.OfSession("s-1")));
            assertEquals(60, removed.count());
            assertTrue(removed.overwritten());
            assertEquals(List.of(), filesWith(SECRET));
            assertFalse(filesWith(SECRET.replace("17", "18")).isEmpty(), "the other session keeps its own");

            var entry = ledger.reader().entry(1).orElseThrow();
            assertEquals(Payload.ERASED, entry.payload());
            assertEquals(Json.NULL, entry.event().payload());
            assertEquals(Payload.KEPT, ledger.reader().entry(51).orElseThrow().payload());
            var erasure = ledger.reader().entry(removed.seqs().getFirst()).orElseThrow();
            assertEquals("operator:alice", erasure.event().principal());
            assertEquals("erased", ((Event.Changed) erasure.event()).change());
        }
        assertEquals(List.of(), filesWith(SECRET));
        var report = home.verify();
        assertTrue(report.holds(), () -> report.bad().toString());
        assertEquals(60, report.erased());
    }

    @Test
    void noSaltAndNoDigestToGuessFromRemain() throws Exception {
        byte[] salt;
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", SECRET));
            try (var connection = home.sql();
                    var row = connection.createStatement().executeQuery("SELECT salt FROM payload")) {
                row.next();
                salt = row.getBytes(1);
            }
            ledger.erase(Samples.ALICE, List.of(new Scope.OfEntries(1, 1)));
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(Files::isRegularFile).toList())
                assertFalse(contains(Files.readAllBytes(file), salt), file.toString());
        }
    }

    @Test
    void eachScopeTakesItsOwn() {
        try (var ledger = home.open()) {
            for (int i = 1; i <= 9; i++) ledger.append(Samples.asked("s-" + i % 3, "text " + i));
            ledger.append(new Event.Answered("", "operator:alice", 1, false, Home.START, 1, Json.object("note", "x")));
            assertEquals(3, ledger.erase(Samples.ALICE, List.of(new Scope.OfEntries(1, 3))).count());
            assertEquals(2, ledger.erase(Samples.ALICE, List.of(new Scope.OfSession("s-1"))).count());
            assertEquals(1, ledger.erase(Samples.ALICE, List.of(new Scope.OfPrincipal("operator:alice"))).count());
            assertEquals(0, ledger.erase(Samples.ALICE, List.of(new Scope.OfSession("s-7"))).count());
            assertEquals(4, ledger.reader().entries(Query.ALL.withType("asked")).stream()
                    .filter(it -> it.payload() == Payload.KEPT).count());
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void aUserIsErasedWithHisSessionsAndAgents() {
        try (var ledger = home.open()) {
            ledger.append(Sessions.started(Samples.ALICE, Samples.session("s-bob"), Json.EMPTY));
            ledger.append(Agents.added(Samples.ALICE, new Principal.Agent("coder", "bob", Set.of()), "h"));
            ledger.append(Samples.asked("s-bob", "in his session"));
            ledger.append(Samples.asked("", "by his agent, outside of any"));
            ledger.append(new Event.Answered("", "operator:bob", 1, false, Home.START, 1, Json.object("note", "x")));
            ledger.append(new Event.Asked(
                    "s-eve", "agent:other", Action.Kind.TOOL_CALL, "t", "d", Json.object("of", "eve")));
            assertEquals(3, ledger.eraseUser(Samples.ALICE, "bob").count());
            assertEquals(Payload.KEPT, ledger.reader().entry(6).orElseThrow().payload());
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void policySetsStay() {
        try (var ledger = home.open()) {
            ledger.append(PolicySets.live(Samples.ALICE, "d1", Json.object("a.cedar", "permit")));
            assertEquals(0, ledger.erase(Samples.ALICE, List.of(new Scope.OfEntries(1, 1))).count());
            assertTrue(ledger.reader().policySet("d1").isPresent());
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void whatWasErasedDoesNotComeBackUnseen() throws Exception {
        byte[] salt;
        byte[] body;
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", SECRET));
            try (var connection = home.sql();
                    var row = connection.createStatement().executeQuery("SELECT salt, body FROM payload")) {
                row.next();
                salt = row.getBytes(1);
                body = row.getBytes(2);
            }
            ledger.erase(Samples.ALICE, List.of(new Scope.OfSession("s-1")));
        }
        home.tamper("INSERT INTO payload VALUES (1, ?, ?)", salt, body);
        var bad = home.verify().first().orElseThrow();
        assertEquals(1, bad.seq());
        assertEquals("erased", bad.expected());
    }

    @Test
    void aForgedErasureExplainsNothing() throws Exception {
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", SECRET));
        }
        var event = new Erased(new Scope.OfSession("s-1")).event(Samples.ALICE);
        var item = Item.of(event, new SecureRandom());
        var body = item.draft().finish(1, 2, new Stamp().of(Stamp.micros(Home.START)));
        var it = item.columns();
        home.tamper("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 2, Stamp.micros(Home.START),
                it.type(), it.session(), it.principal(), it.kind(), it.target(), it.outcome(), it.ref(), body,
                new Rfc6962().leaf(body), null);
        home.tamper("DELETE FROM payload WHERE seq = 1");
        var bad = home.verify().first().orElseThrow();
        assertEquals(1, bad.seq());
        assertEquals("payload", bad.what());
    }

    @Test
    void anErasureThatACrashInterruptedIsCarriedOn() throws Exception {
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", SECRET));
            ledger.append(Samples.asked("s-2", SECRET));
            // As after a crash: on record, and nothing deleted yet.
            ledger.append(new Erased(new Scope.OfSession("s-1")).event(Samples.ALICE));
            assertEquals(Payload.KEPT, ledger.reader().entry(1).orElseThrow().payload());
            assertTrue(ledger.reader().verify(Optional.empty()).holds(), "not yet a contradiction");
        }
        try (var ledger = home.open()) {
            assertEquals(Payload.ERASED, ledger.reader().entry(1).orElseThrow().payload());
            assertEquals(Payload.KEPT, ledger.reader().entry(2).orElseThrow().payload());
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void aReaderThatStaysInTheWayIsReported() throws Exception {
        try (var ledger = home.open();
                var connection = home.sql()) {
            ledger.append(Samples.asked("s-1", SECRET));
            connection.setAutoCommit(false);
            try (var row = connection.createStatement().executeQuery("SELECT COUNT(*) FROM payload")) {
                row.next();
            }
            // The transaction stays open, and with it the part of the log that it looks at.
            assertFalse(ledger.erase(Samples.ALICE, List.of(new Scope.OfSession("s-1"))).overwritten());
            connection.rollback();
            assertTrue(ledger.erase(Samples.ALICE, List.of(new Scope.OfSession("s-1"))).overwritten());
            assertEquals(List.of(), filesWith(SECRET));
        }
    }

    @Test
    void theProofsOfErasedEntriesHold() {
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", SECRET));
            ledger.append(Samples.decided("s-1", 1, Outcome.ALLOWED));
            var before = ledger.reader().prove(1).orElseThrow();
            ledger.erase(Samples.ALICE, List.of(new Scope.OfSession("s-1")));
            var key = ledger.reader().publicKey();
            assertTrue(ProofCheck.check(before, key) instanceof ProofCheck.Holds);
            assertTrue(ProofCheck.check(ledger.reader().prove(1).orElseThrow(), key) instanceof ProofCheck.Holds);
        }
    }

    @Test
    void aScopeIsARealOne() {
        assertThrows(IllegalArgumentException.class, () -> new Scope.OfEntries(3, 2));
        assertThrows(IllegalArgumentException.class, () -> new Scope.OfEntries(0, 2));
    }
}
