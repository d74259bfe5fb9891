package dev.masugata.ledger;

import dev.masugata.model.Event;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Takes out of the database what the record says is gone: in small transactions between those of the callers, and
/// once more after a crash, until it is done.
final class Removal {
    /// Rows that one transaction takes out.
    private static final int CHUNK = 200;
    /// Definitions of tools stay longer than other payloads: people compare them.
    static final String NOT_PINS = " AND NOT (e.type = 'changed' AND e.kind = 'pin')";
    /// How long to wait for readers that keep a part of the log in use.
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    private static final long PAUSE_NANOS = 20_000_000L;

    private final Writer writer;
    private long count;

    Removal(Writer writer) {
        this.writer = writer;
    }

    /// Rows taken out so far.
    long count() {
        return count;
    }

    /// @param seq   the entry of the erasure or retention
    /// @param event what it says, with its payload
    void carryOut(long seq, Event event) {
        Erased.of(event).ifPresent(it -> erase(seq, it.scope()));
        Retained.of(event).ifPresent(it -> retain(it));
        writer.call(book -> {
            book.database().run("unfinished.drop", seq);
            book.database().connection().commit();
        });
    }

    private void erase(long before, Scope scope) {
        var sql = Sql.of("payload.erasable") + switch (scope) {
            case Scope.OfSession _ -> " AND e.session = ?";
            case Scope.OfPrincipal _ -> " AND e.principal = ?";
            case Scope.OfEntries _ -> " AND p.seq BETWEEN ? AND ?";
        };
        var parameters = switch (scope) {
            case Scope.OfSession(var session) -> List.<Object>of(session);
            case Scope.OfPrincipal(var principal) -> List.<Object>of(principal);
            case Scope.OfEntries(var first, var last) -> List.<Object>of(first, last);
        };
        payloads(sql, before, parameters);
    }

    private void retain(Retained retained) {
        for (var gap : retained.kept().gaps(retained.through())) {
            for (long first = gap.first(); first <= gap.last(); first += CHUNK) {
                long from = first;
                long to = Math.min(first + CHUNK - 1, gap.last());
                writer.call(book -> {
                    count += book.database().with("entry.delete", from, to).executeUpdate();
                    book.database().run("payload.delete", from, to);
                    book.database().connection().commit();
                });
            }
        }
        // What stays for the folds' sake stays without its payload, but for definitions that people compare.
        payloads(Sql.of("payload.erasable") + NOT_PINS, retained.through() + 1, List.of());
    }

    /// Takes out the payloads before an entry that the statement finds.
    private void payloads(String sql, long before, List<Object> more) {
        long[] after = {0};
        do {
            writer.call(book -> {
                var seqs = find(book, sql, after[0], before, more);
                after[0] = seqs.isEmpty() ? Long.MAX_VALUE : seqs.getLast();
                for (long seq : seqs) count += book.database().with("payload.delete", seq, seq).executeUpdate();
                book.database().connection().commit();
            });
        } while (after[0] != Long.MAX_VALUE);
    }

    private static List<Long> find(Book book, String sql, long after, long before, List<Object> more)
            throws SQLException {
        var found = new ArrayList<Long>();
        try (var statement = book.database().connection().prepareStatement(sql + " ORDER BY p.seq LIMIT " + CHUNK)) {
            set(statement, after, before, more);
            try (var row = statement.executeQuery()) {
                while (row.next()) found.add(row.getLong(1));
            }
        }
        return found;
    }

    private static void set(PreparedStatement statement, long after, long before, List<Object> more)
            throws SQLException {
        statement.setLong(1, after);
        statement.setLong(2, before);
        for (int i = 0; i < more.size(); i++) statement.setObject(3 + i, more.get(i));
    }

    /// Forgets what sessions were charged that the record has dropped.
    void forget(Set<String> sessions, Accounts accounts) {
        writer.call(book -> {
            for (var session : sessions) accounts.forget(book.database(), session);
            book.database().connection().commit();
        });
    }

    /// Empties the log, which still holds pages as they were before.
    ///
    /// @return false if a reader kept it in use for so long that copies remain until the log is used anew
    boolean emptyLog() {
        long end = System.nanoTime() + PATIENCE_NANOS;
        boolean[] empty = {false};
        while (true) {
            writer.call(book -> empty[0] = Database.truncateLog(book.database().connection()));
            if (empty[0] || System.nanoTime() > end) return empty[0];
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
