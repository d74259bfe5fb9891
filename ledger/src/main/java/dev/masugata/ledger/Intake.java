package dev.masugata.ledger;

import dev.masugata.model.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// What happens to events on their callers' threads: they are encoded, charged, and handed to the writer.
final class Intake {
    private final LedgerOptions options;
    private final Writer writer;
    private final Accounts accounts;

    Intake(LedgerOptions options, Writer writer, Accounts accounts) {
        this.options = options;
        this.writer = writer;
        this.accounts = accounts;
    }

    CompletableFuture<Optional<Long>> put(List<? extends Event> events, @Nullable Condition condition) {
        if (events.isEmpty() || events.size() > LedgerLimits.GROUP_EVENTS)
            throw new IllegalArgumentException("a group has 1 to " + LedgerLimits.GROUP_EVENTS + " events");
        var items = new ArrayList<Item>(events.size());
        long bytes = 0;
        for (var event : events) {
            if (condition == null && Approvals.isUse(event))
                throw new IllegalArgumentException("a decision uses an approval only under a condition");
            var item = Item.of(event, options.random());
            items.add(item);
            bytes += item.bytes();
        }
        var payer = payer(events);
        var charge = accounts.charge(payer, events.size(), bytes, Stamp.micros(options.clock().instant()));
        var pending = new Pending(items, condition, Privilege.has(payer), charge, new CompletableFuture<>());
        try {
            writer.put(pending);
        } catch (LedgerUnavailable e) {
            charge.giveBack();
            throw e;
        }
        return pending.result();
    }

    /// A group counts as its caller's, whatever of the house's own goes along with it.
    private static Event payer(List<? extends Event> events) {
        for (var event : events) {
            if (!Privilege.has(event)) return event;
        }
        return events.getFirst();
    }

    static <T> T await(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            // Thrown anew, so that the trace shows who asked.
            if (e.getCause() instanceof LedgerUnavailable why) throw new LedgerUnavailable(String.valueOf(why.getMessage()), why);
            throw e;
        }
    }
}
