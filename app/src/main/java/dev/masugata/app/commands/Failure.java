package dev.masugata.app.commands;

/// A command cannot be done: the exit code and the sentence. Rendered once, by [Commands].
public final class Failure extends RuntimeException {
    /// The check failed or it could not be done.
    public static final int FAILED = 1;
    /// Wrong usage, or a part that is not built.
    public static final int USAGE = 2;
    /// Refused to start.
    public static final int REFUSED = 125;

    private final int code;

    public Failure(int code, String message) {
        super(message);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
