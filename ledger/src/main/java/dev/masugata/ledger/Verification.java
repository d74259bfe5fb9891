package dev.masugata.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks at the whole record, from the first entry to the last, and believes nothing that it can compute itself.
final class Verification {
    private final Statements database;
    private final @Nullable Keys keys;
    private final MacKey.@Nullable Tagger tagger;
    private final Removals removals;
    private final List<VerifyReport.Bad> bad = new ArrayList<>();
    private final Tree tree = new Tree();
    private final Folds folds = new Folds();
    private final Rfc6962 hash = new Rfc6962();
    private final TileCheck tiles;
    private final List<Promise> promises = new ArrayList<>();
    private long dropped;
    private long erased;
    private long head;

    /// A root that the record must have had at a size, and who says so.
    private record Promise(String who, long size, byte[] root) {}

    private Verification(Statements database, @Nullable Keys keys) throws SQLException {
        this.database = database;
        this.keys = keys;
        tagger = keys == null ? null : keys.mac().tagger();
        removals = Removals.read(database, tagger);
        tiles = new TileCheck(database, this::fault);
    }

    /// All of it.
    ///
    /// @param headNote   what the head file held *before* the database was first looked at
    /// @param checkpoint a checkpoint that somebody kept
    static VerifyReport of(Statements database, @Nullable Keys keys, Head headNote, Optional<String> checkpoint)
            throws SQLException {
        var verification = new Verification(database, keys);
        verification.promise(headNote);
        checkpoint.ifPresent(verification::promise);
        verification.entries();
        verification.rest();
        new SnapshotCheck(database, verification.tagger, verification::fault)
                .check(verification.folds, verification.tree.size());
        new BesideCheck(database, verification.tagger, verification::fault)
                .check(verification.removals, verification.folds.committed().sessions(), verification.tree.size());
        return verification.report(headNote);
    }

    /// Only what snapshots are made from: entries, tree, and the head file.
    static VerifyReport ofEntries(LedgerOptions options, Statements database) throws SQLException, IOException {
        var head = Head.read(options.headFile());
        var verification = new Verification(database, Keys.open(options.keys()));
        verification.promise(head);
        verification.entries();
        return verification.report(head);
    }

    /// What the head file holds.
    ///
    /// @param note    empty when there is none
    /// @param problem why not; empty when there is one
    record Head(Optional<Note> note, String problem) {
        static Head read(HeadFile file) throws IOException {
            try {
                var note = file.read();
                return new Head(note, note.isPresent() ? "" : "missing");
            } catch (LedgerUnavailable e) {
                return new Head(Optional.empty(), String.valueOf(e.getMessage()));
            }
        }
    }

    private void fault(long seq, String what, Object expected, Object found) {
        bad.add(new VerifyReport.Bad(seq, what, String.valueOf(expected), String.valueOf(found)));
        // Only the lowest are told; a record that is wrong everywhere must not fill the memory.
        if (bad.size() == 10 * VerifyReport.MOST) trim();
    }

    private void trim() {
        // What cannot be laid to an entry comes after what can.
        bad.sort(Comparator.comparingLong(it -> it.seq() == 0 ? Long.MAX_VALUE : it.seq()));
        if (bad.size() > VerifyReport.MOST) bad.subList(VerifyReport.MOST, bad.size()).clear();
    }

    private void promise(Head file) {
        if (file.note().isEmpty()) {
            fault(0, "head file", "the last signed checkpoint", file.problem());
            return;
        }
        var note = file.note().get();
        if (keys != null && !keys.signing().verifier().accepts(note)) {
            fault(0, "head file", "signed by " + keys.signing().verifier(), signers(note));
            return;
        }
        head = TreeHead.of(note).size();
        promises.add(new Promise("the head file", head, TreeHead.of(note).root()));
    }

    private void promise(String checkpoint) {
        try {
            var note = Note.parse(checkpoint);
            var kept = TreeHead.of(note);
            // Whoever signs the record anew needs another key, unless he has ours.
            if (keys != null && !keys.signing().verifier().accepts(note))
                fault(0, "key of the checkpoint", signers(note), keys.signing().verifier().toString());
            else promises.add(new Promise("the checkpoint", kept.size(), kept.root()));
        } catch (IllegalArgumentException e) {
            fault(0, "checkpoint", "a signed checkpoint", String.valueOf(e.getMessage()));
        }
    }

    private static String signers(Note note) {
        return String.join(" ", note.signatures().stream()
                .map(it -> it.key() + "+" + HexFormat.of().toHexDigits(it.id()))
                .toList());
    }

    private void entries() throws SQLException {
        var check = new EntryCheck(removals, tagger, this::fault);
        var stored = new StoredHashes(database);
        compare();
        try (var row = database.of("entry.all").executeQuery()) {
            while (row.next()) {
                long seq = row.getLong("seq");
                while (tree.size() + 1 < seq) missing(tree.size() + 1, stored);
                if (removals.mustDrop(seq)) fault(seq, "entry", "dropped by a retention", "present");
                var leaf = hash.leaf(row.getBytes("body"));
                check.check(row, leaf).ifPresent(this::fold);
                append(leaf);
            }
        }
        erased = check.erased();
        tiles.end(tree);
        for (var promise : promises) {
            if (promise.size() > tree.size())
                fault(tree.size() + 1, "entries", promise.who() + " covers " + promise.size(), tree.size());
        }
    }

    private void fold(Recorded entry) {
        if (!Folds.mayConcern(entry.event())) return;
        folds.apply(entry.seq(), Stamp.instant(entry.micros()), entry.event());
        folds.commit();
    }

    private void missing(long seq, StoredHashes stored) throws SQLException {
        if (removals.drop(seq)) dropped++;
        else fault(seq, "entry", "present", "missing");
        try {
            append(stored.slice(0, seq - 1, 1));
        } catch (Unreadable e) {
            fault(seq, "leaf", "kept in the tree", "missing");
            append(new byte[Rfc6962.BYTES]);
        }
    }

    private void append(byte[] leaf) throws SQLException {
        tree.append(leaf);
        compare();
        for (var tile : tree.takeFull()) tiles.full(tile);
    }

    /// Compares the root so far with what it was said to be at this size.
    private void compare() {
        for (var promise : promises) {
            if (promise.size() == tree.size() && !Arrays.equals(promise.root(), tree.root()))
                fault(promise.size(), "root over the first " + promise.size() + " entries, in " + promise.who(),
                        EntryCheck.hex(promise.root()), EntryCheck.hex(tree.root()));
        }
    }

    /// What belongs to no entry: payloads without one, and the pages of the file.
    private void rest() throws SQLException {
        try (var row = database.of("payload.unbound").executeQuery()) {
            if (row.next()) fault(row.getLong(1), "payload", "none, for there is no entry", "a payload");
        }
        Database.foreignSchema(database.connection())
                .ifPresent(it -> fault(0, "database schema", "as it was made", it));
        Database.damage(database.connection()).ifPresent(said -> fault(tree.size(), "database file", "ok", said));
    }

    private VerifyReport report(Head file) {
        trim();
        long unsigned = Math.max(0, tree.size() - head);
        var checkpoint = file.note().map(Note::toString).orElse("");
        if (bad.isEmpty() && keys != null && unsigned > 0) {
            var origin = keys.signing().verifier().name();
            checkpoint = keys.signing().sign(new TreeHead(origin, tree.size(), tree.root()).text()).toString();
        }
        return new VerifyReport(tree.size(), dropped, erased, unsigned, checkpoint, false, keys != null, bad);
    }
}
