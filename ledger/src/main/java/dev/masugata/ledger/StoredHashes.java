package dev.masugata.ledger;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The tree's hashes as they lie in the database. It remembers tiles, so it serves one look at one state.
final class StoredHashes implements Hashes {
    private static final int TILE_BYTES = Tree.WIDTH * Rfc6962.BYTES;
    private static final int REMEMBERED = 64;

    private final Statements database;

    private final Map<String, byte[]> tiles = new HashMap<>();

    StoredHashes(Statements database) {
        this.database = database;
    }

    @Override
    public byte[] slice(int level, long from, int count) {
        long number = from / Tree.WIDTH;
        int first = (int) (from % Tree.WIDTH) * Rfc6962.BYTES;
        var tile = tile(level, number);
        if (tile.length < first + count * Rfc6962.BYTES)
            throw new Unreadable("the tree's hash " + from + " of level " + level + " is missing");
        return Arrays.copyOfRange(tile, first, first + count * Rfc6962.BYTES);
    }

    private byte[] tile(int level, long number) {
        if (tiles.size() == REMEMBERED) tiles.clear();
        return tiles.computeIfAbsent(level + "/" + number, _ -> {
            try {
                var tile = stored(level, number);
                return level == 0 && tile.length < TILE_BYTES ? withLeaves(number, tile) : tile;
            } catch (SQLException e) {
                throw new Unreadable("the tree cannot be read", e);
            }
        });
    }

    private byte[] stored(int level, long number) throws SQLException {
        try (var row = database.with("tile.get", level, number).executeQuery()) {
            return row.next() ? row.getBytes(1) : new byte[0];
        }
    }

    /// The leaves of the last, partial tile stand with their entries.
    private byte[] withLeaves(long number, byte[] begun) throws SQLException {
        var tile = Arrays.copyOf(begun, TILE_BYTES);
        int length = begun.length;
        long next = number * Tree.WIDTH + begun.length / Rfc6962.BYTES + 1;
        try (var row = database.with("entry.leaves", next, (number + 1) * Tree.WIDTH).executeQuery()) {
            for (; row.next() && row.getLong(1) == next; next++, length += Rfc6962.BYTES) {
                var leaf = row.getBytes(2);
                if (leaf.length != Rfc6962.BYTES) throw new Unreadable("entry " + next + " has no leaf hash");
                System.arraycopy(leaf, 0, tile, length, Rfc6962.BYTES);
            }
        }
        return Arrays.copyOf(tile, length);
    }
}
