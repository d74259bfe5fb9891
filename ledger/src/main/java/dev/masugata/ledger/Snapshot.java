package dev.masugata.ledger;

import dev.masugata.wire.Json;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The folds' states as they lie in the database, under a seal that only the holder of the key can make.
///
/// The seal covers the sum (exclusive or) of the tags of all rows, so that one changed row costs one tag to take out
/// and one to put in; who has not the key can neither change, nor drop, nor bring back a row.
final class Snapshot {
    private final MacKey.Tagger tagger;
    private final byte[] rows = new byte[MacKey.BYTES];
    private long applied;

    Snapshot(MacKey.Tagger tagger) {
        this.tagger = tagger;
    }

    /// Up to which entry it goes.
    long applied() {
        return applied;
    }

    /// Fills the folds from the database.
    ///
    /// @return false if the snapshot is not believed: it is missing, made by other folds, or its seal is broken
    boolean load(Statements database, Folds folds) throws SQLException {
        var cells = new HashMap<Fold, Map<String, State.Cell>>();
        Folds.ALL.forEach(fold -> cells.put(fold, new HashMap<>()));
        try (var row = database.of("snapshot.all").executeQuery()) {
            while (row.next()) {
                var stored = new Folds.Row(row.getString(1), row.getString(2), row.getBytes(3), row.getLong(4));
                add(stored);
                var fold = Folds.named(stored.fold());
                if (fold.isEmpty()) return false;
                var cell = cell(stored);
                if (cell.isEmpty()) return false;
                Objects.requireNonNull(cells.get(fold.get())).put(stored.key(), cell.get());
            }
        }
        if (!isSealed(database)) return false;
        cells.forEach((fold, map) -> folds.state(fold).load(map));
        return true;
    }

    private boolean isSealed(Statements database) throws SQLException {
        try (var seal = database.of("seal.get").executeQuery()) {
            if (!seal.next() || !seal.getString(2).equals(Folds.NAMES)) return false;
            applied = seal.getLong(1);
            return MessageDigest.isEqual(seal.getBytes(3), tagger.seal(applied, Folds.NAMES, rows));
        }
    }

    private static Optional<State.Cell> cell(Folds.Row row) {
        return EventReader.payload(row.state()) instanceof Json.Obj value
                ? Optional.of(new State.Cell(value, row.seq()))
                : Optional.empty();
    }

    /// Writes what the folds' open transaction changed, and seals it.
    void write(Statements database, Folds folds, long seq) throws SQLException {
        for (var fold : Folds.ALL) {
            var state = folds.state(fold);
            for (var change : state.changed().entrySet()) {
                var key = change.getKey();
                state.before(key).ifPresent(before -> add(Folds.Row.of(fold, key, before)));
                if (change.getValue().isEmpty()) {
                    database.run("snapshot.remove", fold.name(), key);
                    continue;
                }
                var row = Folds.Row.of(fold, key, change.getValue().get());
                add(row);
                database.run("snapshot.put", row.fold(), row.key(), row.state(), row.seq());
            }
        }
        applied = seq;
        database.run("seal.put", applied, Folds.NAMES, tagger.seal(applied, Folds.NAMES, rows));
    }

    /// Exclusive or: adding a row a second time takes it out.
    private void add(Folds.Row row) {
        var tag = row.tag(tagger);
        for (int i = 0; i < rows.length; i++) rows[i] ^= tag[i];
    }
}
