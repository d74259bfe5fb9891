package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
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
        try (var row = database.of("unfinished.seqs").executeQuery()) {
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

    /// True if a retention that is finished dropped the entry, so that it must not be there.
    boolean mustDrop(long seq) {
        return finished(retained).anyMatch(it -> seq < it.getKey() && it.getValue().drops(seq));
    }

    private <T> Stream<Map.Entry<Long, T>> finished(Map<Long, T> removals) {
        return removals.entrySet().stream().filter(it -> !unfinished.contains(it.getKey()));
    }

    /// Those that are noted as unfinished although no entry of that number removes anything.
    List<Long> unexplained() {
        return unfinished.stream()
                .filter(it -> !erased.containsKey(it) && !retained.containsKey(it))
                .sorted()
                .toList();
    }

    boolean anyRetained() {
        return !retained.isEmpty();
    }

    /// True if the entry's payload may be missing.
    boolean mayTakePayload(long seq, Event event) {
        if (Erased.spares(event)) return false;
        return erased.entrySet().stream().anyMatch(it -> seq < it.getKey() && it.getValue().scope().takes(seq, event))
                || retained.entrySet().stream().anyMatch(it -> seq < it.getKey() && seq <= it.getValue().through());
    }

    /// Definitions of tools outlive a retention ([Removal#NOT_PINS]).
    private static boolean isPin(Event event) {
        return event instanceof Event.Changed it && it.subject() == Event.Subject.PIN;
    }

    /// True if the entry's payload must be missing.
    boolean mustTakePayload(long seq, Event event) {
        if (Erased.spares(event)) return false;
        return finished(erased).anyMatch(it -> seq < it.getKey() && it.getValue().scope().takes(seq, event))
                || !isPin(event) && finished(retained).anyMatch(it -> seq <= it.getValue().through());
    }
}
