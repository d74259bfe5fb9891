package dev.masugata.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.Consumer;

/// What a start reads before the first entry is written.
record Opening(
        LedgerLimits limits, Statements database, MacKey.Tagger tagger, Folds folds, Snapshot snapshot, Tree tree,
        long lastMicros) {

    static Opening read(
            LedgerOptions options, Statements database, Keys keys, Heads heads, Folds folds, Consumer<String> problem)
            throws SQLException, IOException {
        long size = 0;
        long micros = 0;
        try (var last = database.of("entry.last").executeQuery()) {
            if (last.next()) {
                size = last.getLong(1);
                micros = last.getLong(2);
            }
        }
        var tree = restore(size, database);
        checkHead(options, heads, database, tree);
        var tagger = keys.mac().tagger();
        var snapshot = Replay.bringUp(options, database, tagger, folds, size, problem);
        return new Opening(options.limits(), database, tagger, folds, snapshot, tree, micros);
    }

    private static Tree restore(long size, Statements database) {
        try {
            return Tree.restore(size, new StoredHashes(database));
        } catch (Unreadable e) {
            throw new LedgerUnavailable("the ledger is damaged: " + e.getMessage() + "; run `masugata log verify`", e);
        }
    }

    /// The database must be at least as long as the last checkpoint on disk says, and begin with what it covers.
    private static void checkHead(LedgerOptions options, Heads heads, Statements database, Tree tree)
            throws IOException {
        var head = heads.read();
        var file = options.headFile().file();
        if (head.isEmpty()) {
            if (tree.size() > 0)
                throw new LedgerUnavailable("`" + file + "` is missing although the ledger has " + tree.size()
                        + " entries: restore it from a backup");
            // Written before the first entry: from now on its absence means something.
            heads.publish(0, tree.root());
            if (heads.read().isEmpty()) throw new LedgerUnavailable("`" + file + "` cannot be written");
            return;
        }
        long size = head.get().size();
        if (size > tree.size())
            throw new LedgerUnavailable("`" + options.database() + "` has " + tree.size() + " entries, `" + file
                    + "` knows of " + size + ": entries were cut off, or an older copy was put back");
        try {
            if (!Arrays.equals(new Merkle(new StoredHashes(database)).root(size), head.get().root()))
                throw new LedgerUnavailable("the first " + size + " entries of `" + options.database()
                        + "` are not those that `" + file + "` covers: run `masugata log verify`");
        } catch (Unreadable e) {
            throw new LedgerUnavailable("the ledger is damaged: " + e.getMessage() + "; run `masugata log verify`", e);
        }
    }
}
