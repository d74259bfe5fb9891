package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Principal;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final Duration HALF_A_YEAR = Duration.ofDays(180);

    @TempDir
    Path directory;

    Home home;

    @BeforeEach
    void home() {
        home = new Home(directory);
    }

    /// A day long ago: standing things, things that are over, and many calls; then something today.
    private void history(Ledger ledger) {
        ledger.append(PolicySets.live(Samples.ALICE, "d1", Json.object("a.cedar", "permit")));
        ledger.append(Pins.seen("files", "read", "h1", "ch1", Json.object("name", "read")));
        ledger.append(Pins.approved(Samples.ALICE, "files", "read", "h1", ToolClass.READ, Optional.empty()));
        ledger.append(Agents.added(Samples.ALICE, new Principal.Agent("coder", "bob", Set.of()), "hash"));
        ledger.append(Sessions.started(Samples.ALICE, Samples.session("s-old"), Json.EMPTY));
        ledger.append(Sessions.raised(Samples.HOUSE, "s-old", "secret", Json.EMPTY));
        ledger.append(Sessions.started(Samples.ALICE, Samples.session("s-open"), Json.EMPTY));
        ledger.append(Sessions.raised(Samples.HOUSE, "s-open", "untrusted", Json.EMPTY));
        long once = ledger.append(Samples.held("s-old", "c1", Home.START.plusSeconds(60)));
        long yearly = ledger.append(Samples.held("s-open", "c2", Home.START.plusSeconds(60)));
        ledger.append(Samples.approved(once, home.instant(), 1));
        ledger.append(Samples.approved(yearly, Home.START.plus(Duration.ofDays(365)), 0));
        use(ledger, "s-old", "a-" + once, "c1");
        use(ledger, "s-open", "a-" + yearly, "c2");
        ledger.append(Grants.granted(Samples.ALICE, "s-old", "host:a", Home.START.plusSeconds(60)));
        ledger.append(Sessions.ended(Samples.ALICE, "s-old"));
        calls(ledger, 200);
        home.pass(Duration.ofDays(200));
        calls(ledger, 50);
    }

    private static void use(Ledger ledger, String session, String approval, String covers) {
        var use = Samples.uses(session, 1, approval);
        ledger.appendIf(use, Approvals.redeemable(approval, covers)).orElseThrow();
    }

    private static void calls(Ledger ledger, int count) {
        for (int i = 0; i < 3 * count - 1; i++) ledger.submit(Samples.asked("s-open", "text " + i));
        ledger.append(Samples.asked("s-open", "last"));
    }

    @Test
    void whatIsOldGoesAndWhatStandsStays() {
        String proof;
        String kept;
        try (var ledger = home.open()) {
            history(ledger);
            proof = ledger.reader().prove(100).orElseThrow();
            kept = ledger.checkpoint();
            var removed = ledger.retain(Samples.HOUSE, HALF_A_YEAR);
            assertTrue(removed.count() > 600, "dropped " + removed.count());
            assertEquals(Optional.empty(), ledger.reader().entry(100));
            assertTrue(ledger.reader().entry(700).isPresent());
            assertEquals(Payload.KEPT, ledger.reader().entry(617).orElseThrow().payload());
            var nothing = new Removed(List.of(), 0, true);
            assertEquals(nothing, ledger.retain(Samples.HOUSE, HALF_A_YEAR), "there is nothing more to do");
            check(ledger.standing());
            ledger.append(Samples.asked("s-open", "goes on"));
        }
        var report = home.verify(Optional.of(kept));
        assertTrue(report.holds(), () -> report.bad().toString());
        assertTrue(report.dropped() > 590, "dropped " + report.dropped());
        try (var ledger = home.open()) {
            check(ledger.standing());
            assertEquals(List.of(), ledger.problems());
            assertTrue(ProofCheck.check(proof, ledger.reader().publicKey()) instanceof ProofCheck.Holds);
            assertEquals(Optional.empty(), ledger.reader().prove(100), "its bytes are gone");
            assertTrue(ProofCheck.check(ledger.reader().prove(700).orElseThrow(), ledger.reader().publicKey())
                    instanceof ProofCheck.Holds);
        }
    }

    private void check(Standing standing) {
        assertEquals("d1", standing.policies().live().orElseThrow().digest());
        assertTrue(standing.pins().isApproved("files", "read", "h1"));
        assertEquals("coder", standing.agents().withToken("hash").orElseThrow().id());
        assertEquals(Set.of("untrusted"), standing.sessions().labels("s-open"));
        assertEquals(Optional.empty(), standing.sessions().of("s-old"));
        assertEquals(1, standing.approvals().all().size());
        var yearly = standing.approvals().covering("c2").orElseThrow();
        assertEquals(Approvals.Status.APPROVED, yearly.at(home.instant()));
        assertEquals(1, yearly.used());
        assertEquals(Optional.empty(), standing.approvals().covering("c1"));
        assertEquals(List.of(), standing.grants().all(Home.START));
    }

    /// What was dropped, and is brought back from a copy, is as wrong as what is missing.
    @Test
    void whatWasDroppedMustStayAway(@TempDir Path before) throws Exception {
        try (var ledger = home.open()) {
            history(ledger);
            TamperTest.copy(directory, before);
            ledger.retain(Samples.HOUSE, HALF_A_YEAR);
        }
        assertTrue(home.verify().holds(), () -> home.verify().bad().toString());
        var old = new Home(before).options.database();
        for (var table : List.of("entry", "payload")) {
            try (var connection = home.sql();
                    var statement = connection.createStatement()) {
                statement.execute("ATTACH '" + old + "' AS old");
                statement.execute("INSERT INTO " + table + " SELECT * FROM old." + table + " WHERE seq = 100");
            }
            var first = home.verify().first().orElseThrow();
            assertEquals(100, first.seq());
            assertEquals("entry", first.what());
            assertEquals("present", first.found());
        }
    }

    @Test
    void foldedAnewFromWhatIsLeftItIsTheSame() throws Exception {
        try (var ledger = home.open()) {
            history(ledger);
            ledger.retain(Samples.HOUSE, HALF_A_YEAR);
        }
        home.tamper("DELETE FROM seal");
        try (var ledger = home.open()) {
            assertEquals(1, ledger.problems().size());
            check(ledger.standing());
        }
    }

    @Test
    void definitionsAndPolicySetsKeepTheirText() {
        try (var ledger = home.open()) {
            history(ledger);
            ledger.retain(Samples.HOUSE, HALF_A_YEAR);
            assertTrue(ledger.reader().policySet("d1").isPresent());
            var pin = ledger.standing().pins().of("files", "read").orElseThrow();
            assertEquals(Payload.KEPT, ledger.reader().entry(pin.seenSeq()).orElseThrow().payload());
            var question = ledger.standing().approvals().covering("c2").orElseThrow();
            assertEquals(Payload.ERASED,
                    ledger.reader().entry(Long.parseLong(question.id().substring(2))).orElseThrow().payload());
        }
    }

    @Test
    void itRepeatsAndTheTreeGrowsOn() {
        try (var ledger = home.open()) {
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 90; i++) ledger.submit(Samples.asked("s-1", "round " + round));
                ledger.append(
                        Pins.approved(Samples.ALICE, "files", "t" + round, "h", ToolClass.READ, Optional.empty()));
                home.pass(Duration.ofDays(100));
                ledger.retain(Samples.HOUSE, HALF_A_YEAR);
            }
        }
        var report = home.verify();
        assertTrue(report.holds(), () -> report.bad().toString());
        // The fifth run drops three rounds but for their pins; the sixth a fourth.
        assertTrue(report.dropped() >= 360, "dropped " + report.dropped());
        try (var ledger = home.open()) {
            assertEquals(6, ledger.standing().pins().all().size());
            ledger.append(Samples.asked("s-1", "on"));
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void anEntryThatHadToStayIsMissed() throws Exception {
        try (var ledger = home.open()) {
            history(ledger);
            ledger.retain(Samples.HOUSE, HALF_A_YEAR);
        }
        home.tamper("DELETE FROM entry WHERE seq = 3");
        var first = home.verify().first().orElseThrow();
        assertEquals(3, first.seq());
        assertEquals("entry", first.what());
    }

    @Test
    void entriesThatNobodyDroppedAreMissed() throws Exception {
        try (var ledger = home.open()) {
            history(ledger);
            ledger.retain(Samples.HOUSE, HALF_A_YEAR);
        }
        home.tamper("DELETE FROM entry WHERE seq = 650");
        assertEquals(650, home.verify().first().orElseThrow().seq());
    }

    @Test
    void aRetentionThatACrashInterruptedIsCarriedOn() {
        try (var ledger = home.open()) {
            history(ledger);
            var kept = Ranges.parse("1-4,7-8,10,12,14");
            ledger.append(new Retained(600, home.instant().minus(HALF_A_YEAR), kept).event(Samples.HOUSE));
            assertTrue(ledger.reader().entry(100).isPresent());
        }
        try (var ledger = home.open()) {
            assertFalse(ledger.reader().entry(100).isPresent());
            assertTrue(ledger.reader().entry(601).isPresent());
        }
        assertTrue(home.verify().holds(), () -> home.verify().bad().toString());
    }

    @Test
    void followersGoOnBehindWhatWasDropped() throws Exception {
        try (var ledger = home.open()) {
            history(ledger);
            ledger.retain(Samples.HOUSE, HALF_A_YEAR);
            var seen = new LinkedBlockingQueue<Long>();
            try (var _ = ledger.follow("late", 1, entry -> seen.add(entry.seq()))) {
                long last = 0;
                while (last < ledger.size()) {
                    long next = seen.take();
                    assertTrue(next > last);
                    last = next;
                }
            }
        }
    }
}
