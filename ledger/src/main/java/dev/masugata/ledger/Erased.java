package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.util.Optional;

/// The event of an erasure: which payloads are gone. It goes for entries before its own.
record Erased(Scope scope) {
    private static final String CHANGE = "erased";

    Event.Changed event(Principal by) {
        return switch (scope) {
            case Scope.OfSession(var session) -> event(by, session, "session", Json.object("session", session));
            case Scope.OfPrincipal(var who) -> event(by, "", "principal", Json.object("principal", who));
            case Scope.OfEntries(var first, var last) -> event(
                    by, "", "entries", Json.object("first", Json.of(first)).with("last", last));
        };
    }

    private static Event.Changed event(Principal by, String session, String name, Json.Obj detail) {
        return new Event.Changed(session, by.id(), Event.Subject.RECORD, name, CHANGE, detail, Json.NULL);
    }

    /// The erasure that the event records, if it does.
    static Optional<Erased> of(Event event) {
        if (!(event instanceof Event.Changed it) || it.subject() != Event.Subject.RECORD || !it.change().equals(CHANGE))
            return Optional.empty();
        var detail = it.detail();
        return switch (it.name()) {
            case "session" -> detail.string("session").map(Scope.OfSession::new).map(Erased::new);
            case "principal" -> detail.string("principal").map(Scope.OfPrincipal::new).map(Erased::new);
            case "entries" -> Optional.of(
                    new Erased(new Scope.OfEntries(Words.number(detail, "first"), Words.number(detail, "last"))));
            case String _ -> Optional.empty();
        };
    }

    /// True if neither erasure nor retention takes the event's payload: it is the house's own law or bookkeeping, and
    /// holds nobody's data.
    static boolean spares(Event event) {
        return event instanceof Event.Changed it
                && switch (it.subject()) {
                    case POLICY, RECORD, MONEY -> true;
                    case SESSION, LABEL, PIN, AGENT, GRANT, QUARANTINE, GATE, FILES -> false;
                };
    }
}
