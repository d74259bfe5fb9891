package dev.masugata.ledger;

import dev.masugata.model.Event;
import org.jspecify.annotations.Nullable;

/// Which events are believed only with a tag under the key outside the database.
final class Authentic {
    private Authentic() {}

    /// True for what widens, and for what explains that something is missing from the record.
    static boolean needsTag(Event event) {
        return event.widens() || event instanceof Event.Changed it && it.subject() == Event.Subject.RECORD;
    }

    static boolean isBelieved(Event event, byte[] body, byte @Nullable [] tag, MacKey.Tagger tagger) {
        return !needsTag(event) || tag != null && tagger.isEvent(body, tag);
    }
}
