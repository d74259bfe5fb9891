package dev.masugata.train;

import dev.masugata.inspect.Grams;
import dev.masugata.inspect.Head;
import dev.masugata.model.Channel;
import java.util.Arrays;

/// Logistic regression over hashed n-grams: weights that all channels share, and what each channel adds to them.
///
/// Learnt one window at a time with steps that shrink for what was seen often (AdaGrad, Duchi et al. 2011) and a pull
/// to zero. All arithmetic is in fixed order, so the same texts in the same order give the same weights.
final class Weights {
    private static final float STEP = 0.6f;
    private static final float PULL = 2e-4f;
    /// What a channel learns alone is learnt more slowly than what all share.
    private static final float OWN_STEP = 0.35f;
    /// What nothing is known of is harmless: attacks are rare, and each must be shown by evidence.
    private static final float BIAS = -3;

    /// Hostile texts are the fewer ones.
    private static final float HOSTILE = 2;

    private static final float KEPT = 0.8f;

    /// Buckets that fewer steps than this touched have learnt a text by heart, no more.
    private static final int SEEN_LEAST = 4;

    private static final int CHANNELS = Channel.values().length;

    private final float[] shared = new float[Grams.BUCKETS];
    private final float[] sharedSeen = new float[Grams.BUCKETS];
    private final float[][] own = new float[CHANNELS][Grams.BUCKETS];
    private final float[][] ownSeen = new float[CHANNELS][Grams.BUCKETS];
    private final float[] bias = new float[CHANNELS];

    private final float[][] kept = new float[CHANNELS][Grams.BUCKETS];
    private int remembered;
    private final int[] seen = new int[Grams.BUCKETS];

    Weights() {
        Arrays.fill(bias, BIAS);
    }

    /// The sums of the weights before each block; at last of all.
    float[] sums(Blocks blocks, Channel channel) {
        var mine = own[channel.ordinal()];
        var before = new float[blocks.count() + 1];
        for (int block = 0; block < blocks.count(); block++) {
            float sum = 0;
            for (int i = blocks.start(block); i < blocks.start(block + 1); i++) {
                int bucket = blocks.bucket(i);
                sum += shared[bucket] + mine[bucket];
            }
            before[block + 1] = before[block] + sum;
        }
        return before;
    }

    double score(Blocks blocks, float[] before, int from, int to, Channel channel) {
        return bias[channel.ordinal()] + (before[to] - before[from]) * blocks.unit(from, to);
    }

    /// One step towards the truth about a window, on four fifths of its features: so that no few carry all.
    ///
    /// @param salt chooses which are left out
    void learn(Blocks blocks, int from, int to, Channel channel, boolean hostile, int salt) {
        int c = channel.ordinal();
        var mine = own[c];
        float sum = 0;
        for (int i = blocks.start(from); i < blocks.start(to); i++) {
            int bucket = blocks.bucket(i);
            if (isLeftOut(bucket, salt)) continue;
            sum += shared[bucket] + mine[bucket];
        }
        float unit = blocks.unit(from, to);
        float miss = (float) ((hostile ? 1 : 0) - 1 / (1 + StrictMath.exp(-bias[c] - sum * unit / KEPT)));
        if (Math.abs(miss) < 0.01f) return;
        float step = miss * unit * (hostile ? HOSTILE : 1);
        float square = step * step;
        var mineSeen = ownSeen[c];
        for (int i = blocks.start(from); i < blocks.start(to); i++) {
            int bucket = blocks.bucket(i);
            if (isLeftOut(bucket, salt)) continue;
            seen[bucket]++;
            sharedSeen[bucket] += square;
            shared[bucket] += STEP * (step - PULL * shared[bucket]) / (float) Math.sqrt(sharedSeen[bucket] + 1e-4f);
            mineSeen[bucket] += square;
            mine[bucket] += OWN_STEP * (step - PULL * mine[bucket]) / (float) Math.sqrt(mineSeen[bucket] + 1e-4f);
        }
    }

    private static boolean isLeftOut(int bucket, int salt) {
        return (bucket * 0x9E3779B1 ^ salt) * 0x85EBCA77 >>> 24 >= 256 * KEPT;
    }

    /// One head, its weights in a byte each; the few that are larger than nearly all others are cut to that.
    Head head(Channel channel, float flag, float strong) {
        var sum = kept[channel.ordinal()];
        var sizes = new float[Grams.BUCKETS];
        for (int i = 0; i < sizes.length; i++) sizes[i] = Math.abs(weight(i, sum));
        Arrays.sort(sizes);
        float scale = Math.max(sizes[sizes.length - 1 - sizes.length / 2000] / 127, 1e-6f);
        var bytes = new byte[Grams.BUCKETS];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = (byte) Math.clamp(Math.round(weight(i, sum) / scale), -127, 127);
        return new Head(channel, bias[channel.ordinal()], scale, flag, strong, bytes);
    }

    /// Keeps what is known now: the weights that are written are the mean of all that were kept, which depends less on
    /// which texts came last.
    void remember() {
        for (int c = 0; c < CHANNELS; c++)
            for (int i = 0; i < Grams.BUCKETS; i++) kept[c][i] += shared[i] + own[c][i];
        remembered++;
    }

    private float weight(int bucket, float[] sum) {
        return seen[bucket] < SEEN_LEAST ? 0 : sum[bucket] / remembered;
    }
}
