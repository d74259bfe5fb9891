package dev.masugata.inspect.guard;

/// A guard cannot be used as it is configured; the message says what is wrong with which file, and what to do.
public final class GuardProblem extends Exception {
    public GuardProblem(String message) {
        super(message);
    }
}
