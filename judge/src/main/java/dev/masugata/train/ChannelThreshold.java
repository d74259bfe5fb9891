package dev.masugata.train;

import dev.masugata.inspect.Calibration;
import dev.masugata.inspect.LinearModel;
import dev.masugata.inspect.ScoreSketch;
import dev.masugata.model.Channel;
import java.util.OptionalDouble;
import java.util.function.Function;

/// Learns a channel's threshold from harmless traffic, one text after the other, in fixed memory.
public final class ChannelThreshold {
    /// So many texts must be allowed to fire before a threshold is worth anything: with fewer, the realised rate may
    /// well be twice the one chosen.
    public static final int HITS_LEAST = 20;

    private final Function<String, OptionalDouble> score;
    private final double rate;
    private final ScoreSketch scores = new ScoreSketch();

    /// @param rate the share of harmless texts that may be called suspicious
    public ChannelThreshold(LinearModel model, Channel channel, double rate) {
        this(text -> OptionalDouble.of(model.score(channel, text)), rate);
    }

    /// @param score how hostile a text looks; a text without a score does not count
    /// @param rate  the share of harmless texts that may be called suspicious
    public ChannelThreshold(Function<String, OptionalDouble> score, double rate) {
        this.score = score;
        this.rate = rate;
    }

    public void add(String text) {
        score.apply(text).ifPresent(scores::add);
    }

    public long seen() {
        return scores.seen();
    }

    /// How many texts are needed for this rate.
    public long needed() {
        return (long) Math.ceil(HITS_LEAST / rate);
    }

    /// @throws IllegalStateException if too few texts were added
    public Calibration.Learnt learnt() {
        if (seen() < needed()) throw new IllegalStateException("too few texts: " + seen() + " of " + needed());
        return new Calibration.Learnt(rate, scores);
    }
}
