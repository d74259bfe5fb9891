package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// Finds out what is too old to keep, puts that on record, and drops it.
final class Retention {
    private final LedgerOptions options;
    private final Folds folds;
    private final LedgerReader reader;
    private final Writer writer;
    private final Accounts accounts;

    Retention(LedgerOptions options, Folds folds, LedgerReader reader, Writer writer, Accounts accounts) {
        this.options = options;
        this.folds = folds;
        this.reader = reader;
        this.writer = writer;
        this.accounts = accounts;
    }

    Removed retain(Principal by, Duration age, BiFunction<Event, Condition, Optional<Long>> appendIf) {
        while (true) {
            var now = options.clock().instant();
            var plan = plan(now.minus(age), now);
            if (plan.isEmpty()) return new Removed(List.of(), 0, true);
            long through = plan.get().through();
            var over = folds.copyOfCommitted().over(through, now);
            var event = plan.get().event(by);
            // Had a fold changed in between, the plan would keep too little for it: then it is made anew.
            var seq = appendIf.apply(event, (_, at) -> folds.over(through, at).equals(over));
            if (seq.isPresent()) return carryOut(seq.get(), event, over);
        }
    }

    private Removed carryOut(long seq, Event event, Set<Folds.Dropped> over) {
        var removal = new Removal(writer);
        removal.carryOut(seq, event);
        var sessions = over.stream().filter(it -> it.fold() == Sessions.FOLD).map(Folds.Dropped::key);
        removal.forget(sessions.collect(Collectors.toSet()), accounts);
        return new Removed(List.of(seq), removal.count(), removal.emptyLog());
    }

    /// Empty when there is nothing to drop.
    private Optional<Retained> plan(Instant before, Instant now) {
        var after = folds.copyOfCommitted();
        return reader.connections().read(database -> {
            long through = new Entries(database).first(before) - 1;
            for (var fold : Folds.ALL) fold.retain(after.state(fold), through, now);
            var kept = new ArrayList<Long>();
            boolean drops = dividesKept(database, through, after, kept) || hasPayloads(database, through);
            return drops ? Optional.of(new Retained(through, before, Ranges.of(kept))) : Optional.empty();
        });
    }

    /// @param kept gets the entries that a fold still needs
    /// @return true if there are others
    private static boolean dividesKept(Statements database, long through, Folds after, List<Long> kept)
            throws SQLException {
        boolean others = false;
        try (var row = database.with("entry.foldable", 1L, through).executeQuery()) {
            while (row.next()) {
                long seq = row.getLong(1);
                if (after.needs(seq, EventReader.read(row.getBytes(2)).event())) kept.add(seq);
                else others = true;
            }
        }
        return others;
    }

    private static boolean hasPayloads(Statements database, long through) throws SQLException {
        var sql = Sql.of("payload.erasable") + Removal.NOT_PINS + " LIMIT 1";
        try (var statement = database.connection().prepareStatement(sql)) {
            statement.setLong(1, 0);
            statement.setLong(2, through + 1);
            try (var row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}
