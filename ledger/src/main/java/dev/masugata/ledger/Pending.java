package dev.masugata.ledger;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Events on their way into the record, all of them or none, one right after the other.
///
/// @param result the number of the first, once all are durable; empty: the condition did not hold
record Pending(
        List<Item> items, @Nullable Condition condition, boolean privileged, Accounts.Charge charge,
        CompletableFuture<Optional<Long>> result) implements Writer.Work {

    void recorded(Optional<Long> first) {
        if (result.isDone()) return;
        if (first.isPresent()) charge.recorded();
        else charge.giveBack();
        result.complete(first);
    }

    void failed(RuntimeException why) {
        if (result.isDone()) return;
        charge.giveBack();
        result.completeExceptionally(why);
    }

    @Override
    public void abandoned(LedgerUnavailable why) {
        failed(why);
    }
}
