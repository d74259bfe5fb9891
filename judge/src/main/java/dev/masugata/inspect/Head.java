package dev.masugata.inspect;

import dev.masugata.model.Channel;

/// What a model has learnt for one channel.
///
/// @param bias    the score of no evidence at all
/// @param scale   what one unit of a weight is worth
/// @param flag    from this score on a text is suspicious
/// @param strong  from this score on it is very likely hostile; not below `flag`
/// @param weights one for each bucket of [Grams]
public record Head(Channel channel, float bias, float scale, float flag, float strong, byte[] weights) {
    public Head {
        if (weights.length != Grams.BUCKETS) throw new IllegalArgumentException("a head has a weight for each bucket");
        if (!Float.isFinite(bias) || !Float.isFinite(scale) || scale <= 0)
            throw new IllegalArgumentException("a head's bias and scale are finite, and its scale is positive");
        // NaN fails too.
        if (!(strong >= flag))
            throw new IllegalArgumentException("a head's `strong` threshold is not below its `flag`");
    }

    Head at(float newFlag, float newStrong) {
        return new Head(channel, bias, scale, newFlag, newStrong, weights);
    }
}
