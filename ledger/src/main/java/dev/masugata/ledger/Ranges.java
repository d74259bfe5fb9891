package dev.masugata.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A set of sequence numbers, written as `1-3,17`.
final class Ranges {
    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    /// @param seqs ascending
    static Ranges of(Iterable<Long> seqs) {
        var ranges = new Ranges();
        for (long seq : seqs) {
            var end = ranges.lastByFirst.lastEntry();
            if (end != null && seq <= end.getValue()) throw new IllegalArgumentException("not ascending at " + seq);
            long first = end != null && end.getValue() == seq - 1 ? end.getKey() : seq;
            ranges.lastByFirst.put(first, seq);
        }
        return ranges;
    }

    static Ranges parse(String text) {
        var ranges = new Ranges();
        for (var range : text.isEmpty() ? new String[0] : text.split(",")) {
            var ends = range.split("-", 2);
            try {
                ranges.lastByFirst.put(Long.valueOf(ends[0]), Long.valueOf(ends[ends.length - 1]));
            } catch (NumberFormatException e) {
                throw new Unreadable("`" + range + "` is no range", e);
            }
        }
        return ranges;
    }

    boolean contains(long seq) {
        var range = lastByFirst.floorEntry(seq);
        return range != null && seq <= range.getValue();
    }

    /// A range of sequence numbers, both ends in it.
    record Range(long first, long last) {}

    /// What of `1..last` is not in the set.
    List<Range> gaps(long last) {
        var gaps = new ArrayList<Range>();
        long next = 1;
        for (var range : lastByFirst.headMap(last, true).entrySet()) {
            if (range.getKey() > next) gaps.add(new Range(next, range.getKey() - 1));
            next = range.getValue() + 1;
        }
        if (next <= last) gaps.add(new Range(next, last));
        return gaps;
    }

    @Override
    public String toString() {
        return lastByFirst.entrySet().stream().map(Ranges::text).collect(Collectors.joining(","));
    }

    private static String text(Map.Entry<Long, Long> range) {
        return range.getKey().equals(range.getValue()) ? "" + range.getKey() : range.getKey() + "-" + range.getValue();
    }
}
