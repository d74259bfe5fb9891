package dev.masugata.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class IntervalTest {
    /// Values of the formula worked out by hand for 10 of 100, and its known bounds where nothing or all was hit.
    @Test
    void theIntervalIsWilsons() {
        var some = new Interval(10, 100);
        assertEquals(0.0552, some.low(), 0.0001);
        assertEquals(0.1744, some.high(), 0.0001);
        assertEquals(0, new Interval(0, 100).low(), 1e-12);
        assertEquals(0.0370, new Interval(0, 100).high(), 0.0001);
        assertEquals(1, new Interval(100, 100).high(), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> new Interval(2, 1));
    }
}
