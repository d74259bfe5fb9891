package dev.masugata.gates.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private final AtomicLong time = new AtomicLong();
    private final Breaker breaker = new Breaker(time::get);

    @Test
    void aProviderThatFailsAgainAndAgainRestsAndIsTriedOnce() {
        for (int i = 0; i < Breaker.FAILURES_MAX - 1; i++) breaker.failed("a");
        assertEquals(Optional.empty(), breaker.rests("a"));
        breaker.failed("a");
        assertEquals(Optional.of(Breaker.REST), breaker.rests("a"));
        assertEquals(Optional.empty(), breaker.rests("b"));
        time.addAndGet(Breaker.REST.toNanos());
        assertEquals(Optional.empty(), breaker.rests("a"));
        assertTrue(breaker.rests("a").isPresent(), "one asks for all");
        breaker.answered("a");
        assertEquals(Optional.empty(), breaker.rests("a"));
    }

    @Test
    void anAnswerBetweenFailuresBeginsAnew() {
        for (int i = 0; i < 10 * Breaker.FAILURES_MAX; i++) {
            breaker.failed("a");
            if (i % 3 == 0) breaker.answered("a");
        }
        assertEquals(Optional.empty(), breaker.rests("a"));
    }
}
