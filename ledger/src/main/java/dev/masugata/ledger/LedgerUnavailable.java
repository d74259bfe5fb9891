package dev.masugata.ledger;

/// The ledger cannot write or cannot be opened: nothing may pass until it can. The message is for the operator.
public final class LedgerUnavailable extends RuntimeException {
    public LedgerUnavailable(String message) {
        super(message);
    }

    public LedgerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
