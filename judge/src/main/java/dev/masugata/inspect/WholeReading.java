package dev.masugata.inspect;

import dev.masugata.model.Channel;

/// A text in pieces of which nothing goes out before all of it was read: the arguments of a tool call.
///
/// The action is decided when its arguments are complete, so that waiting for them costs nothing.
public final class WholeReading {
    /// Characters of one text; a longer one is refused.
    static final int CHARS_MAX = 4 * 1024 * 1024;

    private final StringBuilder text = new StringBuilder();
    private boolean tooLong;

    /// Takes a piece. Past [#CHARS_MAX] it keeps none of it.
    public void accept(String piece) {
        tooLong |= text.length() + piece.length() > CHARS_MAX;
        if (tooLong) text.setLength(0);
        else text.append(piece);
    }

    /// True if it was longer than is read: it is to be refused.
    public boolean isTooLong() {
        return tooLong;
    }

    /// All that came; empty if it was too long.
    public String text() {
        return text.toString();
    }

    /// What all of it brings.
    public Inspection inspect(Pipeline pipeline, Channel channel, String place) {
        return pipeline.inspect(channel, place, text());
    }
}
