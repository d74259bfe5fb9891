package dev.masugata.app.watch;

import dev.masugata.app.Home;
import dev.masugata.graph.Estate;
import dev.masugata.graph.LedgerFacts;
import dev.masugata.ledger.Entry;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.LedgerUnavailable;
import dev.masugata.model.InventoryJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The graph of a home, made anew at each look: of the last inventory and of the record. No gate is needed.
///
/// @param scanned when the inventory was written; empty: there is none
public record Watchtower(Estate estate, List<Entry> entries, Optional<Instant> scanned) {
    /// @throws IOException the inventory is there and cannot be read
    public static Watchtower of(Home home) throws IOException {
        var builder = new Estate.Builder();
        var file = inventory(home);
        Optional<Instant> scanned = Optional.empty();
        if (Files.exists(file)) {
            if (Files.size(file) > InventoryJson.BYTES_MAX)
                throw new IOException("`" + file + "` has more than " + InventoryJson.BYTES_MAX + " bytes");
            scanned = Optional.of(Files.getLastModifiedTime(file).toInstant());
            try {
                builder.inventory(InventoryJson.read(Files.readAllBytes(file)), scanned.get());
            } catch (IllegalArgumentException wrong) {
                // It may hold a name of the file, which may hold anything.
                var says = String.valueOf(wrong.getMessage()).replaceAll("\\p{C}", "?");
                throw new IOException("`" + file + "`: " + says + "; scan again", wrong);
            }
        }
        var entries = record(home);
        LedgerFacts.into(builder, entries);
        return new Watchtower(builder.build(), entries, scanned);
    }

    public static Path inventory(Home home) {
        return home.directory().resolve("inventory.json");
    }

    private static List<Entry> record(Home home) {
        var options = LedgerOptions.at(home.directory());
        if (Files.notExists(options.database())) return List.of();
        try (var record = LedgerReader.open(options)) {
            return LedgerFacts.latest(record);
        } catch (LedgerUnavailable unavailable) {
            throw new LedgerUnavailable("the graph lacks the record: " + unavailable.getMessage(), unavailable);
        }
    }
}
