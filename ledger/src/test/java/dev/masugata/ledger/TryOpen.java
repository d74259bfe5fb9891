package dev.masugata.ledger;

import java.nio.file.Path;

/// Tries to open a home for writing, in a process of its own.
final class TryOpen {
    private TryOpen() {}

    public static void main(String[] arguments) {
        try (var _ = Ledger.open(LedgerOptions.at(Path.of(arguments[0])))) {
            System.out.println("opened");
        } catch (LedgerUnavailable e) {
            System.out.println(e.getMessage().startsWith("another writer") ? "another writer" : e.getMessage());
        }
    }
}
