package dev.masugata.ledger;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Writes the record as JSON lines, one for each entry that ever was, and a last one with the checkpoint:
///
/// - `{"entry":{...}}`, the entry in its canonical form: its leaf hash is that of exactly these bytes;
/// - with `"payload"` and the `"salt"` (hex) under which the entry holds its keyed hash, or with `"erased":true`;
/// - `{"dropped":17,"leaf":"..."}` for an entry that retention dropped;
/// - `{"checkpoint":"..."}`.
final class JsonlExport {
    private final Statements database;
    private final NoteKey key;
    private final BufferedOutputStream out;
    private final Tree tree = new Tree();
    private final StoredHashes stored;
    private final Rfc6962 hash = new Rfc6962();

    JsonlExport(Statements database, NoteKey key, OutputStream out) {
        this.database = database;
        this.key = key;
        this.out = new BufferedOutputStream(out, 64 * 1024);
        stored = new StoredHashes(database);
    }

    void write() throws SQLException, IOException {
        try (var row = database.of("entry.all").executeQuery()) {
            while (row.next()) {
                while (tree.size() + 1 < row.getLong("seq")) dropped(tree.size() + 1);
                entry(row.getBytes("body"), row.getBytes("salt"), row.getBytes("payload"));
            }
        }
        var head = new TreeHead(key.verifier().name(), tree.size(), tree.root());
        var checkpoint = key.sign(head.text()).toString();
        out.write(new CanonicalBytes().raw("{\"checkpoint\":").string(checkpoint).raw("}\n").take());
        out.flush();
    }

    private void dropped(long seq) throws IOException {
        var leaf = stored.slice(0, seq - 1, 1);
        text("{\"dropped\":" + seq + ",\"leaf\":\"" + HexFormat.of().formatHex(leaf) + "\"}\n");
        append(leaf);
    }

    private void entry(byte[] body, byte @Nullable [] salt,
            byte @Nullable [] payload) throws IOException {
        text("{\"entry\":");
        out.write(body);
        if (payload != null && salt != null) {
            text(",\"payload\":");
            out.write(payload);
            text(",\"salt\":\"" + HexFormat.of().formatHex(salt) + "\"");
        } else if (!EventReader.read(body).payload().isEmpty()) {
            text(",\"erased\":true");
        }
        text("}\n");
        append(hash.leaf(body));
    }

    private void append(byte[] leaf) {
        tree.append(leaf);
        tree.takeFull();
    }

    private void text(String json) throws IOException {
        out.write(json.getBytes(StandardCharsets.US_ASCII));
    }
}
