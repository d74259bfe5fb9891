package dev.masugata.net;

import java.time.Duration;

/// How slowly bytes may come. Only time in which somebody waits for them counts.
///
/// @param stall the longest wait for the next byte
/// @param grace how long may be waited in all before the rate counts
/// @param rate bytes that each second of waiting after that must have brought; 0: any
public record Pace(Duration stall, Duration grace, int rate) {
    public Pace {
        if (!stall.isPositive() || !grace.isPositive() || rate < 0)
            throw new IllegalArgumentException("a pace needs a stall and a grace above zero and a rate of at least 0");
    }

    /// The longest wait now, in nanoseconds, after so many bytes and so much waiting.
    long patience(long received, long waited) {
        if (rate == 0) return stall.toNanos();
        double allowed = grace.toNanos() + received * 1e9 / rate;
        return Math.min(stall.toNanos(), (long) allowed - waited);
    }
}
