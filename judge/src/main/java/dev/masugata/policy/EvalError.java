package dev.masugata.policy;

/// A condition could not be evaluated: a missing attribute, a wrong type, an overflow. Without a stack trace: it is an
/// expected outcome on the hot path.
final class EvalError extends RuntimeException {
    EvalError(String message) {
        super(message, null, false, false);
    }
}
