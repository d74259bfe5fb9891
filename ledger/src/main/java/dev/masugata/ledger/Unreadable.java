package dev.masugata.ledger;

/// Something stored is not what this program writes: damaged, tampered with, or from a newer version.
final class Unreadable extends RuntimeException {
    Unreadable(String what) {
        super(what);
    }

    Unreadable(String what, Throwable cause) {
        super(what, cause);
    }
}
