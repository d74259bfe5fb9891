package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuotaTest {
    @TempDir
    Path directory;

    Home home;

    @BeforeEach
    void home() {
        home = new Home(directory);
    }

    private QuotaExceeded refused(Ledger ledger, Event event) {
        return assertThrows(QuotaExceeded.class, () -> ledger.append(event));
    }

    @Test
    void aSessionThatHasUsedUpItsEventsIsRefusedAloneAndForGood() {
        home.withLimits(home.options.limits().withSession(10, 1 << 20, 100));
        try (var ledger = home.open()) {
            for (int i = 0; i < 10; i++) ledger.append(Samples.asked("s-hostile", "x"));
            var why = refused(ledger, Samples.asked("s-hostile", "x"));
            assertEquals("s-hostile", why.account());
            assertEquals("events", why.dimension());
            assertEquals(10, why.limit());
            ledger.append(Samples.asked("s-other", "x"));
            ledger.append(Sessions.stopped(Samples.ALICE, "s-hostile"));
            ledger.append(Sessions.raised(Samples.HOUSE, "s-hostile", "secret", Json.EMPTY));
        }
        try (var ledger = home.open()) {
            refused(ledger, Samples.asked("s-hostile", "a restart gives it nothing"));
            for (int i = 0; i < 9; i++) ledger.append(Samples.asked("s-other", "x"));
            refused(ledger, Samples.asked("s-other", "x"));
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void aCrashGivesNothingBack(@TempDir Path afterwards) throws Exception {
        home.withLimits(home.options.limits().withSession(10, 1 << 20, 100));
        try (var ledger = home.open()) {
            for (int i = 0; i < 10; i++) ledger.append(Samples.asked("s-1", "x"));
            // The files as a crash would leave them now.
            TamperTest.copy(directory, afterwards);
        }
        var crashed = new Home(afterwards).withLimits(home.options.limits());
        try (var ledger = crashed.open()) {
            assertEquals(10, ledger.size());
            refused(ledger, Samples.asked("s-1", "x"));
        }
    }

    @Test
    void bytesAreCountedWithTheirPayloads() {
        home.withLimits(home.options.limits().withSession(1000, 100_000, 100));
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", "x".repeat(90_000)));
            assertEquals("bytes", refused(ledger, Samples.asked("s-1", "x".repeat(20_000))).dimension());
            ledger.append(Samples.asked("s-1", "a small one still fits"));
        }
    }

    @Test
    void outsideOfSessionsAPrincipalIsCountedByTheDay() {
        home.withLimits(home.options.limits().withSession(3, 1 << 20, 100));
        var event = new Event.Asked("", "agent:unknown", Action.Kind.TOOL_CALL, "t", "d", Json.NULL);
        try (var ledger = home.open()) {
            for (int i = 0; i < 3; i++) ledger.append(event);
            refused(ledger, event);
        }
        try (var ledger = home.open()) {
            refused(ledger, event);
            home.pass(Duration.ofDays(1));
            ledger.append(event);
        }
    }

    @Test
    void aGroupIsChargedToTheSessionInIt() {
        home.withLimits(home.options.limits().withSession(4, 1 << 20, 100));
        try (var ledger = home.open()) {
            var group = List.of(Sessions.raised(Samples.HOUSE, "s-1", "secret", Json.EMPTY), Samples.asked("s-1", "x"));
            ledger.appendAll(group);
            ledger.appendAll(group);
            assertThrows(QuotaExceeded.class, () -> ledger.appendAll(group));
            assertEquals(4, ledger.size(), "all of a group or nothing");
        }
    }

    @Test
    void whatWasNotRecordedIsNotCharged() {
        home.withLimits(home.options.limits().withSession(3, 1 << 20, 100));
        try (var ledger = home.open()) {
            for (int i = 0; i < 10; i++)
                assertTrue(ledger.appendIf(Samples.asked("s-1", "x"), (_, _) -> false).isEmpty());
            for (int i = 0; i < 3; i++) ledger.append(Samples.asked("s-1", "x"));
            refused(ledger, Samples.asked("s-1", "x"));
        }
    }

    @Test
    void aSessionMayNotCrowdTheQueue() throws Exception {
        home.withLimits(home.options.limits().withSession(100_000, 1 << 30, 50));
        try (var ledger = home.open()) {
            var writing = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            // The writer is held inside a condition; whatever is submitted now waits behind it.
            var holding = CompletableFuture.supplyAsync(() -> ledger.appendIf(Samples.found("s-0", 1), (_, _) -> {
                writing.countDown();
                await(go);
                return true;
            }));
            writing.await();
            var waiting = new ArrayList<CompletableFuture<Long>>();
            for (int i = 0; i < 50; i++) waiting.add(ledger.submit(Samples.asked("s-1", "x")));
            assertEquals("events at once",
                    assertThrows(QuotaExceeded.class, () -> ledger.submit(Samples.asked("s-1", "x"))).dimension());
            waiting.add(ledger.submit(Samples.asked("s-2", "x")));
            go.countDown();
            for (var it : waiting) it.get();
            holding.get();
            ledger.append(Samples.asked("s-1", "and on"));
        }
    }

    private static void await(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
