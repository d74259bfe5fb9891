package dev.masugata.inspect;

import dev.masugata.inspect.LinearModel.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// A text's blocks with what each adds, and the windows over them.
///
/// @param starts where each block begins, and at last where the text ends
/// @param sums   of the weights before each block
/// @param counts of the features before each block
record Scored(Head head, int blocks, int[] starts, int[] sums, int[] counts) {

    static Scored of(Head head, CharSequence text) {
        int most = text.length() / Grams.BLOCK + 2;
        var starts = new int[most + 1];
        var sums = new int[most + 1];
        var counts = new int[most + 1];
        var grams = new Grams(text);
        var weights = head.weights();
        int blocks = 0;
        while (grams.next()) {
            int sum = 0;
            var buckets = grams.buckets();
            int count = grams.count();
            for (int i = 0; i < count; i++) sum += weights[buckets[i]];
            starts[blocks] = grams.from();
            blocks++;
            sums[blocks] = sums[blocks - 1] + sum;
            counts[blocks] = counts[blocks - 1] + count;
        }
        starts[blocks] = text.length();
        return new Scored(head, blocks, starts, sums, counts);
    }

    double score(int from, int to) {
        int features = Math.max(counts[to] - counts[from], LinearModel.FEATURES_LEAST);
        return head.bias() + head.scale() * (sums[to] - sums[from]) / Math.sqrt(features);
    }

    Window worst() {
        return worst(new BitSet());
    }

    /// The worst window that touches no block of `done`.
    private Window worst(BitSet done) {
        var worst = new Window(blocks == 0 ? head.bias() : Double.NEGATIVE_INFINITY, 0, 0);
        for (int length : LinearModel.WINDOWS) {
            int last = Math.max(blocks - length, 0);
            for (int from = 0; from <= last && blocks > 0; from++) {
                int to = Math.min(from + length, blocks);
                if (!done.isEmpty() && !done.get(from, to).isEmpty()) continue;
                double score = score(from, to);
                if (score > worst.score()) worst = new Window(score, starts[from], starts[to]);
            }
        }
        return worst;
    }

    /// The windows from this score on, worst first, none upon another, each grown and cut to what carries it.
    List<Window> above(double threshold, int most) {
        var found = new ArrayList<Window>();
        var done = new BitSet();
        while (found.size() < most) {
            var worst = worst(done);
            if (worst.score() < threshold || worst.to() == worst.from()) break;
            int from = block(worst.from());
            int to = block(worst.to());
            while (from < to - 1 && sum(from) <= 0) from++;
            while (to > from + 1 && sum(to - 1) <= 0) to--;
            while (from > 0 && sum(from - 1) > 0 && !done.get(from - 1)) from--;
            while (to < blocks && sum(to) > 0 && !done.get(to)) to++;
            done.set(Math.min(from, block(worst.from())), Math.max(to, block(worst.to())));
            found.add(new Window(worst.score(), starts[from], starts[to]));
        }
        return found;
    }

    private int sum(int block) {
        return sums[block + 1] - sums[block];
    }

    private int block(int start) {
        return Arrays.binarySearch(starts, 0, blocks + 1, start);
    }
}
