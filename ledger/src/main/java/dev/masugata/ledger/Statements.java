package dev.masugata.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// The prepared statements of one connection, each prepared once.
final class Statements implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /// The statement of that name in `statements.sql`, with its parameters set: long, int, String or byte[].
    PreparedStatement with(String name, Object... parameters) throws SQLException {
        var statement = of(name);
        for (int i = 0; i < parameters.length; i++) statement.setObject(i + 1, parameters[i]);
        return statement;
    }

    PreparedStatement of(String name) throws SQLException {
        var statement = prepared.get(name);
        if (statement == null) {
            statement = connection.prepareStatement(Sql.of(name));
            prepared.put(name, statement);
        }
        return statement;
    }

    void run(String name, Object... parameters) throws SQLException {
        with(name, parameters).executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
