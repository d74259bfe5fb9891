package dev.masugata.inspect;

import dev.masugata.model.Channel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Scores text by weights on its hashed n-grams: the sum over a window, by the root of how much there is in it; a
/// text's score is that of its worst window.
///
/// So an attack counts as much in a long document as alone, and length alone says nothing. It is a signal, never a
/// verdict: what asks politely and naturally scores like any other text.
public final class LinearModel {
    /// Windows, in blocks of [Grams#BLOCK] characters: as long as a sentence, as an order with its reason, as a letter.
    public static final int[] WINDOWS = {3, 6, 16};

    /// Less evidence than this many features is counted as if it were so much: a word alone is no attack.
    public static final int FEATURES_LEAST = 112;

    private final Map<Channel, Head> heads = new EnumMap<>(Channel.class);
    private final String digest;

    /// @param digest names these weights, in hex
    public LinearModel(List<Head> heads, String digest) {
        for (var head : heads) this.heads.put(head.channel(), head);
        if (this.heads.size() != Channel.values().length || heads.size() != this.heads.size())
            throw new IllegalArgumentException("a model has one head for each channel");
        this.digest = digest;
    }

    public String digest() {
        return digest;
    }

    public Head head(Channel channel) {
        var head = heads.get(channel);
        if (head == null) throw new IllegalStateException("a model has one head for each channel");
        return head;
    }

    /// These weights with another threshold for one channel; the distance to the strong one stays.
    public LinearModel calibrated(Channel channel, double flag) {
        var changed = heads.values().stream()
                .map(it -> it.channel() == channel ? it.at((float) flag, (float) flag + it.strong() - it.flag()) : it)
                .toList();
        return new LinearModel(changed, digest);
    }

    /// How hostile the worst window of the text looks: a logit, higher is worse.
    public double score(Channel channel, CharSequence text) {
        return scored(channel, text).worst().score();
    }

    /// The whole text, looked at once.
    Scored scored(Channel channel, CharSequence text) {
        return Scored.of(head(channel), text);
    }

    /// A text and its shadow: the text's, then the shadow's.
    List<Scored> scored(Channel channel, CharSequence text, CharSequence shadow) {
        return Scored.both(head(channel), text, shadow);
    }

    /// A stretch of text and its score; `from` and `to` in UTF-16 code units.
    public record Window(double score, int from, int to) {}
}
