package dev.masugata.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Consumer;

/// Brings folds up to the record: from a snapshot that is believed and the entries after it, or from the first entry.
final class Replay {
    private Replay() {}

    /// @return the snapshot, ready to be written on
    static Snapshot bringUp(
            LedgerOptions options, Statements database, MacKey.Tagger tagger, Folds folds, long size,
            Consumer<String> problem) throws SQLException, IOException {
        var snapshot = new Snapshot(tagger);
        boolean believed = snapshot.load(database, folds);
        if (believed && snapshot.applied() > size)
            throw new LedgerUnavailable("`" + options.database() + "` has " + size + " entries, its snapshot knows of "
                    + snapshot.applied() + ": entries were cut off");
        if (!believed) snapshot = afresh(options, database, tagger, folds, size, problem);
        entries(database, snapshot.applied(), tagger, folds, problem);
        if (!believed || snapshot.applied() < size) {
            snapshot.write(database, folds, size);
            database.connection().commit();
            folds.commit();
        }
        return snapshot;
    }

    /// The snapshot will be made anew from the entries, so these must be the true ones.
    private static Snapshot afresh(
            LedgerOptions options, Statements database, MacKey.Tagger tagger, Folds folds, long size,
            Consumer<String> problem) throws SQLException, IOException {
        if (size > 0) {
            var bad = Verification.ofEntries(options, database).bad();
            if (!bad.isEmpty())
                throw new LedgerUnavailable(
                        "the ledger does not verify: " + bad.getFirst() + "; run `masugata log verify`");
            problem.accept("the snapshot of the ledger was not believed; its folds were folded anew from the entries");
        }
        Folds.ALL.forEach(fold -> folds.state(fold).load(Map.of()));
        database.run("snapshot.clear");
        return new Snapshot(tagger);
    }

    /// Folds the entries after `from`.
    static void entries(Statements database, long from, MacKey.Tagger tagger, Folds folds, Consumer<String> problem)
            throws SQLException {
        try (var row = database.with("entry.tail", from).executeQuery()) {
            while (row.next()) {
                var body = row.getBytes(3);
                var entry = EventReader.read(body);
                // A tag goes for the body, and the number is in the body: an old body at a new place is a forgery.
                boolean inPlace = entry.seq() == row.getLong(1);
                if (!inPlace || !Authentic.isBelieved(entry.event(), body, row.getBytes(4), tagger)) {
                    problem.accept("entry " + row.getLong(1) + " was not written by this ledger and is not believed");
                    continue;
                }
                if (Folds.mayConcern(entry.event()))
                    folds.apply(entry.seq(), Stamp.instant(entry.micros()), entry.event());
            }
        }
    }
}
