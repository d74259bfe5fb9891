package dev.masugata.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Opens connections to the ledger's SQLite file. What only SQLite understands stands here and in `sqlite/`.
final class Database {
    /// The tables' version that this program writes, and the scripts that lead to it.
    private static final List<String> MIGRATIONS = List.of("sqlite/001-tables.sql");

    private static final int PAGE_BYTES = 4096;

    private final Path file;

    Database(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /// The writer's connection: makes or renews the tables, and keeps its transaction open until told to commit.
    ///
    /// @param maxBytes the file grows no further
    Connection writer(long maxBytes, long nowMicros) throws SQLException {
        var connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + file);
        try {
            run(connection, Sql.script("sqlite/connection.sql"));
            run(connection, Sql.script("sqlite/file.sql"));
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA max_page_count = " + Math.max(1, maxBytes / PAGE_BYTES));
            }
            connection.setAutoCommit(false);
            migrate(connection, nowMicros);
            var foreign = foreignSchema(connection);
            if (foreign.isPresent())
                throw new LedgerUnavailable(
                        "`" + file + "` was tampered with: " + foreign.get() + " is not as it was made");
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// A connection that only reads; another process may be writing.
    Connection reader() throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        var connection = config.createConnection("jdbc:sqlite:" + file);
        try {
            run(connection, Sql.script("sqlite/connection.sql"));
            int version = version(connection);
            if (version != MIGRATIONS.size()) throw wrongVersion(version);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// A table, index, view or trigger that the migrations do not make, or make otherwise: a trigger, for one, could
    /// undo in silence what is written.
    static Optional<String> foreignSchema(Connection connection) throws SQLException {
        try (var model = new SQLiteConfig().createConnection("jdbc:sqlite::memory:")) {
            run(model, List.of(Sql.of("schema.create")));
            for (var migration : MIGRATIONS) run(model, Sql.script(migration));
            var expected = schema(model);
            var found = schema(connection);
            if (expected.equals(found)) return Optional.empty();
            var differing = new TreeSet<>(expected.keySet());
            differing.addAll(found.keySet());
            differing.removeIf(name -> Objects.equals(expected.get(name), found.get(name)));
            return differing.stream().findFirst();
        }
    }

    private static Map<String, String> schema(Connection connection) throws SQLException {
        var schema = new TreeMap<String, String>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema")) {
            while (row.next()) schema.put(row.getString(1), row.getString(2));
        }
        return schema;
    }

    private void migrate(Connection connection, long nowMicros) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(Sql.of("schema.create"));
        }
        int version = version(connection);
        if (version > MIGRATIONS.size()) throw wrongVersion(version);
        for (; version < MIGRATIONS.size(); version++) {
            run(connection, Sql.script(MIGRATIONS.get(version)));
            try (var applied = connection.prepareStatement(Sql.of("schema.applied"))) {
                applied.setInt(1, version + 1);
                applied.setLong(2, nowMicros);
                applied.executeUpdate();
            }
        }
        connection.commit();
    }

    private LedgerUnavailable wrongVersion(int version) {
        return new LedgerUnavailable("`" + file + "` has tables of version " + version + ", this program knows version "
                + MIGRATIONS.size() + ": use the program that wrote it");
    }

    private static int version(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(Sql.of("schema.version"))) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static void run(Connection connection, List<String> script) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var sql : script) statement.execute(sql);
        }
    }

    /// Bytes that the file's used pages take.
    static long usedBytes(Connection connection) throws SQLException {
        long pages = pragma(connection, "page_count") - pragma(connection, "freelist_count");
        return pages * pragma(connection, "page_size");
    }

    private static long pragma(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA " + name)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /// Moves the log into the file and empties it, so that it keeps no copy of what was erased.
    ///
    /// @return false if a reader still holds an old part of it
    static boolean truncateLog(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 50"); // the writer must not stand still for a slow reader
            try (var row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                return row.next() && row.getInt(1) == 0;
            } finally {
                statement.execute("PRAGMA busy_timeout = 5000");
            }
        } finally {
            connection.setAutoCommit(false);
        }
    }

    /// The first inconsistency between tables and indexes, if SQLite finds one.
    static Optional<String> damage(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA integrity_check(1)")) {
            var said = row.next() ? row.getString(1) : "no answer";
            return said.equals("ok") ? Optional.empty() : Optional.of(said);
        }
    }

    /// True if there was no room: the disk is full, or the file has reached its limit.
    static boolean isFull(SQLException e) {
        if (!(e instanceof SQLiteException it)) return false;
        var code = it.getResultCode();
        // A write that the system refuses for want of room (ENOSPC, EDQUOT, EFBIG) may also come as an I/O error.
        return code == SQLiteErrorCode.SQLITE_FULL || (code.code & 0xFF) == SQLiteErrorCode.SQLITE_IOERR.code;
    }
}
