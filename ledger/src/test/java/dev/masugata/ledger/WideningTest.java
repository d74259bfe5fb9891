package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Event;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody who can write the database, but not read the keys, tries to widen what agents may.
class WideningTest {
    private static final Instant EXPIRES = Home.START.plus(Duration.ofHours(1));

    @TempDir
    Path directory;

    Home home;
    long held;

    @BeforeEach
    void aQuestionWaits() {
        home = new Home(directory);
        try (var ledger = home.open()) {
            held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        }
    }

    /// Puts an entry at the end, complete with columns and leaf, as the ledger would have.
    private void forge(long seq, Event event, byte[] tag) throws Exception {
        var item = Item.of(event, new SecureRandom());
        var body = item.draft().finish(1, seq, new Stamp().of(Stamp.micros(home.instant())));
        insert(seq, item.columns(), body, tag);
    }

    private void insert(long seq, Columns it, byte[] body, byte[] tag) throws Exception {
        home.tamper("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", seq,
                Stamp.micros(home.instant()), it.type(), it.session(), it.principal(), it.kind(), it.target(),
                it.outcome(), it.ref(), body, new Rfc6962().leaf(body), tag);
    }

    private Approvals.Status status(Ledger ledger) {
        return ledger.standing().approvals().of("a-" + held).orElseThrow().at(home.instant());
    }

    private byte[] state(String approval) throws Exception {
        try (var connection = home.sql();
                var state = connection.prepareStatement("SELECT state FROM snapshot WHERE name = ?")) {
            state.setString(1, approval);
            var row = state.executeQuery();
            row.next();
            return row.getBytes(1);
        }
    }

    @Test
    void aTrueApprovalIsBelievedAfterARestart() {
        try (var ledger = home.open()) {
            ledger.append(Samples.approved(held, home.instant(), 1));
        }
        try (var ledger = home.open()) {
            assertEquals(Approvals.Status.APPROVED, status(ledger));
            assertTrue(ledger.problems().isEmpty());
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void aForgedApprovalIsNotBelievedAndIsReported() throws Exception {
        forge(2, Samples.approved(held, EXPIRES, 0), null);
        try (var reader = home.reader()) {
            assertEquals(Approvals.Status.WAITING,
                    reader.standing().approvals().of("a-" + held).orElseThrow().at(home.instant()));
        }
        try (var ledger = home.open()) {
            assertEquals(Approvals.Status.WAITING, status(ledger));
            assertTrue(ledger.problems().getFirst().contains("entry 2"), ledger.problems().toString());
            assertTrue(ledger.appendIf(Samples.uses("s-1", 1, "a-1"), Approvals.redeemable("a-1", "c1")).isEmpty());
        }
        var first = home.verify().first().orElseThrow();
        assertEquals(2, first.seq());
        assertEquals("tag", first.what());
    }

    @Test
    void aTagOfAnotherEntryDoesNotHelp() throws Exception {
        long second;
        try (var ledger = home.open()) {
            second = ledger.append(Samples.held("s-1", "c2", EXPIRES));
            ledger.append(Samples.approved(held, home.instant(), 1));
        }
        byte[] body;
        byte[] tag;
        try (var connection = home.sql();
                var row = connection.createStatement().executeQuery("SELECT body, tag FROM entry WHERE seq = 3")) {
            row.next();
            body = row.getBytes(1);
            tag = row.getBytes(2);
        }
        // Another question's approval under a true tag, and a true approval a second time.
        forge(4, Samples.approved(second, EXPIRES, 0), tag);
        insert(5, Columns.of(Samples.approved(held, home.instant(), 1)), body, tag);
        try (var ledger = home.open()) {
            assertEquals(Approvals.Status.WAITING,
                    ledger.standing().approvals().of("a-" + second).orElseThrow().at(home.instant()));
            assertEquals(2, ledger.problems().size(), ledger.problems().toString());
        }
    }

    @Test
    void anApprovalWrittenIntoTheSnapshotIsNotBelieved() throws Exception {
        var forged = new String(state("a-1"))
                .replace("\"waiting\"", "\"approved\"")
                .replace("\"times\":0", "\"times\":9");
        assertFalse(forged.contains("waiting"));
        home.tamper("UPDATE snapshot SET state = ? WHERE name = 'a-1'", (Object) forged.getBytes());
        assertTrue(home.verify().first().orElseThrow().what().startsWith("snapshot"));
        try (var ledger = home.open()) {
            assertEquals(Approvals.Status.WAITING, status(ledger));
            assertTrue(ledger.problems().getFirst().contains("snapshot"), ledger.problems().toString());
        }
        assertTrue(home.verify().holds(), "folded anew, and sealed anew");
    }

    @Test
    void aUsedApprovalIsNotBroughtBackWithItsOldRow() throws Exception {
        byte[] approved;
        try (var ledger = home.open()) {
            ledger.append(Samples.approved(held, home.instant(), 1));
            approved = state("a-1");
            ledger.appendIf(Samples.uses("s-1", 1, "a-1"), Approvals.redeemable("a-1", "c1")).orElseThrow();
        }
        home.tamper("UPDATE snapshot SET state = ?, seq = 2 WHERE name = 'a-1'", (Object) approved);
        try (var ledger = home.open()) {
            assertEquals(Approvals.Status.USED, status(ledger));
        }
    }

    @Test
    void aRevocationIsNotForgottenWithItsSnapshot() throws Exception {
        try (var ledger = home.open()) {
            ledger.append(Pins.approved(Samples.ALICE, "files", "read", "h1", ToolClass.READ, Optional.empty()));
            ledger.append(Pins.revoked(Samples.ALICE, "files", "read"));
        }
        home.tamper("DELETE FROM snapshot WHERE fold = 'pins/2'");
        try (var ledger = home.open()) {
            assertFalse(ledger.standing().pins().isApproved("files", "read", "h1"));
            assertFalse(ledger.problems().isEmpty());
        }
        // Cut off from the entries too, it is the head file that knows.
        home.tamper("DELETE FROM entry WHERE seq = 3");
        home.tamper("DELETE FROM seal");
        var refused = assertThrows(LedgerUnavailable.class, home::open);
        assertTrue(refused.getMessage().contains("cut off"), refused.getMessage());
    }

    @Test
    void narrowingNeedsNoTag() throws Exception {
        // A stop that did not come from us is obeyed all the same: it can only tighten.
        forge(2, Sessions.stopped(Samples.ALICE, "s-1"), null);
        try (var ledger = home.open()) {
            assertTrue(ledger.standing().facts("s-1").stopped());
        }
    }
}
