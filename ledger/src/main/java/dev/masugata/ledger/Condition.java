package dev.masugata.ledger;

import java.time.Instant;

/// What must be so at the moment an event enters the record. It is asked on the writer's thread: quick, and pure.
@FunctionalInterface
public interface Condition {
    boolean holds(Standing standing, Instant now);

    default Condition and(Condition other) {
        return (standing, now) -> holds(standing, now) && other.holds(standing, now);
    }
}
