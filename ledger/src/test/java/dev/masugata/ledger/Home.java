package dev.masugata.ledger;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// A home in a directory of the test, with a clock that the test sets.
final class Home implements InstantSource {
    static final Instant START = Instant.parse("2026-11-22T05:26:00.123456Z");

    final Path directory;
    private volatile Instant now = START;
    LedgerOptions options;

    Home(Path directory) {
        this.directory = directory;
        options = LedgerOptions.at(directory)
                .withClock(this)
                .withRandom(new SecureRandom())
                .withLimits(LedgerLimits.DEFAULT.withSize(1L << 32, 1 << 20, 64 * 1024));
    }

    @Override
    public Instant instant() {
        return now;
    }

    void set(Instant time) {
        now = time;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Home withLimits(LedgerLimits limits) {
        options = options.withLimits(limits);
        return this;
    }

    Ledger open() {
        return Ledger.open(options);
    }

    LedgerReader reader() {
        return LedgerReader.open(options);
    }

    VerifyReport verify() {
        return verify(Optional.empty());
    }

    VerifyReport verify(Optional<String> checkpoint) {
        try (var reader = reader()) {
            return reader.verify(checkpoint);
        }
    }

    Path head() {
        return directory.resolve("ledger.head");
    }

    /// The database as an intruder has it who may write the file and knows no key.
    Connection sql() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + options.database());
    }

    /// Runs one statement as that intruder.
    ///
    /// @return how many rows it changed
    int tamper(String sql, Object... parameters) throws SQLException {
        try (var connection = sql();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) statement.setObject(i + 1, parameters[i]);
            return statement.executeUpdate();
        }
    }
}
