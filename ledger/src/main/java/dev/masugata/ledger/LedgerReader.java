package dev.masugata.ledger;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the record: in the gate, beside it in another process, or without one. Each answer is of one state.
///
/// Every method throws [LedgerUnavailable] when the database cannot be read.
public final class LedgerReader implements AutoCloseable {
    private final LedgerOptions options;
    private final Keys keys;
    private final Readers connections;
    private final Optional<Long> openedAt;

    private LedgerReader(LedgerOptions options, Keys keys, Optional<Long> openedAt) {
        this.options = options;
        this.keys = keys;
        this.openedAt = openedAt;
        connections = new Readers(new Database(options.database()));
    }

    /// @param openedAt the size when the writer of this process began
    LedgerReader(LedgerOptions options, Keys keys, long openedAt) {
        this(options, keys, Optional.of(openedAt));
    }

    /// Opens a ledger that exists, only for reading.
    public static LedgerReader open(LedgerOptions options) {
        if (Files.notExists(options.database()))
            throw new LedgerUnavailable("there is no ledger at `" + options.database() + "` yet");
        try {
            return new LedgerReader(options, Keys.open(options.keys()), Optional.empty());
        } catch (IOException e) {
            throw new LedgerUnavailable("the keys in `" + options.keys() + "` cannot be read: " + e.getMessage(), e);
        }
    }

    Readers connections() {
        return connections;
    }

    public long size() {
        return connections.read(database -> new Entries(database).size());
    }

    public List<Entry> entries(Query query) {
        return connections.read(database -> new Entries(database).of(query));
    }

    /// Empty: there is none of that number, or retention dropped it.
    public Optional<Entry> entry(long seq) {
        return connections.read(database -> new Entries(database).at(seq));
    }

    /// How many decisions there were of each outcome since then.
    public Map<String, Long> outcomes(Instant since) {
        return connections.read(database -> new Entries(database).outcomes(since));
    }

    /// Decisions that let something through and whose end is not on record because the gate went down: whether it
    /// happened is unknown. What is still under way does not count.
    public List<Long> unknownOutcomes() {
        boolean running = openedAt.isPresent() || !isWriterGone();
        return connections.read(database -> {
            var entries = new Entries(database);
            long before = openedAt.isPresent() ? openedAt.get() : running ? entries.lastStart() : entries.size();
            return entries.withoutEnd(before);
        });
    }

    private boolean isWriterGone() {
        try {
            return WriterLock.isFree(options.lock());
        } catch (IOException e) {
            throw new LedgerUnavailable("`" + options.lock() + "` cannot be looked at: " + e.getMessage(), e);
        }
    }

    /// What the record says is so, folded up to its last entry. The gate has this at hand: [Ledger#standing].
    public Standing standing() {
        return connections.read(database -> {
            var folds = new Folds();
            var tagger = keys.mac().tagger();
            var snapshot = new Snapshot(tagger);
            boolean believed = snapshot.load(database, folds);
            Replay.entries(database, believed ? snapshot.applied() : 0, tagger, folds, _ -> {});
            folds.commit();
            return folds.committed();
        });
    }

    /// The text of a policy set that is or was live, by its digest.
    public Optional<Json> policySet(String digest) {
        return standing().policies().entryOf(digest).flatMap(this::entry).map(it -> it.event().payload());
    }

    /// Looks at the whole record. It may be written meanwhile.
    ///
    /// @param checkpoint a signed checkpoint that somebody kept: the record must be a continuation of it
    public VerifyReport verify(Optional<String> checkpoint) {
        try {
            // First the file, then the database: in this order the file is never ahead.
            var head = Verification.Head.read(options.headFile());
            return connections.read(database -> Verification.of(database, keys, head, checkpoint));
        } catch (IOException e) {
            throw new LedgerUnavailable("`" + options.headFile().file() + "` cannot be read: " + e.getMessage(), e);
        }
    }

    /// A proof that the entry is in the record, to be checked by [ProofCheck] and by C2SP tlog-proof tools.
    ///
    /// @return empty: there is no such entry
    public Optional<String> prove(long seq) {
        return connections.read(database -> Proofs.of(database, keys.signing(), seq));
    }

    /// The public key that checks checkpoints and proofs, as `name+id+key`.
    public String publicKey() {
        return keys.signing().verifier().toString();
    }

    /// Writes all entries as JSON lines: see [JsonlExport].
    public void exportJsonl(OutputStream out) {
        export(database -> new JsonlExport(database, keys.signing(), out).write());
    }

    /// Writes all decisions and what came of them as JSON lines of OCSF API Activity: see [OcsfExport].
    public void exportOcsf(OutputStream out) {
        export(database -> new OcsfExport(database, out).write());
    }

    /// Writes the log as the static files of C2SP tlog-tiles into a directory.
    ///
    /// @return bundles of entries that are left out, because retention dropped entries of theirs
    public List<String> exportTiles(Path directory) {
        var left = new ArrayList<String>();
        export(database -> left.addAll(new TilesExport(database, keys.signing(), directory).write()));
        return left;
    }

    private interface Export {
        void write(Statements database) throws java.sql.SQLException, IOException;
    }

    private void export(Export export) {
        try {
            connections.<Boolean, IOException>read(database -> {
                export.write(database);
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the export cannot be written: " + e.getMessage(), e);
        }
    }

    /// Where a follower came to, as far as that is on disk.
    Optional<Long> cursor(String follower) {
        return connections.read(database -> {
            try (var row = database.with("follower.get", follower).executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        });
    }

    /// Erasures and retentions that a crash interrupted.
    List<Entry> unfinishedRemovals() {
        return connections.read(database -> {
            var seqs = new ArrayList<Long>();
            try (var row = database.of("unfinished.all").executeQuery()) {
                while (row.next()) seqs.add(row.getLong(1));
            }
            var entries = new ArrayList<Entry>();
            for (long seq : seqs) new Entries(database).at(seq).ifPresent(entries::add);
            return entries;
        });
    }

    @Override
    public void close() {
        connections.close();
    }
}
