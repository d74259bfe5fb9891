package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowTest {
    @TempDir
    Path directory;

    Home home;

    @BeforeEach
    void home() {
        home = new Home(directory);
    }

    private static List<Long> take(LinkedBlockingQueue<Long> seen, int count) throws InterruptedException {
        var taken = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            var next = seen.poll(20, TimeUnit.SECONDS);
            assertTrue(next != null, "entry " + (i + 1) + " of " + count + " did not come; so far " + taken);
            taken.add(next);
        }
        return taken;
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void everyEntryComesInOrderWithItsPayload() throws Exception {
        var texts = new LinkedBlockingQueue<String>();
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", "before it follows"));
            try (var _ = ledger.follow("reader", 1, entry -> texts.add(entry.event().payload().toString()))) {
                ledger.append(Samples.asked("s-1", "while it follows"));
                for (var wanted : List.of("before it follows", "while it follows"))
                    assertTrue(texts.poll(20, TimeUnit.SECONDS).contains(wanted));
            }
        }
    }

    @Test
    void itGoesOnWhereItCameToAfterARestart() throws Exception {
        var seen = new LinkedBlockingQueue<Long>();
        try (var ledger = home.open()) {
            for (int i = 0; i < 1200; i++) ledger.submit(Samples.asked("s-" + i % 4, "x"));
            ledger.append(Samples.asked("s-1", "x"));
            var follower = ledger.follow("reader", 1, entry -> seen.add(entry.seq()));
            assertEquals(range(1, 1201), take(seen, 1201));
            follower.close();
            assertEquals(1201, follower.cursor());
            ledger.append(Samples.asked("s-1", "y"));
        }
        try (var ledger = home.open();
                var _ = ledger.follow("reader", 1, entry -> seen.add(entry.seq()));
                var _ = ledger.follow("newcomer", 1200, entry -> seen.add(-entry.seq()))) {
            assertEquals(List.of(-1202L, -1201L, -1200L, 1202L), take(seen, 4).stream().sorted().toList());
        }
        assertTrue(home.verify().holds());
    }

    @Test
    void aFollowerThatStandsStillHoldsNobodyUp() throws Exception {
        var seen = new LinkedBlockingQueue<Long>();
        var go = new CountDownLatch(1);
        try (var ledger = home.open()) {
            try (var slow = ledger.follow("slow", 1, entry -> {
                        await(go);
                        seen.add(entry.seq());
                    });
                    var _ = ledger.follow("quick", 1, entry -> seen.add(-entry.seq()))) {
                for (int i = 0; i < 3000; i++) ledger.submit(Samples.asked("s-" + i % 4, "x"));
                ledger.append(Samples.asked("s-1", "last"));
                assertEquals(3001, ledger.size());
                assertEquals(3001, take(seen, 3001).stream().filter(it -> it < 0).count(), "the quick one is done");
                assertEquals(0, slow.cursor());
                go.countDown();
                assertEquals(range(1, 3001), take(seen, 3001));
            }
        }
    }

    private static void await(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void oneFollowerHasAName() {
        try (var ledger = home.open()) {
            var first = ledger.follow("reader", 1, _ -> {});
            assertThrows(IllegalArgumentException.class, () -> ledger.follow("reader", 1, _ -> {}));
            first.close();
            ledger.follow("reader", 1, _ -> {}).close();
        }
    }

    @Test
    void whatAConsumerThrowsStopsItsFollowerOnly() throws Exception {
        var seen = new LinkedBlockingQueue<Long>();
        try (var ledger = home.open()) {
            var broken = ledger.follow("broken", 1, entry -> {
                if (entry.seq() == 2) throw new IllegalStateException("cannot take 2");
                seen.add(entry.seq());
            });
            for (int i = 0; i < 3; i++) ledger.append(Samples.asked("s-1", "x"));
            take(seen, 1);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (broken.failure().isEmpty() && System.nanoTime() < end) Thread.onSpinWait();
            broken.close();
            assertEquals("cannot take 2", broken.failure().orElseThrow().getMessage());
            assertEquals(1, broken.cursor());
            try (var _ = ledger.follow("broken", 1, entry -> seen.add(entry.seq()))) {
                assertEquals(List.of(2L, 3L), take(seen, 2), "mended, it goes on with the same entry");
            }
        }
    }
}
