package dev.masugata.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Writes the log as static files (C2SP tlog-tiles): `checkpoint`, `tile/<level>/<number>` with the hashes,
/// `tile/entries/<number>` with the entries, 256 to a file, each after its length in two bytes.
final class TilesExport {
    private final Statements database;
    private final NoteKey key;
    private final Path directory;

    TilesExport(Statements database, NoteKey key, Path directory) {
        this.database = database;
        this.key = key;
        this.directory = directory;
    }

    /// @return the bundles that are left out because entries in them were dropped
    List<String> write() throws SQLException, IOException {
        long size = new Entries(database).size();
        var stored = new StoredHashes(database);
        for (int level = 0; size >> level * Tree.HEIGHT > 0; level++) tiles(level, size >> level * Tree.HEIGHT, stored);
        var left = bundles(size);
        // Last, so that whoever watches the directory finds all that the checkpoint covers.
        var head = new TreeHead(key.verifier().name(), size, new Merkle(stored).root(size));
        file("checkpoint", key.sign(head.text()).toString().getBytes(StandardCharsets.UTF_8));
        return left;
    }

    private void tiles(int level, long hashes, StoredHashes stored) throws IOException {
        for (long number = 0; number * Tree.WIDTH < hashes; number++) {
            int width = (int) Math.min(Tree.WIDTH, hashes - number * Tree.WIDTH);
            file("tile/" + level + "/" + path(number, width), stored.slice(level, number * Tree.WIDTH, width));
        }
    }

    private List<String> bundles(long size) throws SQLException, IOException {
        var left = new ArrayList<String>();
        for (long number = 0; number * Tree.WIDTH < size; number++) {
            int width = (int) Math.min(Tree.WIDTH, size - number * Tree.WIDTH);
            var name = "tile/entries/" + path(number, width);
            var bundle = new ByteArrayOutputStream();
            if (bundle(number * Tree.WIDTH, bundle) == width) file(name, bundle.toByteArray());
            else left.add(name);
        }
        return left;
    }

    /// @return how many entries of the bundle are there
    private int bundle(long first, ByteArrayOutputStream out) throws SQLException {
        int count = 0;
        try (var row = database.with("entry.foldable", first + 1, first + Tree.WIDTH).executeQuery()) {
            for (; row.next(); count++) {
                var body = row.getBytes(2);
                out.write(body.length >> 8);
                out.write(body.length);
                out.writeBytes(body);
            }
        }
        return count;
    }

    /// The number in groups of three digits, all but the last with an `x`; and the width, if the tile is not full.
    static String path(long number, int width) {
        var path = new StringBuilder("%03d".formatted(number % 1000));
        for (long rest = number / 1000; rest > 0; rest /= 1000) path.insert(0, "x%03d/".formatted(rest % 1000));
        return width == Tree.WIDTH ? path.toString() : path + ".p/" + width;
    }

    private void file(String name, byte[] bytes) throws IOException {
        var file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
