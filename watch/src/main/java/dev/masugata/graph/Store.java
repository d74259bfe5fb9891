package dev.masugata.graph;

import dev.masugata.model.InventoryJson;
import dev.masugata.wire.JsonWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;

/// Nodes and edges in tables. One thread at a time.
public final class Store implements AutoCloseable {
    /// Steps of SQLite's machine between two looks at the clock.
    private static final int STEPS = 10_000;

    private static final List<String> TABLES = List.of(
            "CREATE TABLE node (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,"
                    + " props TEXT NOT NULL)",
            "CREATE TABLE attribute (n INTEGER NOT NULL, name TEXT NOT NULL, value NOT NULL,"
                    + " PRIMARY KEY (n, name, value)) WITHOUT ROWID",
            "CREATE TABLE edge (e INTEGER PRIMARY KEY, src INTEGER NOT NULL, kind TEXT NOT NULL, dst INTEGER NOT NULL,"
                    + " since INTEGER NOT NULL, last INTEGER NOT NULL, source TEXT NOT NULL, props TEXT NOT NULL)");
    private static final List<String> INDEXES = List.of(
            "CREATE UNIQUE INDEX node_id ON node (id)",
            "CREATE INDEX node_kind ON node (kind)",
            "CREATE INDEX node_name ON node (name)",
            "CREATE INDEX attribute_value ON attribute (name, value, n)",
            "CREATE INDEX edge_out ON edge (src, kind, dst)",
            "CREATE INDEX edge_in ON edge (dst, kind, src)",
            "ANALYZE");

    private final Connection connection;

    private Store(Connection connection) {
        this.connection = connection;
    }

    /// The estate, in memory.
    public static Store of(Estate estate) {
        var loading = loading("jdbc:sqlite::memory:");
        var numbers = new java.util.HashMap<String, Integer>();
        for (var node : estate.nodes())
            numbers.put(node.id(), loading.node(node.kind(), node.id(), node.name(), node.attributes()));
        for (var it : estate.edges())
            loading.edge(
                    Objects.requireNonNull(numbers.get(it.fact().from())), it.fact().kind(),
                    Objects.requireNonNull(numbers.get(it.fact().to())), it.since(), it.last(), it.source(),
                    it.fact().attributes());
        return loading.done();
    }

    /// An empty store in a file that does not exist yet.
    public static Loading loading(Path file) {
        return loading("jdbc:sqlite:" + file);
    }

    private static Loading loading(String url) {
        return attempt("made", () -> {
            var config = new SQLiteConfig();
            config.setJournalMode(SQLiteConfig.JournalMode.OFF); // made whole or thrown away
            config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
            config.setTempStore(SQLiteConfig.TempStore.MEMORY);
            config.setCacheSize(-256 * 1024);
            var connection = config.createConnection(url);
            connection.setAutoCommit(false);
            for (var table : TABLES) run(connection, table);
            return new Loading(connection);
        });
    }

    /// A store that is being filled. Numbers are given from 0 on, in order.
    public static final class Loading {
        private final Connection connection;
        private final PreparedStatement node;
        private final PreparedStatement attribute;
        private final PreparedStatement edge;
        private int nodes;
        private int edges;

        private Loading(Connection connection) throws SQLException {
            this.connection = connection;
            node = connection.prepareStatement("INSERT INTO node VALUES (?, ?, ?, ?, ?)");
            attribute = connection.prepareStatement("INSERT OR IGNORE INTO attribute VALUES (?, ?, ?)");
            edge = connection.prepareStatement("INSERT INTO edge VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        }

        /// @return its number
        public int node(String kind, String id, String name, Map<String, Object> attributes) {
            return attempt("filled", () -> {
                insert(node, nodes, kind, id, name, JsonWriter.text(InventoryJson.attributes(attributes)));
                for (var one : attributes.entrySet())
                    for (var value : one.getValue() instanceof List<?> list ? list : List.of(one.getValue()))
                        insert(attribute, nodes, one.getKey(), stored(value));
                return nodes++;
            });
        }

        public void edge(
                int from, String kind, int to, Instant since, Instant last, String source,
                Map<String, Object> attributes) {
            attempt("filled", () -> {
                var props = attributes.isEmpty() ? "{}" : JsonWriter.text(InventoryJson.attributes(attributes));
                insert(edge, edges++, from, kind, to, since.toEpochMilli(), last.toEpochMilli(), source, props);
                return edges;
            });
        }

        public Store done() {
            return attempt("filled", () -> {
                for (var statement : List.of(node, attribute, edge)) statement.close();
                for (var index : INDEXES) run(connection, index);
                connection.commit();
                // From here on nothing writes, whatever a statement says.
                run(connection, "PRAGMA query_only = ON");
                return new Store(connection);
            });
        }
    }

    /// A boolean is kept as one byte, so that `true` is no number and no word.
    public static Object stored(Object value) {
        return value instanceof Boolean it ? new byte[] {(byte) (it ? 1 : 0)} : value;
    }

    /// A statement that took too long was ended.
    public static final class TooLong extends RuntimeException {
        private TooLong(String message) {
            super(message);
        }

        public static TooLong after(Duration most) {
            return new TooLong("the question was ended after " + most.toMillis() + " ms; make it narrower");
        }
    }

    /// Rows of a statement, at most so many.
    ///
    /// @param matches what the SQL function `matches(number, text)` says
    /// @throws TooLong after `time`
    public List<@Nullable Object[]> select(
            String sql, List<Object> parameters, int rows, Duration time, BiPredicate<Integer, String> matches) {
        long end = System.nanoTime() + time.toNanos();
        return attempt("read", () -> {
            Function.create(connection, "matches", new Function() {
                @Override
                protected void xFunc() throws SQLException {
                    result(matches.test(value_int(0), value_text(1)) ? 1 : 0);
                }
            });
            ProgressHandler.setHandler(connection, STEPS, new ProgressHandler() {
                @Override
                protected int progress() {
                    return System.nanoTime() - end > 0 ? 1 : 0;
                }
            });
            try (var statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < parameters.size(); i++) statement.setObject(i + 1, parameters.get(i));
                return rows(statement, rows);
            } catch (SQLException e) {
                if (System.nanoTime() - end > 0) throw TooLong.after(time);
                throw e;
            } finally {
                ProgressHandler.clearHandler(connection);
            }
        });
    }

    private static List<@Nullable Object[]> rows(PreparedStatement statement, int most) throws SQLException {
        var list = new ArrayList<@Nullable Object[]>();
        try (var row = statement.executeQuery()) {
            int columns = row.getMetaData().getColumnCount();
            while (list.size() < most && row.next()) {
                var cells = new Object[columns];
                for (int i = 0; i < columns; i++) cells[i] = row.getObject(i + 1);
                list.add(cells);
            }
        }
        return list;
    }

    /// Every edge: `to` is called with from, kind, to.
    public void edges(EdgeReader to) {
        attempt("read", () -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT src, kind, dst FROM edge ORDER BY e")) {
                while (row.next()) to.edge(row.getInt(1), row.getString(2), row.getInt(3));
                return true;
            }
        });
    }

    /// Takes edges in the order of their numbers.
    public interface EdgeReader {
        void edge(int from, String kind, int to);
    }

    @Override
    public void close() {
        attempt("closed", () -> {
            connection.close();
            return true;
        });
    }

    private static void insert(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
        statement.executeUpdate();
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private interface Work<T> {
        T done() throws SQLException;
    }

    private static <T> T attempt(String what, Work<T> work) {
        try {
            return work.done();
        } catch (SQLException e) {
            throw new IllegalStateException("the graph cannot be " + what + ": " + e.getMessage(), e);
        }
    }
}
