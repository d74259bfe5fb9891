package dev.masugata.ledger;

import java.nio.charset.StandardCharsets;

/// Checks a proof that [LedgerReader#prove] wrote, with nothing but the log's public key.
public final class ProofCheck {
    /// Characters of one proof.
    public static final int MAX_CHARS = 256 * 1024;

    private ProofCheck() {}

    /// What came of a check.
    public sealed interface Result {}

    /// The entry stands in the log at that place.
    ///
    /// @param entry its JSON, as it was recorded
    /// @param size  how many entries the checkpoint covers
    public record Holds(long seq, String entry, String origin, long size) implements Result {}

    /// It is not proven.
    public record Fails(String why) implements Result {}

    /// @param publicKey `name+id+key`, from somebody who is trusted; not from the proof
    public static Result check(String proof, String publicKey) {
        try {
            var key = NoteKey.Verifier.parse(publicKey);
            var parsed = Proofs.Parsed.of(proof);
            if (!key.accepts(parsed.checkpoint()))
                return new Fails("the checkpoint is not signed by `" + key.name() + "`");
            var head = TreeHead.of(parsed.checkpoint());
            if (!head.origin().equals(key.name()))
                return new Fails("the checkpoint is of another log: `" + head.origin() + "`");
            var leaf = new Rfc6962().leaf(parsed.body());
            if (!Merkle.includes(leaf, parsed.index(), head.size(), parsed.path(), head.root()))
                return new Fails("the entry is not in the log at that place");
            var entry = new String(parsed.body(), StandardCharsets.UTF_8);
            return new Holds(parsed.index() + 1, entry, head.origin(), head.size());
        } catch (IllegalArgumentException e) {
            return new Fails(String.valueOf(e.getMessage()));
        }
    }
}
