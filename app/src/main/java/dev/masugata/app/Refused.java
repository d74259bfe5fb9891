package dev.masugata.app;

/// A command cannot be done; told to the operator with the exit code.
final class Refused extends Exception {
    final int code;

    Refused(int code, String message) {
        super(message);
        this.code = code;
    }
}
