package dev.masugata.ledger;

import dev.masugata.model.Event;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The open record in the writer's hands: adds entries, one transaction after the other.
///
/// When anything fails the book is closed and opened anew from the database, so that what is in memory and what is on
/// disk never differ, also where nobody knows whether a commit went through.
final class Book implements AutoCloseable {
    /// Entries after which the snapshot is renewed although no fold changed: a start reads no more than these.
    private static final int SEAL_EVERY = 10_000;
    /// Bytes written after which the file's size is looked at again.
    private static final int MEASURE_EVERY = 256 * 1024;

    private final LedgerLimits limits;
    private final Statements database;
    private final PreparedStatement insertEntry;
    private final PreparedStatement insertPayload;
    private final MacKey.Tagger tagger;
    private final Folds folds;
    private final Snapshot snapshot;
    private final Tree tree;
    private final Rfc6962 hash = new Rfc6962();
    private final Stamp stamp = new Stamp();
    private long lastMicros;
    private int payloads;
    private boolean leafEdge;
    private long usedBytes;
    private long sinceMeasured = MEASURE_EVERY;

    private Book(Opening opening) throws SQLException {
        limits = opening.limits();
        database = opening.database();
        tagger = opening.tagger();
        folds = opening.folds();
        snapshot = opening.snapshot();
        tree = opening.tree();
        lastMicros = opening.lastMicros();
        insertEntry = database.of("entry.insert");
        insertPayload = database.of("payload.insert");
    }

    /// Opens the record, checks that it is the one that the head file speaks of, and brings the folds up to it.
    ///
    /// @param problem hears of what was found and not believed
    /// @throws LedgerUnavailable when the record is not to be trusted
    static Book open(LedgerOptions options, Keys keys, Heads heads, Folds folds, Consumer<String> problem)
            throws SQLException, IOException {
        long now = Stamp.micros(options.clock().instant());
        var connection = new Database(options.database()).writer(options.limits().maxBytes(), now);
        try {
            return new Book(Opening.read(options, new Statements(connection), keys, heads, folds, problem));
        } catch (SQLException | IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    Statements database() {
        return database;
    }

    /// The number of the last entry, committed or not.
    long size() {
        return tree.size();
    }

    byte[] root() {
        return tree.root();
    }

    Folds folds() {
        return folds;
    }

    /// True if there is room for an event of this caller.
    boolean hasRoom(boolean privileged) throws SQLException {
        long most = privileged ? limits.maxBytes() : limits.maxBytes() - limits.operatorBytes();
        // Nobody is refused by an estimate: room may have been made.
        if (sinceMeasured >= MEASURE_EVERY || usedBytes + sinceMeasured >= most) {
            usedBytes = Database.usedBytes(database.connection());
            sinceMeasured = 0;
        }
        return usedBytes < most;
    }

    /// The time that an entry gets: never before the entry ahead of it.
    long time(long nowMicros) {
        return Math.max(nowMicros, lastMicros);
    }

    /// Adds entries that belong together to the open transaction.
    ///
    /// @return the sequence number of the first
    long add(List<Item> group, long nowMicros) throws SQLException {
        long first = tree.size() + 1;
        lastMicros = time(nowMicros);
        for (var item : group) add(item.inGroup(first), first);
        return first;
    }

    private void add(Item item, long first) throws SQLException {
        long seq = tree.size() + 1;
        var body = item.draft().finish(first, seq, stamp.of(lastMicros));
        var leaf = hash.leaf(body);
        var tag = Authentic.needsTag(item.event()) ? tagger.event(body) : null;
        insert(insertEntry, seq, lastMicros, item.columns(), body, leaf, tag);
        if (item.payload().length > 0) {
            insert(insertPayload, seq, item);
            payloads++;
        }
        tree.append(leaf);
        if (Folds.mayConcern(item.event())) folds.apply(seq, Stamp.instant(lastMicros), item.event());
        if (tag != null) noteRemoval(seq, item.event());
        sinceMeasured += item.bytes();
    }

    /// The record says that something goes; that it went is noted apart, so that a crash in between is made good.
    private void noteRemoval(long seq, Event event) throws SQLException {
        boolean retains = Retained.through(event).isPresent();
        if (!retains && Erased.of(event).isEmpty()) return;
        database.run("unfinished.put", seq);
        leafEdge |= retains;
    }

    static void insert(
            PreparedStatement insert, long seq, long micros, Columns columns, byte[] body, byte[] leaf,
            byte @Nullable [] tag) throws SQLException {
        insert.setLong(1, seq);
        insert.setLong(2, micros);
        insert.setString(3, columns.type());
        insert.setString(4, columns.session());
        insert.setString(5, columns.principal());
        insert.setString(6, columns.kind());
        insert.setString(7, columns.target());
        insert.setString(8, columns.outcome());
        insert.setLong(9, columns.ref());
        insert.setBytes(10, body);
        insert.setBytes(11, leaf);
        if (tag == null) insert.setNull(12, Types.BLOB);
        else insert.setBytes(12, tag);
        insert.addBatch();
    }

    static void insert(PreparedStatement insert, long seq, Item payload) throws SQLException {
        insert.setLong(1, seq);
        insert.setBytes(2, payload.salt());
        insert.setBytes(3, payload.payload());
        insert.addBatch();
    }

    /// Makes all that was added durable: when it returns, it is on the disk.
    void commit(Accounts accounts, Cursors cursors) throws SQLException {
        insertEntry.executeBatch();
        if (payloads > 0) insertPayload.executeBatch();
        payloads = 0;
        for (var tile : tree.takeChanged()) put(tile);
        // Entries may go now; the leaves of the last, partial tile must not go with them.
        if (leafEdge) put(tree.leafEdge());
        leafEdge = false;
        if (folds.changed() || tree.size() - snapshot.applied() >= SEAL_EVERY)
            snapshot.write(database, folds, tree.size());
        accounts.write(database, tagger);
        cursors.write(database, tagger);
        database.connection().commit();
        folds.commit();
    }

    private void put(Tree.Tile tile) throws SQLException {
        if (tile.hashes().length > 0) database.run("tile.put", tile.level(), tile.number(), tile.hashes());
    }

    /// The last transaction: what a start would otherwise have to find out.
    void close(Accounts accounts, Cursors cursors) throws SQLException {
        snapshot.write(database, folds, tree.size());
        accounts.writeExactly(database, tagger);
        cursors.write(database, tagger);
        database.connection().commit();
        close();
    }

    @Override
    public void close() throws SQLException {
        folds.rollback();
        database.close();
    }
}
