package dev.masugata.ledger;

import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;

/// Connections that only read, apart from the writer's: each reading sees one state of the record.
final class Readers implements AutoCloseable {
    /// Connections kept open for the next reading.
    private static final int KEPT = 4;

    private final Database database;
    private final ArrayBlockingQueue<Statements> idle = new ArrayBlockingQueue<>(KEPT);
    private volatile boolean closed;

    Readers(Database database) {
        this.database = database;
    }

    interface Reading<T, X extends Exception> {
        T of(Statements database) throws SQLException, X;
    }

    /// @throws LedgerUnavailable when the database cannot be read
    <T, X extends Exception> T read(Reading<T, X> reading) throws X {
        if (closed) throw new LedgerUnavailable("the ledger is closed");
        Statements statements = null;
        try {
            statements = idle.poll();
            if (statements == null) statements = open();
            var answer = reading.of(statements);
            statements.connection().rollback(); // ends the look at this one state
            if (!closed && idle.offer(statements)) statements = null;
            return answer;
        } catch (SQLException e) {
            throw new LedgerUnavailable("the ledger cannot be read at `" + database.file() + "`: " + e.getMessage(), e);
        } finally {
            if (statements != null) close(statements);
            if (closed) close();
        }
    }

    private Statements open() throws SQLException {
        var connection = database.reader();
        connection.setAutoCommit(false);
        return new Statements(connection);
    }

    @Override
    public void close() {
        closed = true;
        for (Statements left; (left = idle.poll()) != null; ) close(left);
    }

    private static void close(Statements statements) {
        try {
            statements.close();
        } catch (SQLException e) {
            System.getLogger("masugata.ledger").log(System.Logger.Level.DEBUG, "closing a reading connection", e);
        }
    }
}
