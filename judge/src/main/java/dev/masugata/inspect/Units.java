package dev.masugata.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A set of UTF-16 code units, as ranges in order: `[from, to, from, to, ...]`, both ends in it.
record Units(int[] ranges) {
    /// Sets larger than this have both cases of their letters anyway, or are negations.
    private static final int FOLDED_MAX = 512;

    static final Units NONE = new Units(new int[0]);
    static final Units ALL = new Units(new int[] {0, 0xFFFF});
    static final Units DIGIT = range('0', '9');
    static final Units WORD = range('0', '9').and(range('A', 'Z')).and(range('_', '_')).and(range('a', 'z'));
    static final Units WHITE = range('\t', '\n').and(range('\f', '\r')).and(range(' ', ' '));
    static final Units NEWLINE = range('\n', '\n');

    static Units range(int from, int to) {
        return new Units(new int[] {from, to});
    }

    static Units of(int c) {
        return range(c, c);
    }

    Units and(Units other) {
        var pairs = new ArrayList<int[]>();
        for (var set : List.of(this, other))
            for (int i = 0; i < set.ranges.length; i += 2) pairs.add(new int[] {set.ranges[i], set.ranges[i + 1]});
        pairs.sort((a, b) -> Integer.compare(a[0], b[0]));
        var merged = new ArrayList<int[]>();
        for (var pair : pairs) {
            var last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && pair[0] <= last[1] + 1) last[1] = Math.max(last[1], pair[1]);
            else merged.add(pair);
        }
        return new Units(merged.stream().flatMapToInt(Arrays::stream).toArray());
    }

    Units not() {
        var rest = new ArrayList<Integer>();
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] > next) rest.addAll(List.of(next, ranges[i] - 1));
            next = ranges[i + 1] + 1;
        }
        if (next <= 0xFFFF) rest.addAll(List.of(next, 0xFFFF));
        return new Units(rest.stream().mapToInt(it -> it).toArray());
    }

    boolean has(int c) {
        for (int i = 0; i < ranges.length; i += 2) if (c >= ranges[i] && c <= ranges[i + 1]) return true;
        return false;
    }

    /// With both cases of every letter.
    Units folded() {
        int size = 0;
        for (int i = 0; i < ranges.length; i += 2) size += ranges[i + 1] - ranges[i] + 1;
        if (size > FOLDED_MAX) return this;
        var both = this;
        for (int i = 0; i < ranges.length; i += 2) {
            for (int c = ranges[i]; c <= ranges[i + 1]; c++) {
                int lower = Character.toLowerCase(c);
                int upper = Character.toUpperCase(c);
                if (lower != c && lower <= 0xFFFF) both = both.and(of(lower));
                if (upper != c && upper <= 0xFFFF) both = both.and(of(upper));
            }
        }
        return both;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Units it && Arrays.equals(it.ranges, ranges);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ranges);
    }
}
