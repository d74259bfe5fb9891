package dev.masugata.train;

import dev.masugata.model.Channel;

/// A text and what it is.
///
/// @param from where its hostile part begins; all of the text if it is not known better
/// @param to   where it ends
public record Example(String text, boolean hostile, Channel channel, String family, int from, int to) {
    public Example {
        if (from < 0 || to < from || to > text.length()) throw new IllegalArgumentException("a span lies in its text");
    }

    static Example whole(String text, boolean hostile, Channel channel, String family) {
        return new Example(text, hostile, channel, family, 0, text.length());
    }
}
