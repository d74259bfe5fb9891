package dev.masugata.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.checkpoint.Budget.Period;
import dev.masugata.checkpoint.Budget.Scope;
import dev.masugata.checkpoint.Budget.Whose;
import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.Query;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Decision;
import dev.masugata.model.Event;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Money;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Money at the checkpoint: reserved with the decision, settled with the end, never above a limit.
class PurseTest {
    private static final Price CENT = new Price(
            new Price.Place.Http("api.example", OptionalInt.empty(), Set.of(), ""), usd("0.01"), Optional.empty());
    private static final Price UP_TO_A_DOLLAR = new Price(
            new Price.Place.Tool("shop", ""), usd("1"), Optional.of(new Price.Settles.Body("/structuredContent/cost")));

    @TempDir
    Path home;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T09:10:00Z"));
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

    private static Money usd(String amount) {
        return Money.of(amount, "USD").orElseThrow();
    }

    private static Budget budget(Whose whose, Scope scope, Period per, String limit) {
        return new Budget(whose, scope, per, usd(limit), Optional.empty());
    }

    private static Budget month(String limit) {
        return budget(new Whose.Everybodys(), Scope.ALL, Period.MONTH, limit);
    }

    private Checkpoint checkpoint(Budget... budgets) {
        return checkpoint(new Purse(List.of(CENT, UP_TO_A_DOLLAR), List.of(budgets)));
    }

    private Checkpoint checkpoint(Purse purse) {
        var allows = new Policy() {
            @Override
            public Decision decide(dev.masugata.model.Evidence evidence, Set<String> lifted) {
                return new Decision.Allow(List.of(new Reason("yes", "allowed")));
            }

            @Override
            public String digest() {
                return "test";
            }
        };
        return new Checkpoint(
                new Journal(ledger, clock), () -> allows, List.of(),
                new Provenance(id -> ledger.standing().facts(id).labels()), new RateLimits(Map.of(), System::nanoTime),
                NamedFiles.NONE, purse,
                new Settings(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofHours(1), 3, 65536), clock);
    }

    private static Session session(String id, String agent, String user, String... groups) {
        return new Session(id, new Principal.Agent(agent, user, Set.of(groups)), "", Session.Kind.TOKEN);
    }

    private static final Session CODER = session("s-1", "coder", "alice", "engineering");

    private static Action get(String url) {
        return new Action.HttpRequest(HttpUrl.of(url).orElseThrow(), "GET", List.of(), HttpBody.NONE);
    }

    private static Action buy() {
        return new Action.ToolCall("shop", "buy", Json.object("name", "buy"));
    }

    private static Verdict judge(Checkpoint checkpoint, Session session, Action action) {
        return checkpoint.judge(session, action, Circumstance.at("test"), Waiting.NONE);
    }

    private static Permit goes(Checkpoint checkpoint, Session session, Action action) {
        var verdict = judge(checkpoint, session, action);
        return assertInstanceOf(Permit.class, verdict, verdict.toString());
    }

    private static Refusal stays(Checkpoint checkpoint, Session session, Action action) {
        return assertInstanceOf(Refusal.class, judge(checkpoint, session, action));
    }

    /// How many of the cents go.
    private int cents(Checkpoint checkpoint, Session session, int tries) {
        int gone = 0;
        for (int i = 0; i < tries; i++)
            if (judge(checkpoint, session, get("https://api.example/" + i)) instanceof Permit permit) {
                gone++;
                checkpoint.done(permit, "ok", 0, 0, 0, Json.NULL);
            }
        return gone;
    }

    @Test
    void nothingGoesAboveTheLimitAndWhatIsFreeCostsNothing() {
        var checkpoint = checkpoint(month("0.05"));
        assertEquals(5, cents(checkpoint, CODER, 9));
        var refused = stays(checkpoint, CODER, get("https://api.example/more"));
        assertEquals(Refusal.Kind.LIMITED, refused.kind());
        assertEquals("budget", refused.dimension());
        assertEquals(Duration.between(now.get(), Instant.parse("2026-02-01T00:00:00Z")), refused.retryAfter());
        assertTrue(refused.text().contains("of 0.05 USD a month 0.05 USD are used; it begins anew at 2026-02-01"),
                refused.text());
        for (int i = 0; i < 20; i++) goes(checkpoint, CODER, get("https://free.example/"));
    }

    @Test
    void sixtyFourAtOnceSpendNotACentTooMuch() throws Exception {
        var checkpoint = checkpoint(month("1.00"));
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 64; i++) {
                var session = session("s-" + i, "coder", "alice");
                all.add(pool.submit(() -> cents(checkpoint, session, 4)));
            }
            int gone = 0;
            for (var one : all) gone += one.get();
            assertEquals(100, gone);
        }
    }

    /// A power cut: what was reserved stays spent, and nothing is spent twice.
    @Test
    void reservationsOutliveTheGate() {
        var checkpoint = checkpoint(month("0.05"));
        cents(checkpoint, CODER, 2);
        goes(checkpoint, CODER, get("https://api.example/under-way"));
        ledger.close();
        open();
        assertEquals(2, cents(checkpoint(month("0.05")), CODER, 9));
        assertTrue(ledger.reader().verify(Optional.empty()).holds(), "the derived state is that of the record");
    }

    @Test
    void whatTheAnswerSaysIsSettledAndNoMoreThanWasReserved() {
        var checkpoint = checkpoint(month("2.00"));
        for (var said : List.of("0.25", "0.25", "7")) {
            var permit = goes(checkpoint, CODER, buy());
            checkpoint.done(permit, "ok", 0, 0, 0,
                    Json.object("structuredContent", Json.object("cost", new Json.Num(said))));
        }
        // 0.25 + 0.25 + 1 are gone, and 0.50 is too little for what may cost a dollar.
        assertTrue(stays(checkpoint, CODER, buy()).text().contains("1.5 USD are used"));
    }

    @Test
    void whatNeverLeftIsGivenBackAndWhatMayHaveArrivedIsNot() {
        var checkpoint = checkpoint(month("1.00"));
        checkpoint.abandon(goes(checkpoint, CODER, buy()));
        checkpoint.done(goes(checkpoint, CODER, buy()), "error", 10, 0, 0, Json.NULL);
        stays(checkpoint, CODER, buy());
    }

    @Test
    void aPeriodBeginsAnewAndNoClockThatIsSetBackResetsIt() {
        var checkpoint = checkpoint(
                budget(new Whose.Everybodys(), Scope.ALL, Period.HOUR, "0.02"), month("0.05"));
        assertEquals(2, cents(checkpoint, CODER, 3));
        now.set(Instant.parse("2026-01-31T08:00:00Z"));
        assertEquals(0, cents(checkpoint, CODER, 3));
        now.set(Instant.parse("2026-01-31T10:00:00Z"));
        assertEquals(2, cents(checkpoint, CODER, 3));
        now.set(Instant.parse("2026-01-31T11:59:59Z"));
        assertEquals(1, cents(checkpoint, CODER, 3), "the month has one left");
        now.set(Instant.parse("2026-02-01T00:00:00Z"));
        assertEquals(2, cents(checkpoint, CODER, 3));
    }

    @Test
    void eachBudgetCountsWhatIsItsOwn() {
        var bob = session("s-2", "helper", "bob");
        var other = session("s-3", "coder", "alice", "engineering");
        var byAgent = checkpoint(budget(new Whose.Agents("coder"), Scope.ALL, Period.DAY, "0.02"));
        assertEquals(2, cents(byAgent, CODER, 3));
        assertEquals(0, cents(byAgent, other, 1));
        assertEquals(3, cents(byAgent, bob, 3));
        var bySession = checkpoint(budget(new Whose.EachSessions(), Scope.ALL, Period.TOTAL, "0.02"));
        assertEquals(2, cents(bySession, CODER, 3));
        assertEquals(2, cents(bySession, other, 3));
        assertEquals(Refusal.Kind.DENIED, stays(bySession, other, get("https://api.example/")).kind(), "never again");
        var byGroup = checkpoint(budget(new Whose.Groups("engineering"), Scope.ALL, Period.MONTH, "0.01"));
        assertEquals(1, cents(byGroup, CODER, 2));
        assertEquals(2, cents(byGroup, bob, 2));
        var byHost = checkpoint(budget(new Whose.Everybodys(), new Scope("host", "api.example"), Period.TOTAL, "0.01"));
        assertEquals(1, cents(byHost, bob, 2));
        goes(byHost, bob, buy());
        var byCall = checkpoint(budget(new Whose.Everybodys(), new Scope("tools", ""), Period.CALL, "0.50"));
        assertTrue(stays(byCall, bob, buy()).text().contains("the budget is 0.5 USD a call"));
        assertEquals(2, cents(byCall, bob, 2));
    }

    @Test
    void aRunHasALimitOfItsOwn() {
        var purse = new Purse(List.of(CENT), List.of());
        purse.limit("s-1", usd("0.03"));
        var checkpoint = checkpoint(purse);
        assertEquals(3, cents(checkpoint, CODER, 9));
        assertEquals(9, cents(checkpoint, session("s-2", "coder", "alice"), 9));
    }

    @Test
    void whatCostsMuchAtOnceWaitsForAPerson() {
        var checkpoint = checkpoint(new Budget(
                new Whose.Everybodys(), Scope.ALL, Period.MONTH, usd("5"), Optional.of(usd("0.50"))));
        var held = stays(checkpoint, CODER, buy());
        assertEquals(Refusal.Kind.HELD, held.kind());
        assertTrue(held.text().contains("This call costs up to 1 USD"), held.text());
        assertEquals(1, cents(checkpoint, CODER, 1), "its twin costs less");
        checkpoint.holds().answer(held.id(), new Principal.Operator("alice"), true, Duration.ZERO, "");
        goes(checkpoint, CODER, buy());
        assertEquals(Refusal.Kind.HELD, stays(checkpoint, CODER, buy()).kind(), "once");
    }

    private List<String> findings() {
        return ledger.reader().entries(Query.ALL.withType("found")).stream()
                .map(it -> ((Event.Found) it.event()).finding().rule()).toList();
    }

    @Test
    void whatIsUnusualIsAFinding() {
        var checkpoint = checkpoint(month("100"));
        cents(checkpoint, CODER, 3);
        assertEquals(List.of("spending/new-recipient"), findings());
        now.set(now.get().plus(Duration.ofHours(1)));
        cents(checkpoint, CODER, 50);
        assertEquals(1, findings().size(), "fifty calls are not many");
        cents(checkpoint, CODER, 10);
        assertEquals(List.of("spending/new-recipient", "spending/unusual-volume"), findings());
        now.set(Instant.parse("2026-02-02T00:00:00Z"));
        var steep = checkpoint(month("0.10"));
        cents(steep, CODER, 8);
        assertEquals(2, findings().size());
        cents(steep, CODER, 2);
        assertEquals("spending/slope", findings().getLast());
        assertEquals(3, findings().size(), "said once");
    }

    /// What retention takes away takes no sum with it.
    @Test
    void retentionKeepsWhatStillCounts() {
        var budget = budget(new Whose.Everybodys(), Scope.ALL, Period.TOTAL, "0.05");
        assertEquals(3, cents(checkpoint(budget), CODER, 3));
        now.set(now.get().plus(Duration.ofDays(400)));
        ledger.retain(new Principal.House(), Duration.ofDays(30));
        assertEquals(2, cents(checkpoint(budget), CODER, 9));
        ledger.close();
        open();
        assertEquals(0, cents(checkpoint(budget), CODER, 1));
        assertTrue(ledger.reader().verify(Optional.empty()).holds());
    }
}
