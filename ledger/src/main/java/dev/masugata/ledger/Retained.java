package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.Optional;

/// The event of a retention: entries up to `through` are dropped but for those in `kept`, and payloads with them.
///
/// @param through the last entry that is old enough
/// @param before  older than this is what is dropped
/// @param kept    what stays, because a fold still needs it
record Retained(long through, Instant before, Ranges kept) {
    private static final String CHANGE = "retained";

    Event.Changed event(Principal by) {
        var detail = Json.object("before", before.toString()).with("through", through);
        return new Event.Changed(
                "", by.id(), Event.Subject.RECORD, "ledger", CHANGE, detail, Json.object("kept", kept.toString()));
    }

    /// Up to where the event's retention goes, if it is one.
    static Optional<Long> through(Event event) {
        return event instanceof Event.Changed it
                        && it.subject() == Event.Subject.RECORD
                        && it.change().equals(CHANGE)
                ? it.detail().integer("through")
                : Optional.empty();
    }

    /// The retention that the event records, if it does.
    ///
    /// @param event with its payload
    static Optional<Retained> of(Event event) {
        if (through(event).isEmpty() || !(event.payload() instanceof Json.Obj payload)) return Optional.empty();
        var detail = ((Event.Changed) event).detail();
        return Optional.of(new Retained(
                through(event).get(), Words.instant(detail, "before"), Ranges.parse(Words.text(payload, "kept"))));
    }

    /// True if the entry was dropped.
    boolean drops(long seq) {
        return seq <= through && !kept.contains(seq);
    }
}
