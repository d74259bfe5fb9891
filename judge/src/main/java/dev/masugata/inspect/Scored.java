package dev.masugata.inspect;

import dev.masugata.inspect.LinearModel.Window;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/// A text's blocks with what each adds, and the windows over them.
///
/// @param starts where each block begins, and at last where the text ends
/// @param sums   of the weights before each block
/// @param counts of the features before each block
record Scored(Head head, int blocks, int[] starts, int[] sums, int[] counts) {

    static Scored of(Head head, CharSequence text) {
        var sheet = new Sheet(head, text);
        while (sheet.next()) continue;
        return sheet.scored();
    }

    /// A text and its shadow, as long as the shadow reads the same blocks looked at once.
    ///
    /// @return the text's, then the shadow's
    static List<Scored> both(Head head, CharSequence text, CharSequence shadow) {
        var sheet = new Sheet(head, text);
        var under = new Sheet(head, shadow);
        var before = sheet.grams.before();
        while (sheet.next()) {
            if (!under.nextLike(sheet, before)) under.next();
            before = sheet.grams.before();
        }
        while (under.next()) continue;
        return List.of(sheet.scored(), under.scored());
    }

    /// One text while it is looked at.
    private static final class Sheet {
        private final Head head;
        private final Grams grams;
        private final int[] starts;
        private final int[] sums;
        private final int[] counts;
        private final int length;
        private int blocks;

        private Sheet(Head head, CharSequence text) {
            this.head = head;
            grams = new Grams(text);
            length = text.length();
            int most = length / Grams.BLOCK + 2;
            starts = new int[most + 1];
            sums = new int[most + 1];
            counts = new int[most + 1];
        }

        private boolean next() {
            if (!grams.next()) return false;
            int sum = 0;
            var weights = head.weights();
            var buckets = grams.buckets();
            int count = grams.count();
            for (int i = 0; i < count; i++) sum += weights[buckets[i]];
            add(sum, count);
            return true;
        }

        /// @param before where the other stood before its last block
        private boolean nextLike(Sheet other, Grams.Before before) {
            if (!grams.nextLike(other.grams, before)) return false;
            int last = other.blocks - 1;
            add(other.sums[last + 1] - other.sums[last], other.counts[last + 1] - other.counts[last]);
            return true;
        }

        private void add(int sum, int count) {
            starts[blocks] = grams.from();
            blocks++;
            sums[blocks] = sums[blocks - 1] + sum;
            counts[blocks] = counts[blocks - 1] + count;
        }

        private Scored scored() {
            starts[blocks] = length;
            return new Scored(head, blocks, starts, sums, counts);
        }
    }

    double score(int from, int to) {
        int features = Math.max(counts[to] - counts[from], LinearModel.FEATURES_LEAST);
        return head.bias() + head.scale() * (sums[to] - sums[from]) / Math.sqrt(features);
    }

    Window worst() {
        var worst = new Window(blocks == 0 ? head.bias() : Double.NEGATIVE_INFINITY, 0, 0);
        for (int length : LinearModel.WINDOWS) {
            int last = Math.max(blocks - length, 0);
            for (int from = 0; from <= last && blocks > 0; from++) {
                int to = Math.min(from + length, blocks);
                double score = score(from, to);
                if (score > worst.score()) worst = new Window(score, starts[from], starts[to]);
            }
        }
        return worst;
    }

    /// The windows from this score on, worst first, none upon another, each grown and cut to what carries it.
    List<Window> above(double threshold, int most) {
        var candidates = candidates(threshold);
        if (candidates.isEmpty()) return List.of();
        // Among equals the shorter, then the earlier one: the sort is stable.
        candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
        var found = new ArrayList<Window>();
        var done = new BitSet();
        for (var worst : candidates) {
            if (found.size() == most) break;
            int from = worst.from();
            int to = worst.to();
            int taken = done.nextSetBit(from);
            if (taken >= 0 && taken < to) continue;
            while (from < to - 1 && sum(from) <= 0) from++;
            while (to > from + 1 && sum(to - 1) <= 0) to--;
            while (from > 0 && sum(from - 1) > 0 && !done.get(from - 1)) from--;
            while (to < blocks && sum(to) > 0 && !done.get(to)) to++;
            done.set(Math.min(from, worst.from()), Math.max(to, worst.to()));
            found.add(new Window(worst.score(), starts[from], starts[to]));
        }
        return found;
    }

    /// A window that is suspicious, by its blocks.
    private record Candidate(double score, int from, int to) {}

    /// Most windows of most texts are told by their sum alone: no root is taken for them.
    private List<Candidate> candidates(double threshold) {
        int least = leastSum(threshold);
        var candidates = new ArrayList<Candidate>();
        for (int length : LinearModel.WINDOWS) {
            int last = Math.max(blocks - length, 0);
            for (int from = 0; from <= last && blocks > 0; from++) {
                int to = Math.min(from + length, blocks);
                if (sums[to] - sums[from] < least) continue;
                double score = score(from, to);
                if (score >= threshold) candidates.add(new Candidate(score, from, to));
            }
        }
        return candidates;
    }

    /// No window of a smaller sum comes to this score. The bound is one below the exact one, for what is rounded.
    private int leastSum(double threshold) {
        double above = threshold - head.bias();
        // Where no evidence is enough, more features make a negative sum count less.
        if (above <= 0) return Integer.MIN_VALUE;
        return (int) Math.floor(above / head.scale() * Math.sqrt(LinearModel.FEATURES_LEAST)) - 1;
    }

    private int sum(int block) {
        return sums[block + 1] - sums[block];
    }
}
