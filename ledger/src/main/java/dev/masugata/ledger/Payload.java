package dev.masugata.ledger;

/// What became of an event's payload.
public enum Payload {
    /// There was none.
    NONE,
    /// It is in the event.
    KEPT,
    /// It was erased, or dropped by retention.
    ERASED
}
