package dev.masugata.ledger;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/// Where a ledger is, and what it is given.
///
/// @param home     holds `ledger.head`, `ledger.lock`, `ledger.reserve` and `keys/`
/// @param database the SQLite file
public record LedgerOptions(
        Path home, Path database, InstantSource clock, SecureRandom random, LedgerLimits limits) {

    /// The ledger of a home, with the defaults.
    public static LedgerOptions at(Path home) {
        return new LedgerOptions(
                home, home.resolve("ledger.db"), InstantSource.system(), new SecureRandom(), LedgerLimits.DEFAULT);
    }

    public LedgerOptions withDatabase(Path file) {
        return new LedgerOptions(home, file, clock, random, limits);
    }

    public LedgerOptions withClock(InstantSource other) {
        return new LedgerOptions(home, database, other, random, limits);
    }

    public LedgerOptions withRandom(SecureRandom other) {
        return new LedgerOptions(home, database, clock, other, limits);
    }

    public LedgerOptions withLimits(LedgerLimits other) {
        return new LedgerOptions(home, database, clock, random, other);
    }

    Path keys() {
        return home.resolve("keys");
    }

    Path lock() {
        return home.resolve("ledger.lock");
    }

    HeadFile headFile() {
        return new HeadFile(home.resolve("ledger.head"));
    }

    Reserve reserve() {
        return new Reserve(home.resolve("ledger.reserve"), limits.reserveBytes());
    }
}
