package dev.masugata.ledger;

import dev.masugata.model.Event;

/// Whose payloads an erasure takes.
public sealed interface Scope {
    /// True if it takes this entry's.
    boolean takes(long seq, Event event);

    /// All of one session.
    record OfSession(String session) implements Scope {
        @Override
        public boolean takes(long seq, Event event) {
            return event.session().equals(session);
        }
    }

    /// All that one principal caused.
    ///
    /// @param principal its id, such as `agent:coder`
    record OfPrincipal(String principal) implements Scope {
        @Override
        public boolean takes(long seq, Event event) {
            return event.principal().equals(principal);
        }
    }

    /// Those of the entries `first` to `last`.
    record OfEntries(long first, long last) implements Scope {
        public OfEntries {
            if (first < 1 || last < first)
                throw new IllegalArgumentException("entries go from a lower to a higher number");
        }

        @Override
        public boolean takes(long seq, Event event) {
            return first <= seq && seq <= last;
        }
    }
}
