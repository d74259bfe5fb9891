package dev.masugata.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.model.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// One event each, and of a flood the first and a count.
class TurnedAwayTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T09:00:00Z"));
    private final TurnedAway turnedAway = new TurnedAway(now::get);

    private List<String> times(int count, String door) {
        var recorded = new ArrayList<String>();
        for (int i = 0; i < count; i++)
            for (Finding finding : turnedAway.of(door, 421)) recorded
                    .add((finding.rule() + " " + finding.place()).strip());
        return recorded;
    }

    @Test
    void eachIsRecorded() {
        assertEquals(List.of("http/421", "http/421"), times(2, ""));
        assertEquals("http/413", turnedAway.of("", 413).getFirst().rule());
    }

    @Test
    void ofAFloodTheFirstAndThenItsCount() {
        assertEquals(TurnedAway.A_MINUTE, times(1000, "").size());
        assertEquals(List.of(), times(1000, ""));
        assertEquals(List.of("http/421"), times(1, "s-1"), "another door has its own count");
        now.set(now.get().plus(Duration.ofMinutes(1)));
        assertEquals(List.of("http/more " + (2000 - TurnedAway.A_MINUTE) + " more in a minute", "http/421"),
                times(1, ""));
        assertEquals(List.of("http/421"), times(1, ""), "the count is said once");
    }

    @Test
    void theDoorsThatAreRememberedAreBounded() {
        for (int i = 0; i < TurnedAway.DOORS_MAX; i++) times(1, "s-" + i);
        now.set(now.get().plus(Duration.ofMinutes(2)));
        times(1, "s-new");
        assertEquals(1, turnedAway.doors());
    }
}
