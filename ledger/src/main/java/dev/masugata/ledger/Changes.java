package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.Optional;

/// What the folds over [Event.Changed] share.
final class Changes {
    private Changes() {}

    /// The name of what changed, if the event is about that subject.
    static Optional<String> nameOf(Event event, Event.Subject subject) {
        return event instanceof Event.Changed it && it.subject() == subject ? Optional.of(it.name()) : Optional.empty();
    }

    /// With who made the change, and when.
    static Json.Obj by(Json.Obj value, Event.Changed change, Instant time) {
        return value.with("by", change.principal()).with("at", time.toString());
    }
}
