package dev.masugata.checkpoint;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Token buckets for each caller, tool and address: each dimension by itself, so that one does not pay for another.
public final class RateLimits {
    /// Buckets kept at most; past it full (idle) ones are dropped, for they say nothing.
    static final int BUCKETS_MAX = 100_000;

    /// How many in a second, and how many at once.
    public record Rate(double perSecond, int burst) {
        public Rate {
            if (!(perSecond > 0) || burst < 1)
                throw new IllegalArgumentException("a rate needs more than 0 in a second and a burst of at least 1");
        }
    }

    /// What ran out, and when the next one is free.
    public record Exceeded(String dimension, Duration retryAfter) {}

    private static final class Bucket {
        private double tokens;
        private long nanos;

        Bucket(double tokens, long nanos) {
            this.tokens = tokens;
            this.nanos = nanos;
        }
    }

    private final Map<String, Rate> rates;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /// @param rates    by dimension: `caller`, `tool`, `address`; a dimension without a rate has no limit
    /// @param nanoTime a clock that only goes forward, such as `System::nanoTime`
    public RateLimits(Map<String, Rate> rates, LongSupplier nanoTime) {
        this.rates = Map.copyOf(rates);
        this.nanoTime = nanoTime;
    }

    /// Takes one from the bucket, or says when there will be one.
    public Optional<Exceeded> take(String dimension, String key) {
        var rate = rates.get(dimension);
        if (rate == null) return Optional.empty();
        long now = nanoTime.getAsLong();
        if (buckets.size() >= BUCKETS_MAX) dropIdle(now);
        var bucket = buckets.computeIfAbsent(dimension + ' ' + key, _ -> new Bucket(rate.burst(), now));
        synchronized (bucket) {
            refill(bucket, rate, now);
            if (bucket.tokens >= 1) {
                bucket.tokens -= 1;
                return Optional.empty();
            }
            long wait = (long) Math.ceil((1 - bucket.tokens) / rate.perSecond() * 1e9);
            return Optional.of(new Exceeded(dimension, Duration.ofNanos(wait)));
        }
    }

    private static void refill(Bucket bucket, Rate rate, long now) {
        double earned = Math.max(0, now - bucket.nanos) / 1e9 * rate.perSecond();
        bucket.tokens = Math.min(rate.burst(), bucket.tokens + earned);
        bucket.nanos = now;
    }

    private void dropIdle(long now) {
        buckets.entrySet().removeIf(entry -> {
            var rate = rates.get(entry.getKey().substring(0, entry.getKey().indexOf(' ')));
            if (rate == null) return true;
            synchronized (entry.getValue()) {
                refill(entry.getValue(), rate, now);
                return entry.getValue().tokens >= rate.burst();
            }
        });
    }
}
