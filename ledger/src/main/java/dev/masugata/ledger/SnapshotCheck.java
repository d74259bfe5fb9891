package dev.masugata.ledger;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Compares the stored snapshot with folds that were folded anew from the first entry on.
final class SnapshotCheck {
    private final Statements database;
    private final MacKey.@Nullable Tagger tagger;
    private final EntryCheck.Faults faults;

    SnapshotCheck(Statements database, MacKey.@Nullable Tagger tagger, EntryCheck.Faults faults) {
        this.database = database;
        this.tagger = tagger;
        this.faults = faults;
    }

    /// @param folds folded anew
    /// @param size  how many entries there are
    void check(Folds folds, long size) throws SQLException {
        var expected = new HashMap<String, Folds.Row>();
        for (var fold : Folds.ALL) {
            folds.state(fold).cells().forEach((key, cell) ->
                    expected.put(fold.name() + " " + key, Folds.Row.of(fold, key, cell)));
        }
        try (var row = database.of("snapshot.all").executeQuery()) {
            while (row.next()) {
                var found = new Folds.Row(row.getString(1), row.getString(2), row.getBytes(3), row.getLong(4));
                compare(expected.remove(found.fold() + " " + found.key()), found);
            }
        }
        for (Map.Entry<String, Folds.Row> left : expected.entrySet())
            faults.add(left.getValue().seq(), "snapshot " + left.getKey(), text(left.getValue()), "missing");
        if (tagger == null) return;
        var snapshot = new Snapshot(tagger);
        if (!snapshot.load(database, new Folds()))
            faults.add(0, "snapshot seal", "made with this home's key", "another");
        else if (snapshot.applied() > size)
            faults.add(size + 1, "entries", "the seal covers " + snapshot.applied(), size);
    }

    private void compare(Folds.@Nullable Row expected, Folds.Row found) {
        var what = "snapshot " + found.fold() + " " + found.key();
        if (expected == null) faults.add(found.seq(), what, "none", text(found));
        else if (!Arrays.equals(expected.state(), found.state()))
            faults.add(Math.max(expected.seq(), found.seq()), what, text(expected), text(found));
        else if (expected.seq() != found.seq()) faults.add(expected.seq(), what, expected.seq(), found.seq());
    }

    private static String text(Folds.Row row) {
        return new String(row.state(), StandardCharsets.UTF_8);
    }
}
