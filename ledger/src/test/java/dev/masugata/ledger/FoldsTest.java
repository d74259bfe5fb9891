package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Facts;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each fold says after a history, before and after a restart, in the gate and beside it.
class FoldsTest {
    private static final Principal ALICE = Samples.ALICE;

    @TempDir
    Path directory;

    Home home;
    Ledger ledger;

    @BeforeEach
    void open() {
        home = new Home(directory);
        ledger = home.open();
    }

    @AfterEach
    void everythingVerifies() {
        ledger.close();
        var report = home.verify();
        assertTrue(report.holds(), () -> report.bad().toString());
    }

    /// The standing in memory, and the one that another process folds from the disk.
    private List<Standing> standings() {
        try (var reader = home.reader()) {
            var beside = reader.standing();
            ledger.close();
            ledger = home.open();
            assertEquals(List.of(), ledger.problems());
            return List.of(beside, ledger.standing());
        }
    }

    @Test
    void labelsOnlyRiseAndAStopHoldsUntilItIsLifted() {
        ledger.append(Sessions.started(ALICE, Samples.session("s-1"), Json.object("workspace", "/home/bob/shop")));
        ledger.append(Sessions.raised(Samples.HOUSE, "s-1", "untrusted", Json.EMPTY));
        ledger.append(Sessions.raised(Samples.HOUSE, "s-1", "secret", Json.EMPTY));
        ledger.append(Sessions.raised(Samples.HOUSE, "s-9", "personal", Json.EMPTY));
        ledger.append(Sessions.stopped(ALICE, "s-1"));
        ledger.append(Sessions.started(ALICE, Samples.session("s-1"), Json.EMPTY));
        for (var standing : standings()) {
            assertEquals(new Facts(Set.of("untrusted", "secret"), true, Set.of()), standing.facts("s-1"));
            assertEquals(Set.of("personal"), standing.facts("s-9").labels());
            var session = standing.sessions().of("s-1").orElseThrow();
            assertEquals("bob", session.user());
            assertEquals("coder", session.agent());
            assertFalse(session.isEnded());
        }
        ledger.append(Sessions.resumed(ALICE, "s-1"));
        ledger.append(Sessions.ended(ALICE, "s-1"));
        for (var standing : standings()) {
            assertFalse(standing.sessions().isStopped("s-1"));
            assertTrue(standing.sessions().of("s-1").orElseThrow().isEnded());
            assertEquals(Set.of("untrusted", "secret"), standing.sessions().labels("s-1"));
        }
    }

    @Test
    void aStopOfAllStopsThoseToComeToo() {
        ledger.append(Sessions.stopped(ALICE, Sessions.EVERY));
        for (var standing : standings()) {
            assertTrue(standing.facts("s-new").stopped());
            assertEquals(List.of(), standing.sessions().all());
        }
        ledger.append(Sessions.resumed(ALICE, Sessions.EVERY));
        for (var standing : standings()) assertFalse(standing.facts("s-new").stopped());
    }

    @Test
    void aPinHoldsForExactlyOneDefinition() {
        long seen = ledger.append(Pins.seen("files", "read", "h1", "ch1", Json.object("name", "read")));
        assertFalse(ledger.standing().pins().isApproved("files", "read", "h1"));
        ledger.append(Pins.approved(ALICE, "files", "read", "h1", ToolClass.READ, Optional.empty()));
        long drifted = ledger.append(Pins.seen("files", "read", "h2", "ch2", Json.object("name", "read!")));
        for (var standing : standings()) {
            assertTrue(standing.pins().isApproved("files", "read", "h1"));
            assertFalse(standing.pins().isApproved("files", "read", "h2"));
            var pin = standing.pins().of("files", "read").orElseThrow();
            assertEquals(ToolClass.READ, pin.toolClass());
            assertEquals("operator:alice", pin.by());
            assertEquals("h2", pin.seen());
            assertEquals(drifted, pin.seenSeq());
        }
        assertEquals(Json.object("name", "read"), ledger.reader().entry(seen).orElseThrow().event().payload());
        ledger.append(Pins.revoked(ALICE, "files", "read"));
        for (var standing : standings()) {
            assertFalse(standing.pins().isApproved("files", "read", "h1"));
            assertFalse(standing.pins().isApproved("files", "read", ""), "no definition is not a definition");
        }
    }

    private PinState state() {
        return standings().stream().map(it -> it.pins().of("files", "read").orElseThrow().state()).distinct()
                .reduce((one, other) -> {
                    throw new AssertionError(one + " and " + other);
                })
                .orElseThrow();
    }

    @Test
    void whatIsHeldBackIsSoUntilThatDefinitionIsApproved() {
        var renamed = new Pins.Held(PinState.RENAMED, List.of(new Reason("pin/renamed", "as `files/look`")));
        ledger.append(Pins.seen("files", "read", "h1", "c1", Json.EMPTY));
        assertEquals(PinState.NEW, state());
        ledger.append(Pins.quarantined("files", "read", "h1", renamed));
        assertEquals(PinState.RENAMED, state());
        assertEquals(renamed, ledger.standing().pins().of("files", "read").orElseThrow().held().orElseThrow());
        ledger.append(Pins.approved(ALICE, "files", "read", "h1", ToolClass.READ, Optional.empty()));
        assertEquals(PinState.APPROVED, state());
        assertEquals("c1", ledger.standing().pins().of("files", "read").orElseThrow().content());
        // What was approved may be held back, too: a key was configured since.
        ledger.append(Pins.quarantined("files", "read", "h1", renamed));
        assertEquals(PinState.RENAMED, state());
        ledger.append(Pins.seen("files", "read", "h2", "c2", Json.EMPTY));
        assertEquals(PinState.CHANGED, state());
        ledger.append(Pins.approved(ALICE, "files", "read", "h2", ToolClass.READ, Optional.empty()));
        assertEquals(PinState.APPROVED, state());
        ledger.append(Pins.revoked(ALICE, "files", "read"));
        assertEquals(PinState.NEW, state());
    }

    @Test
    void aReviewIsDueOnItsDayAndNotBefore() {
        var day = Instant.parse("2026-05-01T00:00:00Z");
        ledger.append(Pins.seen("files", "read", "h1", "c1", Json.EMPTY));
        ledger.append(Pins.approved(ALICE, "files", "read", "h1", ToolClass.READ, Optional.of(day)));
        for (var standing : standings()) {
            var pin = standing.pins().of("files", "read").orElseThrow();
            assertFalse(pin.isReviewDue(day.minusMillis(1)));
            assertTrue(pin.isReviewDue(day));
            assertTrue(pin.isUsable(), "it stays usable");
        }
        ledger.append(Pins.approved(ALICE, "files", "read", "h1", ToolClass.READ, Optional.empty()));
        assertFalse(ledger.standing().pins().of("files", "read").orElseThrow().isReviewDue(day.plusSeconds(1)));
    }

    @Test
    void anAgentIsKnownByItsTokenUntilItIsRevoked() {
        var agent = new Principal.Agent("coder", "bob", Set.of("engineering"));
        ledger.append(Agents.added(ALICE, agent, "hash-1"));
        ledger.append(Agents.added(ALICE, new Principal.Agent("writer", "eve", Set.of()), "hash-2"));
        for (var standing : standings()) {
            assertEquals("coder", standing.agents().withToken("hash-1").orElseThrow().id());
            assertEquals(Set.of("engineering"), standing.agents().of("coder").orElseThrow().groups());
            assertEquals(Optional.empty(), standing.agents().withToken("hash-3"));
        }
        ledger.append(Agents.revoked(ALICE, "coder"));
        for (var standing : standings()) {
            assertEquals(Optional.empty(), standing.agents().withToken("hash-1"));
            assertEquals(Optional.empty(), standing.agents().withToken(""));
            assertTrue(standing.agents().of("coder").orElseThrow().revoked());
            assertEquals("writer", standing.agents().withToken("hash-2").orElseThrow().id());
        }
    }

    @Test
    void everyPolicySetThatWasLiveCanBeReadAgain() {
        var first = Json.object("built-in.cedar", "permit (principal, action, resource);");
        ledger.append(PolicySets.live(ALICE, "d1", first));
        ledger.append(PolicySets.live(ALICE, "d2", Json.object("own.cedar", "forbid (principal, action, resource);")));
        for (var standing : standings()) assertEquals("d2", standing.policies().live().orElseThrow().digest());
        assertEquals(Optional.of(first), ledger.reader().policySet("d1"));
        assertEquals(Optional.empty(), ledger.reader().policySet("d3"));
    }

    @Test
    void quarantineHoldsUntilItIsReleased() {
        ledger.append(Quarantine.quarantined(Samples.HOUSE, "files/write", "its definition changed"));
        ledger.append(Quarantine.quarantined(ALICE, "issues", "trouble"));
        for (var standing : standings())
            assertEquals(Set.of("files/write", "issues"), standing.facts("s-1").quarantined());
        ledger.append(Quarantine.released(ALICE, "files/write"));
        for (var standing : standings()) {
            assertEquals(Set.of("issues"), standing.facts("s-1").quarantined());
            assertEquals("trouble", standing.quarantine().of("issues").orElseThrow().why());
        }
    }

    @Test
    void aGrantGoesForItsSessionAndItsTime() {
        var until = Home.START.plus(Duration.ofMinutes(10));
        ledger.append(Grants.granted(ALICE, "s-1", "host:docs.example.com:443", until));
        ledger.append(Grants.granted(ALICE, "", "host:example.org:443", until));
        for (var standing : standings()) {
            var now = home.instant();
            assertTrue(standing.grants().isGranted("s-1", "host:docs.example.com:443", now));
            assertFalse(standing.grants().isGranted("s-2", "host:docs.example.com:443", now));
            assertTrue(standing.grants().isGranted("s-2", "host:example.org:443", now));
            assertFalse(standing.grants().isGranted("s-1", "host:docs.example.com:443", until));
            assertEquals(2, standing.grants().all(now).size());
        }
        ledger.append(Grants.revoked(ALICE, "s-1", "host:docs.example.com:443"));
        for (var standing : standings())
            assertFalse(standing.grants().isGranted("s-1", "host:docs.example.com:443", home.instant()));
    }
}
