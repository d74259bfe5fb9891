package dev.masugata.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.inspect.Inspection;
import dev.masugata.inspect.Inspector;
import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.LedgerLimits;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.Query;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Decision;
import dev.masugata.model.Event;
import dev.masugata.model.Evidence;
import dev.masugata.model.Finding;
import dev.masugata.model.Outcome;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.policy.Policy;
import dev.masugata.provenance.Provenance;
import dev.masugata.wire.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final Reason HOLDS = new Reason("hold-it", "held");
    private static final Policy ALLOWS = policy(evidence -> new Decision.Allow(List.of(new Reason("yes", "allowed"))));
    private static final Principal.Operator ALICE = new Principal.Operator("alice");

    @TempDir
    Path home;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T09:00:00Z"));
    private final InstantSource clock = now::get;
    private Ledger ledger;

    @BeforeEach
    void open() {
        ledger = Ledger.open(LedgerOptions.at(home).withClock(clock));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private interface Decides {
        Decision on(Evidence evidence);
    }

    private static Policy policy(Decides decides) {
        return new Policy() {
            @Override
            public Decision decide(Evidence evidence, Set<String> lifted) {
                var decision = decides.on(evidence);
                return decision instanceof Decision.Hold && lifted.contains(HOLDS.id())
                        ? new Decision.Allow(List.of(new Reason("yes", "allowed")))
                        : decision;
            }

            @Override
            public String digest() {
                return "test";
            }
        };
    }

    private static Policy holding() {
        return policy(evidence -> new Decision.Hold("shall it?", List.of(HOLDS)));
    }

    private Checkpoint checkpoint(Policy policy, Inspector... inspectors) {
        return checkpoint(policy, NamedFiles.NONE, Map.of(), inspectors);
    }

    private Checkpoint checkpoint(
            Policy policy, NamedFiles files, Map<String, RateLimits.Rate> rates, Inspector... inspectors) {
        return new Checkpoint(
                new Journal(ledger, clock), () -> policy, List.of(inspectors),
                new Provenance(id -> ledger.standing().facts(id).labels()), new RateLimits(rates, System::nanoTime),
                files, new Settings(Duration.ofMillis(400), Duration.ofSeconds(60), Duration.ofHours(1), 3, 65536), clock);
    }

    private static Session session(String id) {
        return new Session(id, new Principal.Agent("coder", "alice", Set.of()), "", Session.Kind.TOKEN);
    }

    private static Action.ToolCall call(String path) {
        var params = Json.object("name", "write_file").with("arguments", Json.object("path", path));
        return new Action.ToolCall("files", "write_file", params);
    }

    private static final Circumstance HERE = new Circumstance("127.0.0.1", ToolClass.WRITE, "pin", false);

    private List<Event> events() {
        return ledger.reader().entries(Query.ALL).stream().map(it -> it.event()).toList();
    }

    // --- the record -----------------------------------------------------------------------------------------------

    @Test
    void aPermitComesOnlyWithItsDecisionOnRecord() {
        var permit = assertInstanceOf(Permit.class, checkpoint(ALLOWS).judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        var decided = assertInstanceOf(Event.Decided.class, events().getLast());
        assertEquals(permit.digest(), decided.digest());
        assertEquals(Outcome.ALLOWED, decided.outcome());
        assertEquals("d-" + ledger.size(), permit.decision());
        assertInstanceOf(Event.Asked.class, events().get((int) decided.asked() - 1));
    }

    @Test
    void aLedgerThatCannotWriteClosesTheGates() {
        ledger.close();
        var checkpoint = checkpoint(ALLOWS);
        var refusal = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertEquals(Refusal.Kind.CLOSED, refusal.kind());
        assertFalse(refusal.text().contains(home.toString()), "the agent is told nothing of the inside");
        ledger = Ledger.open(LedgerOptions.at(home).withClock(clock));
        assertInstanceOf(Permit.class, checkpoint(ALLOWS).judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
    }

    @Test
    void aFullLedgerClosesTheGatesAndAnOperatorIsStillRecorded() {
        ledger.close();
        var limits = LedgerLimits.DEFAULT.withSize(2 << 20, 1 << 20, 0).withSession(1_000_000, 1L << 30, 1000);
        ledger = Ledger.open(LedgerOptions.at(home).withClock(clock).withLimits(limits));
        var checkpoint = checkpoint(ALLOWS);
        Verdict last = Refusal.denied("", List.of());
        for (int i = 0; i < 20_000 && !(last instanceof Refusal refusal && refusal.kind() == Refusal.Kind.CLOSED); i++)
            last = checkpoint.judge(session("s-1"), call("/" + "x".repeat(2000) + i), HERE, Waiting.NONE);
        assertEquals(Refusal.Kind.CLOSED, assertInstanceOf(Refusal.class, last).kind());
        long before = ledger.size();
        ledger.append(dev.masugata.ledger.Sessions.stopped(ALICE, "s-1"));
        assertEquals(before + 1, ledger.size());
    }

    // --- broken parts ---------------------------------------------------------------------------------------------

    @Test
    void aBrokenInspectorDenies() {
        Inspector broken = action -> {
            throw new IllegalStateException("secret inside");
        };
        denied(checkpoint(ALLOWS, broken), "checkpoint/failed");
    }

    @Test
    void anInspectorThatTakesTooLongDenies() {
        Inspector slow = action -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cutShort) {
                Thread.currentThread().interrupt();
            }
            return Inspection.NOTHING;
        };
        denied(checkpoint(ALLOWS, slow), "checkpoint/timeout");
    }

    @Test
    void aBrokenPolicyDenies() {
        denied(checkpoint(policy(evidence -> {
            throw new ArithmeticException("secret inside");
        })), "checkpoint/failed");
    }

    private void denied(Checkpoint checkpoint, String because) {
        var refusal = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertEquals(Refusal.Kind.DENIED, refusal.kind());
        assertEquals(List.of(because), refusal.because().stream().map(Reason::id).toList());
        assertFalse(refusal.text().contains("secret inside"));
        assertEquals(Outcome.DENIED, assertInstanceOf(Event.Decided.class, events().getLast()).outcome());
    }

    @Test
    void aRewrittenActionIsJudgedAnewAndAtMostOnce() {
        var judged = new ArrayList<Action>();
        var masks = new Decision.Rewrite(Set.of("secret"), Set.of(), List.of(HOLDS));
        var once = policy(evidence -> {
            judged.add(evidence.action());
            return evidence.action().equals(call("/a")) ? masks : new Decision.Allow(List.of(new Reason("yes", "")));
        });
        Inspector sees = action -> Inspection.of(
                List.of(new Finding("secret/letter", Severity.HIGH, "/arguments/path", 1, 2, "")));
        var permit = assertInstanceOf(
                Permit.class, checkpoint(once, sees).judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertEquals(call("/[masked: letter]"), permit.action());
        assertEquals(List.of(call("/a"), call("/[masked: letter]")), judged);
        assertEquals(Outcome.MASKED, assertInstanceOf(Event.Decided.class, events().getLast()).outcome());
        denied(checkpoint(policy(evidence -> masks), sees), "checkpoint/rewritten-twice");
        denied(checkpoint(policy(evidence -> masks)), "checkpoint/nothing-to-rewrite");
    }

    @Test
    void whatACallerThatWentAwayHadDoneIsOnRecord() {
        var checkpoint = checkpoint(ALLOWS);
        var permit = (Permit) checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE);
        Thread.currentThread().interrupt();
        checkpoint.done(permit, "cancelled", 1, 0, 1, Json.NULL);
        assertTrue(Thread.interrupted(), "the interrupt is passed on");
        ledger.append(dev.masugata.ledger.Sessions.stopped(ALICE, "s-9"));
        assertTrue(events().stream().anyMatch(it -> it instanceof Event.Done done && done.outcome().equals("cancelled")));
    }

    // --- permits --------------------------------------------------------------------------------------------------

    @Test
    void aPermitIsSpentOnceAtItsOwnExitInItsTime() {
        var checkpoint = checkpoint(ALLOWS);
        var permit = (Permit) checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE);
        assertThrows(Permit.NotPermitted.class, () -> permit.spend("stdio s-2 files", now.get()));
        permit.spend("stdio s-1 files", now.get());
        assertThrows(Permit.NotPermitted.class, () -> permit.spend("stdio s-1 files", now.get()));
        var late = (Permit) checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE);
        assertThrows(Permit.NotPermitted.class, () -> late.spend("stdio s-1 files", now.get().plusSeconds(61)));
    }

    @Test
    void aStopActsAtOnceAndHoldsUntilResumed() {
        var checkpoint = checkpoint(ALLOWS);
        checkpoint.stop("s-1");
        assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertInstanceOf(Permit.class, checkpoint.judge(session("s-2"), call("/a"), HERE, Waiting.NONE));
        ledger.append(dev.masugata.ledger.Sessions.stopped(ALICE, "s-1"));
        assertInstanceOf(Refusal.class, checkpoint(ALLOWS).judge(session("s-1"), call("/a"), HERE, Waiting.NONE), "also after a restart");
        ledger.append(dev.masugata.ledger.Sessions.resumed(ALICE, "s-1"));
        checkpoint.resume("s-1");
        assertInstanceOf(Permit.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
    }

    // --- approvals ------------------------------------------------------------------------------------------------

    private String held(Checkpoint checkpoint, Action action) {
        var refusal = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), action, HERE, Waiting.NONE));
        assertEquals(Refusal.Kind.HELD, refusal.kind(), refusal.text());
        return refusal.id();
    }

    @Test
    void anApprovalServesTheEqualCallOnce() {
        var checkpoint = checkpoint(holding());
        var id = held(checkpoint, call("/a"));
        assertEquals(id, held(checkpoint, call("/a")), "an equal call joins it");
        assertNotEquals(id, held(checkpoint, call("/b")), "a changed one is a new hold");
        assertTrue(checkpoint.holds().answer(id, ALICE, true, Duration.ZERO, ""));
        assertFalse(checkpoint.holds().answer(id, ALICE, false, Duration.ZERO, ""), "answered is answered");
        assertInstanceOf(Permit.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertNotEquals(id, held(checkpoint, call("/a")), "it served once");
    }

    /// What was let can be taken back: nothing goes under it any more, and what goes on is cut.
    @Test
    void anApprovalThatIsTakenBackServesNoMore() throws Exception {
        var checkpoint = checkpoint(holding());
        var id = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE)).id();
        assertFalse(checkpoint.holds().takeBack(id, ALICE, ""), "nobody let it yet");
        checkpoint.holds().answer(id, ALICE, true, Duration.ofMinutes(10), "");
        assertEquals(List.of(id), checkpoint.holds().granted().stream().map(it -> it.id()).toList());
        var ended = running(checkpoint);
        var cut = running(checkpoint);
        checkpoint.done(ended.permit, "ok", 0, 0, 0, Json.NULL);
        assertTrue(checkpoint.holds().takeBack(id, ALICE, "enough"));
        assertThrows(Pending.TakenBack.class, cut::await);
        checkpoint.done(cut.permit, "cancelled", 0, 0, 0, Json.NULL);
        assertFalse(ended.isOver(), "what has come to its end is not cut");
        assertEquals(List.of(), checkpoint.holds().granted());
        var refusal = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertEquals("denied by a person", refusal.text());
        assertFalse(checkpoint.holds().takeBack(id, ALICE, ""), "there is nothing left to take back");
    }

    private static Pending running(Checkpoint checkpoint) {
        var permit = assertInstanceOf(Permit.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        return new Pending(permit, Calling.quiet(Duration.ofSeconds(10)));
    }

    /// An approval is for what leaves with this credential.
    @Test
    void anotherCredentialIsNotCovered() {
        var checkpoint = checkpoint(holding());
        var hr = HERE.with(new Circumstance.Lent("kb-hr", "hr"));
        var id = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), hr, Waiting.NONE)).id();
        checkpoint.holds().answer(id, ALICE, true, Duration.ofMinutes(10), "");
        assertInstanceOf(Permit.class, checkpoint.judge(session("s-1"), call("/a"), hr, Waiting.NONE));
        var board = HERE.with(new Circumstance.Lent("kb-board", "board"));
        assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), board, Waiting.NONE));
    }

    @Test
    void anotherSessionPinOrFileContentIsNotCovered() {
        var content = new AtomicReference<>("one");
        var checkpoint =
                checkpoint(holding(), (session, action) -> new NamedFiles.Seen.Content(content.get()), Map.of());
        var id = held(checkpoint, call("/a"));
        checkpoint.holds().answer(id, ALICE, true, Duration.ofMinutes(10), "");
        content.set("two");
        assertNotEquals(id, held(checkpoint, call("/a")), "the file that it names changed");
        content.set("one");
        var repinned = new Circumstance("127.0.0.1", ToolClass.WRITE, "another pin", false);
        assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), repinned, Waiting.NONE));
        assertInstanceOf(Refusal.class, checkpoint.judge(session("s-2"), call("/a"), HERE, Waiting.NONE));
        assertInstanceOf(Permit.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertInstanceOf(Permit.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE), "for ten minutes, as often as asked");
    }

    @Test
    void aFileThatChangesWhileThePersonThinksIsNotCovered() {
        var looks = new AtomicInteger();
        NamedFiles changing = (session, action) ->
                new NamedFiles.Seen.Content(looks.incrementAndGet() <= 2 ? "one" : "two");
        var checkpoint = checkpoint(holding(), changing, Map.of());
        var id = held(checkpoint, call("/a"));
        var waiter = new Waiting(Duration.ofSeconds(20), (_, _) -> {});
        var answered = waitFor(() -> checkpoint.judge(session("s-1"), call("/a"), HERE, waiter));
        checkpoint.holds().answer(id, ALICE, true, Duration.ZERO, "");
        var refusal = assertInstanceOf(Refusal.class, answered.join());
        assertEquals("checkpoint/changed-meanwhile", refusal.because().getFirst().id());
    }

    /// Whatever a person would answer, it could not be held to it: so nobody is asked. What needs no approval goes on.
    @Test
    void whatAnApprovalCannotCoverIsDenied() {
        NamedFiles linked = (session, action) -> new NamedFiles.Seen.Unknown("`l` is a symbolic link");
        var checkpoint = checkpoint(holding(), linked, Map.of());
        var refusal = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertEquals(Refusal.Kind.DENIED, refusal.kind());
        assertEquals("checkpoint/not-covered", refusal.because().getFirst().id());
        assertTrue(refusal.text().contains("symbolic link"), refusal.text());
        assertEquals(List.of(), checkpoint.holds().waiting());
        var allowing = checkpoint(ALLOWS, linked, Map.of());
        assertInstanceOf(Permit.class, allowing.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
    }

    /// A link that is made while the person thinks ends what was approved.
    @Test
    void aLinkMadeMeanwhileIsNotCovered() {
        var seen = new AtomicReference<NamedFiles.Seen>(new NamedFiles.Seen.Content("one"));
        var checkpoint = checkpoint(holding(), (session, action) -> seen.get(), Map.of());
        var id = held(checkpoint, call("/a"));
        assertTrue(checkpoint.holds().answer(id, ALICE, true, Duration.ZERO, ""));
        seen.set(new NamedFiles.Seen.Unknown("`l` is a symbolic link"));
        var refusal = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertEquals("checkpoint/not-covered", refusal.because().getFirst().id());
        seen.set(new NamedFiles.Seen.Content("one"));
        assertInstanceOf(Permit.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
    }

    @Test
    void traceAndProgressAreNoDifference() {
        var checkpoint = checkpoint(holding());
        var id = held(checkpoint, call("/a"));
        var meta = Json.object("progressToken", Json.of(7)).with("traceparent", "00-1-2-03");
        assertEquals(id, held(checkpoint, new Action.ToolCall("files", "write_file", call("/a").params().with("_meta", meta))));
    }

    @Test
    void aDeniedOrExpiredHoldIsADenial() {
        var checkpoint = checkpoint(holding());
        var id = held(checkpoint, call("/a"));
        var beat = new CountDownLatch(1);
        var waiter = new Waiting(Duration.ofSeconds(20), (_, _) -> beat.countDown());
        var answered = waitFor(() -> checkpoint.judge(session("s-1"), call("/a"), HERE, waiter));
        checkpoint.holds().answer(id, ALICE, false, Duration.ZERO, "no");
        assertEquals(Refusal.Kind.DENIED, assertInstanceOf(Refusal.class, answered.join()).kind());
        assertEquals(1, beat.getCount(), "the answer came before the first beat of five seconds");
        var again = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
        assertEquals(Refusal.Kind.DENIED, again.kind(), "who repeats a denied call is told, and nobody is asked again");
        var old = held(checkpoint, call("/b"));
        now.set(now.get().plus(Duration.ofMinutes(61)));
        assertFalse(checkpoint.holds().answer(old, ALICE, true, Duration.ZERO, ""), "late is denied");
        assertNotEquals(old, held(checkpoint, call("/b")));
    }

    /// Both interrupt who waits; only one of them is the caller's doing.
    @Test
    void whoWaitsIsToldOfAStopAndNotThatItWentAway() throws Exception {
        var checkpoint = checkpoint(holding());
        for (boolean stops : new boolean[] {false, true}) {
            var held = new CountDownLatch(1);
            var refusal = new java.util.concurrent.CompletableFuture<Verdict>();
            var waiter = new Waiting(Duration.ofSeconds(60), (_, _) -> {});
            var thread = Thread.ofVirtual().start(() -> {
                held.countDown();
                refusal.complete(checkpoint.judge(session("s-1"), call("/" + stops), HERE, waiter));
            });
            held.await();
            if (stops) checkpoint.stop("s-1");
            thread.interrupt();
            var because = assertInstanceOf(Refusal.class, refusal.get(20, java.util.concurrent.TimeUnit.SECONDS))
                    .because();
            assertEquals(stops ? "checkpoint/stopped" : "checkpoint/gone", because.getFirst().id());
        }
    }

    private static <T> java.util.concurrent.CompletableFuture<T> waitFor(Callable<T> work) {
        var result = new java.util.concurrent.CompletableFuture<T>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(work.call());
            } catch (Exception failed) {
                result.completeExceptionally(failed);
            }
        });
        return result;
    }

    @Test
    void theFourthHoldOfASessionIsDenied() {
        var checkpoint = checkpoint(holding());
        for (var path : List.of("/a", "/b", "/c")) held(checkpoint, call(path));
        var refusal = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/d"), HERE, Waiting.NONE));
        assertEquals("checkpoint/holds-full", refusal.because().getFirst().id());
        assertEquals(Refusal.Kind.HELD, ((Refusal) checkpoint.judge(session("s-2"), call("/d"), HERE, Waiting.NONE)).kind());
    }

    @Test
    void oneApprovalLetsOneOfManyEqualCallsThrough() throws Exception {
        var checkpoint = checkpoint(holding());
        var id = held(checkpoint, call("/a"));
        checkpoint.holds().answer(id, ALICE, true, Duration.ZERO, "");
        var permits = new AtomicInteger();
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++)
                threads.submit(() -> {
                    start.await();
                    if (checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE) instanceof Permit) permits.incrementAndGet();
                    return null;
                });
            start.countDown();
        }
        assertEquals(1, permits.get());
        assertEquals(1, events().stream().filter(it -> it instanceof Event.Decided decided && decided.approval().equals(id)).count());
    }

    @Test
    void anApprovalIsJudgedAgainWhenItIsUsed() {
        var forbidden = new java.util.concurrent.atomic.AtomicBoolean();
        var policy = policy(evidence -> forbidden.get()
                ? new Decision.Deny(List.of(new Reason("later", "forbidden by now")))
                : new Decision.Hold("shall it?", List.of(HOLDS)));
        var checkpoint = checkpoint(policy);
        var id = held(checkpoint, call("/a"));
        checkpoint.holds().answer(id, ALICE, true, Duration.ZERO, "");
        forbidden.set(true);
        assertEquals(Refusal.Kind.DENIED, ((Refusal) checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE)).kind());
    }

    @Test
    void approvalsOutliveTheGate() {
        var id = held(checkpoint(holding()), call("/a"));
        ledger.close();
        ledger = Ledger.open(LedgerOptions.at(home).withClock(clock));
        var after = checkpoint(holding());
        assertEquals(List.of(id), after.holds().waiting().stream().map(it -> it.id()).toList());
        after.holds().answer(id, ALICE, true, Duration.ZERO, "");
        assertInstanceOf(Permit.class, after.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
    }

    // --- limits ---------------------------------------------------------------------------------------------------

    @Test
    void eachDimensionHasItsOwnLimit() {
        for (var dimension : List.of("caller", "tool", "address")) {
            var checkpoint = checkpoint(ALLOWS, NamedFiles.NONE, Map.of(dimension, new RateLimits.Rate(0.001, 2)));
            for (int i = 0; i < 2; i++) assertInstanceOf(Permit.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
            var refusal = assertInstanceOf(Refusal.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
            assertEquals(dimension, refusal.dimension());
            assertTrue(refusal.retryAfter().toSeconds() > 1);
        }
    }

    @Test
    void aSessionThatUsedUpItsQuotaHarmsNoOther() {
        ledger.close();
        ledger = Ledger.open(LedgerOptions.at(home).withClock(clock).withLimits(LedgerLimits.DEFAULT.withSession(100, 1 << 20, 1000)));
        var checkpoint = checkpoint(ALLOWS);
        Verdict last = Refusal.denied("", List.of());
        for (int i = 0; i < 200; i++) last = checkpoint.judge(session("s-hostile"), call("/" + i), HERE, Waiting.NONE);
        assertEquals(Refusal.Kind.LIMITED, assertInstanceOf(Refusal.class, last).kind());
        for (int other = 0; other < 49; other++)
            assertInstanceOf(Permit.class, checkpoint.judge(session("s-" + other), call("/a"), HERE, Waiting.NONE));
    }

    /// What cannot be read counts as what can; another caller's is recorded, and so is what is serious.
    @Test
    void aFloodOfNonsenseIsNotRecordedAsOne() {
        var checkpoint = checkpoint(ALLOWS, NamedFiles.NONE, Map.of("caller", new RateLimits.Rate(0.001, 3)));
        var session = session("s-1");
        var nonsense = new Finding("mcp/malformed", Severity.LOW, "");
        for (int i = 0; i < 1000; i++) checkpoint.saw(session, session.agent().id(), nonsense);
        for (int i = 0; i < 1000; i++) checkpoint.saw(session, "server:files", nonsense);
        checkpoint.saw(session, "server:files", new Finding("mcp/flood", Severity.HIGH, ""));
        ledger.append(dev.masugata.ledger.Sessions.stopped(ALICE, "s-9"));
        var found = events().stream().filter(Event.Found.class::isInstance)
                .map(it -> ((Event.Found) it).finding().rule());
        assertEquals(
                Map.of("mcp/malformed", 6L, "checkpoint/rate-caller", 1L, "mcp/flood", 1L),
                found.collect(java.util.stream.Collectors
                        .groupingBy(it -> it, java.util.stream.Collectors.counting())));
    }

    @Test
    void aFloodIsNotAnsweredByAFloodOfRecords() {
        var checkpoint = checkpoint(ALLOWS, NamedFiles.NONE, Map.of("caller", new RateLimits.Rate(0.001, 1)));
        for (int i = 0; i < 1000; i++) checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE);
        ledger.append(dev.masugata.ledger.Sessions.stopped(ALICE, "s-9"));
        assertTrue(ledger.size() < 10, "recorded " + ledger.size());
    }

    @Test
    void secretsThatWereFoundAreNotKept() {
        Inspector sees = action -> Inspection.of(
                List.of(new Finding("secret/letter", Severity.MEDIUM, "/arguments/path", 1, 7, "ab12")));
        var permit = (Permit) checkpoint(ALLOWS, sees).judge(session("s-1"), call("/hunter2"), HERE, Waiting.NONE);
        assertEquals(call("/hunter2"), permit.action(), "what was judged is what is sent");
        checkpoint(policy(evidence -> new Decision.Hold("shall it?", List.of(HOLDS))), sees)
                .judge(session("s-1"), call("/hunter2"), HERE, Waiting.NONE);
        checkpoint(ALLOWS, sees).refuse(session("s-1"), call("/hunter2"), HERE, HOLDS);
        Inspector broken = action -> {
            throw new IllegalStateException("broken");
        };
        checkpoint(ALLOWS, broken).refuse(session("s-1"), call("/hunter2"), HERE, HOLDS);
        checkpoint(ALLOWS, broken).judge(session("s-1"), call("/hunter2"), HERE, Waiting.NONE);
        assertTrue(events().stream().anyMatch(it -> it.payload().toString().contains("[masked: letter]")));
        assertTrue(events().stream().noneMatch(it -> it.payload().toString().contains("hunter")), events().toString());
    }

    @Test
    void anApprovalThatMoreIsHeldForMeanwhileIsAskedForAnew() {
        var other = new Reason("hold-more", "held too");
        var both = new java.util.concurrent.atomic.AtomicBoolean();
        var asks = new Policy() {
            @Override
            public Decision decide(Evidence evidence, Set<String> lifted) {
                var because = new ArrayList<Reason>();
                if (!lifted.contains(HOLDS.id())) because.add(HOLDS);
                if (both.get() && !lifted.contains(other.id())) because.add(other);
                return because.isEmpty()
                        ? new Decision.Allow(List.of(new Reason("yes", "")))
                        : new Decision.Hold("shall it?", because);
            }

            @Override
            public String digest() {
                return "test";
            }
        };
        var checkpoint = checkpoint(asks);
        var first = (Refusal) checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE);
        assertEquals(Refusal.Kind.HELD, first.kind());
        checkpoint.holds().answer(first.id(), ALICE, true, Duration.ZERO, "");
        both.set(true);
        var second = (Refusal) checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE);
        assertEquals(Refusal.Kind.HELD, second.kind(), "asked, not denied");
        checkpoint.holds().answer(second.id(), ALICE, true, Duration.ZERO, "");
        assertInstanceOf(Permit.class, checkpoint.judge(session("s-1"), call("/a"), HERE, Waiting.NONE));
    }
}
