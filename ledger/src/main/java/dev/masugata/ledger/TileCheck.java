package dev.masugata.ledger;

import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Compares the stored tiles with those of a tree that was built anew from the entries.
final class TileCheck {
    private final Statements database;
    private final EntryCheck.Faults faults;

    TileCheck(Statements database, EntryCheck.Faults faults) {
        this.database = database;
        this.faults = faults;
    }

    void full(Tree.Tile tile) throws SQLException {
        compare(tile, stored(tile.level(), tile.number()));
    }

    /// The partial tiles at the right edge, and whether there are others that belong to no tree of this size.
    void end(Tree tree) throws SQLException {
        for (var tile : tree.partial()) {
            var stored = stored(tile.level(), tile.number());
            // Leaves stand with their entries; the tile holds the first of them after a retention only.
            if (tile.level() > 0) compare(tile, stored);
            else if (stored != null) compare(first(tile, stored.length / Rfc6962.BYTES), stored);
        }
        try (var row = database.of("tile.places").executeQuery()) {
            while (row.next()) known(tree.size(), row.getInt(1), row.getLong(2));
        }
    }

    private void known(long size, int level, long number) {
        long there = size >> level * Tree.HEIGHT;
        if (number * Tree.WIDTH >= there || number < 0)
            faults.add(size, "tile " + level + "/" + number, "none in a tree of " + size, "a tile");
    }

    private static Tree.Tile first(Tree.Tile tile, int width) {
        var hashes = Arrays.copyOf(tile.hashes(), Math.min(tile.hashes().length, width * Rfc6962.BYTES));
        return new Tree.Tile(tile.level(), tile.number(), hashes);
    }

    private byte @Nullable [] stored(int level, long number) throws SQLException {
        try (var row = database.with("tile.get", level, number).executeQuery()) {
            return row.next() ? row.getBytes(1) : null;
        }
    }

    private void compare(Tree.Tile tile, byte @Nullable [] stored) {
        var place = "tile " + tile.level() + "/" + tile.number();
        if (stored == null) {
            faults.add(last(tile, 0), place, tile.hashes().length + " bytes", "missing");
            return;
        }
        int differs = Arrays.mismatch(tile.hashes(), stored);
        if (differs < 0) return;
        int index = differs / Rfc6962.BYTES;
        faults.add(last(tile, index), place + " hash " + index, hash(tile.hashes(), index), hash(stored, index));
    }

    private static String hash(byte[] hashes, int index) {
        int from = Math.min(index * Rfc6962.BYTES, hashes.length);
        return EntryCheck.hex(Arrays.copyOfRange(hashes, from, Math.min(from + Rfc6962.BYTES, hashes.length)));
    }

    /// The last entry that a hash of the tile covers: at level 0 the only one.
    private static long last(Tree.Tile tile, int index) {
        return tile.number() * Tree.WIDTH + index + 1 << tile.level() * Tree.HEIGHT;
    }
}
