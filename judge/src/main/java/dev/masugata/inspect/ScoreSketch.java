package dev.masugata.inspect;

import java.util.Map;
import java.util.TreeMap;

/// How scores were distributed, in fixed size: counts by steps of [#STEP] between -[#EDGE] and [#EDGE].
///
/// A threshold read from it is at most one step above the lowest that would do and never below, so the share of what
/// was counted that reaches it is never more than was asked for.
public final class ScoreSketch {
    /// The width of one counter, in logits: the error of a threshold.
    public static final double STEP = 0.05;

    /// Scores beyond are counted at the edge.
    public static final double EDGE = 64;

    private static final int BUCKETS = (int) Math.round(2 * EDGE / STEP);

    private final long[] counts = new long[BUCKETS];
    private long seen;

    public void add(double score) {
        add(bucket(score), 1);
    }

    private void add(int bucket, long count) {
        counts[bucket] += count;
        seen += count;
    }

    private static int bucket(double score) {
        return (int) Math.clamp((long) Math.floor((score + EDGE) / STEP), 0, BUCKETS - 1);
    }

    public long seen() {
        return seen;
    }

    /// The lowest threshold that at most this share of what was counted reaches.
    public double threshold(double rate) {
        long above = 0;
        int bucket = BUCKETS;
        while (bucket > 0 && above + counts[bucket - 1] <= rate * seen) {
            bucket--;
            above += counts[bucket];
        }
        return bucket * STEP - EDGE;
    }

    /// The counters that are not zero, by their number.
    Map<Integer, Long> counters() {
        var counters = new TreeMap<Integer, Long>();
        for (int i = 0; i < BUCKETS; i++) if (counts[i] > 0) counters.put(i, counts[i]);
        return counters;
    }

    /// @throws IllegalArgumentException for counters that no sketch has
    static ScoreSketch of(Map<Integer, Long> counters) {
        var sketch = new ScoreSketch();
        counters.forEach((bucket, count) -> {
            if (bucket < 0 || bucket >= BUCKETS || count < 1) throw new IllegalArgumentException("no such counter");
            sketch.add(bucket, count);
        });
        return sketch;
    }
}
