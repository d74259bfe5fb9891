package dev.masugata.sandbox;

/// Something of a seal or a review could not be done; the message says what, where, and what to do.
///
/// Nothing was started with less protection instead. A command shows it with exit code 125.
public final class SealException extends Exception {
    public SealException(String message) {
        super(message);
    }

    public SealException(String message, Throwable cause) {
        super(message, cause);
    }
}
