package dev.masugata.graph.query;

/// A question that cannot be asked: what is wrong, where, and what to do.
public final class BadQuestion extends RuntimeException {
    private final int position;

    /// @param position the character it is about, from 1; 0: the whole
    BadQuestion(int position, String message) {
        super(position == 0 ? message : "at character " + position + ": " + message);
        this.position = position;
    }

    public int position() {
        return position;
    }
}
