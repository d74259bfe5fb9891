package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.ledger.Approvals.Status;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.wire.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalsTest {
    private static final Instant EXPIRES = Home.START.plus(Duration.ofHours(1));

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

    private Approvals approvals() {
        return ledger.standing().approvals();
    }

    private Status status(String id) {
        return approvals().of(id).orElseThrow().at(home.instant());
    }

    private Optional<Long> use(String id, String covers) {
        return ledger.appendIf(Samples.uses("s-1", 1, id), Approvals.redeemable(id, covers));
    }

    @Test
    void onceMeansOnce() {
        long held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        var id = "a-" + held;
        assertEquals(Status.WAITING, status(id));
        assertEquals(Optional.empty(), use(id, "c1"), "nobody answered");
        ledger.append(Samples.approved(held, home.instant(), 1));
        assertEquals(Status.APPROVED, status(id));
        assertEquals("operator:alice", approvals().of(id).orElseThrow().by());
        assertEquals(Optional.empty(), use(id, "another action"));
        assertTrue(use(id, "c1").isPresent());
        assertEquals(Status.USED, status(id));
        assertEquals(Optional.empty(), use(id, "c1"));
    }

    @Test
    void aHundredCallersRedeemAnApprovalForThreeTimesThreeTimes() throws Exception {
        long held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        ledger.append(Samples.approved(held, home.instant(), 3));
        var calls = new ArrayList<Callable<Optional<Long>>>();
        for (int i = 0; i < 100; i++) calls.add(() -> use("a-" + held, "c1"));
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            int used = 0;
            for (var call : callers.invokeAll(calls)) used += call.get().isPresent() ? 1 : 0;
            assertEquals(3, used);
        }
        assertEquals(3, approvals().of("a-" + held).orElseThrow().used());
    }

    @Test
    void aUseWithoutTheConditionIsRefused() {
        long held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        ledger.append(Samples.approved(held, home.instant(), 1));
        assertThrows(IllegalArgumentException.class, () -> ledger.append(Samples.uses("s-1", 1, "a-" + held)));
        // To lean on one without being let through uses nothing up.
        ledger.append(new Event.Decided(
                "s-1", Samples.CODER, 1, dev.masugata.model.Action.Kind.TOOL_CALL, "files/write_file", Samples.DIGEST,
                Outcome.DENIED, List.of(), "policy-1", "a-" + held));
        assertEquals(Status.APPROVED, status("a-" + held));
    }

    @Test
    void anApprovalForATimeServesUntilThenAndSurvivesARestart() {
        long held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        ledger.append(Samples.approved(held, home.instant().plus(Duration.ofMinutes(10)), 0));
        for (int i = 0; i < 5; i++) assertTrue(use("a-" + held, "c1").isPresent());
        ledger.close();
        ledger = home.open();
        home.pass(Duration.ofMinutes(9));
        assertTrue(use("a-" + held, "c1").isPresent());
        home.pass(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), use("a-" + held, "c1"));
        assertEquals(Status.EXPIRED, status("a-" + held));
    }

    @Test
    void anAnswerForOnceStandsAsLongAsTheQuestionWouldHave() {
        long held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        home.pass(Duration.ofMinutes(59));
        ledger.append(Samples.approved(held, home.instant(), 1));
        home.pass(Duration.ofSeconds(59));
        assertEquals(Status.APPROVED, status("a-" + held));
        home.pass(Duration.ofSeconds(1));
        assertEquals(Optional.empty(), use("a-" + held, "c1"));
    }

    @Test
    void whatNobodyAnswersExpiresAndIsNotAnsweredAfterwards() {
        long held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        home.set(EXPIRES);
        assertEquals(List.of(), approvals().waiting(home.instant()));
        ledger.append(Samples.approved(held, home.instant(), 1));
        assertEquals(Status.EXPIRED, status("a-" + held));
        assertEquals(Optional.empty(), use("a-" + held, "c1"));
    }

    @Test
    void aDenialIsFinal() {
        long held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        ledger.append(Samples.denied(held, home.instant()));
        ledger.append(Samples.approved(held, home.instant(), 1));
        assertEquals(Status.DENIED, status("a-" + held));
    }

    @Test
    void onlyAPersonApproves() {
        long held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        for (var principal : List.of(Samples.CODER, "server:files", "masugata", "operator:"))
            ledger.append(new Event.Answered("", principal, held, true, EXPIRES, 0, Json.NULL));
        assertEquals(Status.WAITING, status("a-" + held));
        ledger.append(Samples.approved(held, home.instant(), 1));
        assertEquals(Status.APPROVED, status("a-" + held));
    }

    @Test
    void anEqualCallJoinsWhatWaits() {
        long held = ledger.append(Samples.held("s-1", "c1", EXPIRES));
        assertEquals("a-" + held, approvals().covering("c1").orElseThrow().id());
        var again = Samples.held("s-1", "c1", EXPIRES);
        assertEquals(Optional.empty(), ledger.appendIf(again, Approvals.mayAsk("c1", "s-1", 3)));
        // Even when recorded it makes no second question.
        ledger.append(again);
        assertEquals(1, approvals().waiting(home.instant()).size());
        // Once it is over the same may be asked anew.
        home.set(EXPIRES);
        var later = Samples.held("s-1", "c1", EXPIRES.plusSeconds(9));
        long second = ledger.appendIf(later, Approvals.mayAsk("c1", "s-1", 3)).orElseThrow();
        assertEquals("a-" + second, approvals().covering("c1").orElseThrow().id());
    }

    @Test
    void ofTenQuestionsAtOnceThreeMayWait() throws Exception {
        var calls = new ArrayList<Callable<Optional<Long>>>();
        for (int i = 0; i < 10; i++) {
            var covers = "c" + i;
            calls.add(() -> ledger.appendIf(
                    Samples.held("s-1", covers, EXPIRES), Approvals.mayAsk(covers, "s-1", 3)));
        }
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            int asked = 0;
            for (var call : callers.invokeAll(calls)) asked += call.get().isPresent() ? 1 : 0;
            assertEquals(3, asked);
        }
        assertEquals(3, approvals().waiting("s-1", home.instant()));
        assertTrue(ledger.appendIf(Samples.held("s-2", "x", EXPIRES), Approvals.mayAsk("x", "s-2", 3)).isPresent());
        assertFalse(approvals().waiting(home.instant()).isEmpty());
    }
}
