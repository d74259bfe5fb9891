package dev.masugata.ledger;

import dev.masugata.wire.Json;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads entries from one state of the database.
final class Entries {
    private final Statements database;

    Entries(Statements database) {
        this.database = database;
    }

    long size() throws SQLException {
        try (var last = database.of("entry.last").executeQuery()) {
            return last.next() ? last.getLong(1) : 0;
        }
    }

    List<Entry> of(Query query) throws SQLException {
        var filter = query.filter(first(query.since()));
        var entries = new ArrayList<Entry>();
        long bytes = 0;
        try (var statement = database.connection().prepareStatement(Sql.of("entry.select") + filter.sql())) {
            for (int i = 0; i < filter.parameters().size(); i++) statement.setObject(i + 1, filter.parameters().get(i));
            try (var row = statement.executeQuery()) {
                while (bytes < Query.MOST_BYTES && row.next()) {
                    var body = row.getBytes(2);
                    var payload = row.getBytes(4);
                    entries.add(entry(row.getLong(1), body, payload));
                    bytes += body.length + (payload == null ? 0 : payload.length);
                }
            }
        }
        return entries;
    }

    Optional<Entry> at(long seq) throws SQLException {
        return of(Query.ALL.withAfter(seq - 1).withBefore(seq + 1).withLimit(1)).stream().findFirst();
    }

    private static Entry entry(long seq, byte[] body, byte @Nullable [] stored) {
        var entry = EventReader.read(body, stored == null ? Json.NULL : EventReader.payload(stored));
        var payload = entry.payload().isEmpty() ? Payload.NONE : stored == null ? Payload.ERASED : Payload.KEPT;
        return new Entry(seq, Stamp.instant(entry.micros()), entry.event(), payload);
    }

    /// The first entry that is not before that time: times only rise, so half of what is left is enough to look at.
    long first(Instant since) throws SQLException {
        if (!since.isAfter(Instant.EPOCH)) return 1;
        long wanted = Stamp.micros(since);
        long low = 1;
        long high = size() + 1;
        while (low < high) {
            long middle = low + (high - low) / 2;
            try (var row = database.with("entry.time", middle).executeQuery()) {
                // Where retention dropped entries the next one that is there answers for them.
                if (!row.next() || row.getLong(2) >= wanted) high = middle;
                else low = row.getLong(1) + 1;
            }
        }
        return low;
    }

    Map<String, Long> outcomes(Instant since) throws SQLException {
        var outcomes = new TreeMap<String, Long>();
        try (var row = database.with("entry.outcomes", first(since)).executeQuery()) {
            while (row.next()) outcomes.put(row.getString(1), row.getLong(2));
        }
        return outcomes;
    }

    /// Decisions up to `last` that let something through and of which nobody recorded the end.
    List<Long> withoutEnd(long last) throws SQLException {
        var without = new ArrayList<Long>();
        try (var row = database.with("entry.unfinished", last).executeQuery()) {
            while (row.next()) without.add(row.getLong(1));
        }
        return without;
    }

    /// The last start of a gate; 0: none is on record.
    long lastStart() throws SQLException {
        try (var row = database.of("entry.starts").executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /// The bytes of an entry, as they were hashed.
    Optional<byte[]> body(long seq) throws SQLException {
        try (var row = database.with("entry.body", seq).executeQuery()) {
            return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
        }
    }
}
