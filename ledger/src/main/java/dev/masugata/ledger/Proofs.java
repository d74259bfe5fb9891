package dev.masugata.ledger;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Writes proofs of inclusion in the form of C2SP tlog-proof. The entry itself is their extra data, so that a proof
/// stands alone.
final class Proofs {
    static final String HEADER = "c2sp.org/tlog-proof@v1";

    private Proofs() {}

    static Optional<String> of(Statements database, NoteKey key, long seq) throws SQLException {
        var entries = new Entries(database);
        long size = entries.size();
        var body = entries.body(seq);
        if (body.isEmpty()) return Optional.empty();
        var merkle = new Merkle(new StoredHashes(database));
        var head = new TreeHead(key.verifier().name(), size, merkle.root(size));
        return Optional.of(text(body.get(), seq - 1, merkle.inclusion(seq - 1, size), key.sign(head.text())));
    }

    /// @param index counted from 0
    static String text(byte[] body, long index, List<byte[]> path, Note checkpoint) {
        var base64 = Base64.getEncoder();
        var proof = new StringBuilder(HEADER).append('\n');
        proof.append("extra ").append(base64.encodeToString(body)).append('\n');
        proof.append("index ").append(index).append('\n');
        path.forEach(hash -> proof.append(base64.encodeToString(hash)).append('\n'));
        return proof.append('\n').append(checkpoint).toString();
    }

    /// A proof as it was read; nothing of it is believed yet.
    record Parsed(byte[] body, long index, List<byte[]> path, Note checkpoint) {

        /// @throws IllegalArgumentException when it is not a proof with its entry
        static Parsed of(String text) {
            int blank = text.indexOf("\n\n");
            if (text.length() > ProofCheck.MAX_CHARS || blank < 0)
                throw new IllegalArgumentException("not a proof: no blank line before the checkpoint, or too long");
            var lines = List.of(text.substring(0, blank).split("\n", -1));
            if (lines.size() < 3 || !lines.getFirst().equals(HEADER) || !lines.get(1).startsWith("extra ")
                    || !lines.get(2).matches("index (0|[1-9][0-9]{0,17})"))
                throw new IllegalArgumentException("not a proof of the form `" + HEADER + "` with its entry");
            var base64 = Base64.getDecoder();
            var path = lines.subList(3, lines.size()).stream().map(base64::decode).toList();
            if (path.stream().anyMatch(hash -> hash.length != Rfc6962.BYTES))
                throw new IllegalArgumentException("a hash of the proof has not 32 bytes");
            return new Parsed(
                    base64.decode(lines.get(1).substring("extra ".length()).getBytes(StandardCharsets.US_ASCII)),
                    Long.parseLong(lines.get(2).substring("index ".length())), path,
                    Note.parse(text.substring(blank + 2)));
        }
    }
}
