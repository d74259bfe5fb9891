package dev.masugata.ledger;

import dev.masugata.model.Event;

/// What of an event stands beside it in columns of its own, to be searched. Derived, never believed: `verify` compares.
///
/// @param type    `asked`, `decided`, ...
/// @param kind    the action's kind, or the subject of a change; else empty
/// @param target  what it is about, in the words of [dev.masugata.model.Action#target]; else empty
/// @param outcome one word; else empty
/// @param ref     the entry that this one follows from; 0: none
record Columns(String type, String session, String principal, String kind, String target, String outcome, long ref) {

    static final String DECIDED = "decided";
    static final String DONE = "done";
    static final String CHANGED = "changed";

    Columns withRef(long seq) {
        return new Columns(type, session, principal, kind, target, outcome, seq);
    }

    static Columns of(Event event) {
        return switch (event) {
            case Event.Asked it -> of(it, "asked", it.kind().word(), it.target(), "", 0);
            case Event.Decided it -> of(it, DECIDED, it.kind().word(), it.target(), it.outcome().word(), it.asked());
            case Event.Held it -> of(it, "held", it.kind().word(), it.target(), "held", it.asked());
            case Event.Answered it -> of(it, "answered", "", "", it.approved() ? "approved" : "denied", it.held());
            case Event.Done it -> of(it, DONE, "", "", it.outcome(), it.decided());
            case Event.Found it -> of(it, "found", it.finding().severity().word(), it.finding().rule(), "", it.about());
            case Event.Changed it -> of(it, CHANGED, it.subject().word(), it.name(), it.change(), 0);
        };
    }

    private static Columns of(Event event, String type, String kind, String target, String outcome, long ref) {
        return new Columns(type, event.session(), event.principal(), kind, target, outcome, ref);
    }
}
