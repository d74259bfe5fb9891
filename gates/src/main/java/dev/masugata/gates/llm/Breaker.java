package dev.masugata.gates.llm;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Which providers fail: one that did so several times in a row is left alone for a while, and then tried once.
final class Breaker {
    /// Failures in a row after which a provider is left alone.
    static final int FAILURES_MAX = 5;

    static final Duration REST = Duration.ofSeconds(20);

    private static final class State {
        int failures;
        long until;
    }

    private final LongSupplier nanoTime;
    private final Map<String, State> states = new HashMap<>();

    Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// For how long it is left alone from now on; empty if it may be asked. Who is told so asks for all others: until
    /// it has an answer nobody else is let through.
    synchronized Optional<Duration> rests(String provider) {
        var state = states.get(provider);
        if (state == null || state.failures < FAILURES_MAX) return Optional.empty();
        long left = state.until - nanoTime.getAsLong();
        if (left > 0) return Optional.of(Duration.ofNanos(left));
        state.until = nanoTime.getAsLong() + REST.toNanos();
        return Optional.empty();
    }

    synchronized void answered(String provider) {
        states.remove(provider);
    }

    synchronized void failed(String provider) {
        var state = states.computeIfAbsent(provider, _ -> new State());
        state.failures++;
        if (state.failures >= FAILURES_MAX) state.until = nanoTime.getAsLong() + REST.toNanos();
    }
}
