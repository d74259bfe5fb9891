package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the record itself says was taken out of it.
final class Removals {
    private final Map<Long, Erased> erased = new TreeMap<>();
    private final Map<Long, Retained> retained = new TreeMap<>();
    private final Set<Long> unfinished = new HashSet<>();

    /// @param tagger null: every event is believed
    static Removals read(Statements database, MacKey.@Nullable Tagger tagger) throws SQLException {
        var removals = new Removals();
        try (var row = database.of("entry.record").executeQuery()) {
            while (row.next()) removals.add(row.getLong(1), row.getBytes(2), row.getBytes(3), row.getBytes(4), tagger);
        }
        try (var row = database.of("unfinished.all").executeQuery()) {
            while (row.next()) removals.unfinished.add(row.getLong(1));
        }
        return removals;
    }

    private void add(
            long seq, byte[] body, byte @Nullable [] tag, byte @Nullable [] payload, MacKey.@Nullable Tagger tagger) {
        try {
            var entry = EventReader.read(body, payload == null ? Json.NULL : EventReader.payload(payload));
            if (entry.seq() != seq || tagger != null && !Authentic.isBelieved(entry.event(), body, tag, tagger)) return;
            Erased.of(entry.event()).ifPresent(it -> erased.put(seq, it));
            Retained.of(entry.event()).ifPresent(it -> retained.put(seq, it));
        } catch (Unreadable | IllegalArgumentException e) {
            return; // it explains nothing; the pass over all entries reports it
        }
    }

    /// True if a retention dropped the entry.
    boolean drop(long seq) {
        return retained.entrySet().stream().anyMatch(it -> seq < it.getKey() && it.getValue().drops(seq));
    }

    /// True if the entry's payload may be missing.
    boolean mayTakePayload(long seq, Event event) {
        if (Erased.spares(event)) return false;
        return erased.entrySet().stream().anyMatch(it -> seq < it.getKey() && it.getValue().scope().takes(seq, event))
                || retained.entrySet().stream().anyMatch(it -> seq < it.getKey() && seq <= it.getValue().through());
    }

    /// True if the entry's payload must be missing.
    boolean mustTakePayload(long seq, Event event) {
        return !Erased.spares(event)
                && erased.entrySet().stream()
                        .filter(it -> !unfinished.contains(it.getKey()))
                        .anyMatch(it -> seq < it.getKey() && it.getValue().scope().takes(seq, event));
    }
}
