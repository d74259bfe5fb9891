package dev.masugata.checkpoint;

import dev.masugata.ledger.Condition;
import dev.masugata.ledger.Spending;
import dev.masugata.ledger.Spending.Pocket;
import dev.masugata.ledger.Spending.Purpose;
import dev.masugata.model.Decision;
import dev.masugata.model.Money;
import dev.masugata.model.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a call costs at most, and out of which pockets that is taken.
///
/// @param purpose who pays whom
/// @param lines   one for each budget that it counts against
record Bill(Price price, Purpose purpose, List<Line> lines) {
    /// An approval lifts it, like a policy of that name.
    static final String HOLDS = "spending/hold-above";

    /// One budget that it counts against.
    record Line(Budget budget, Pocket pocket) {
        Condition within(Money amount) {
            return budget.per() == Budget.Period.CALL
                    ? (_, _) -> amount.compareTo(budget.limit()) <= 0
                    : Spending.within(pocket, amount, budget.limit());
        }
    }

    Money amount() {
        return price.amount();
    }

    /// That it can be paid: the condition under which to reserve it.
    Condition payable() {
        Condition all = (_, _) -> true;
        for (var line : lines) all = all.and(line.within(amount()));
        return all;
    }

    /// A decision of the policies, where a person must be asked for the sake of money too.
    Decision with(Decision decision, Set<String> lifted) {
        var asks = lines.stream().flatMap(it -> it.budget().holdAbove().stream())
                .filter(it -> amount().compareTo(it) > 0).min(Comparator.naturalOrder());
        if (asks.isEmpty() || lifted.contains(HOLDS)) return decision;
        var reason = new Reason(HOLDS, "it costs " + amount() + ", more than " + asks.get() + " at once");
        var question = "This call costs up to " + amount() + ". Shall it go?";
        return switch (decision) {
            case Decision.Allow _ -> new Decision.Hold(question, List.of(reason));
            case Decision.Hold(var also, var because) -> {
                var all = new ArrayList<>(because);
                all.add(reason);
                yield new Decision.Hold(also + " " + question, all);
            }
            // A rewritten call is judged anew, and then its price is.
            case Decision.Rewrite _, Decision.Deny _ -> decision;
        };
    }

    /// Why it cannot be paid now.
    ///
    /// @param retry when the first of its pockets that has too little is a new one; empty: never
    record Short(Reason reason, Optional<Duration> retry) {}

    /// The first budget that has too little for it; empty where all have enough.
    Optional<Short> shortOf(Spending spending, Instant now) {
        for (var line : lines) {
            var limit = line.budget().limit();
            if (line.budget().per() == Budget.Period.CALL) {
                if (amount().compareTo(limit) > 0)
                    return Optional.of(new Short(new Reason("spending/call", "it costs " + amount()
                            + ", and the budget is " + line.budget().text()), Optional.empty()));
                continue;
            }
            var used = spending.used(line.pocket(), limit.currency()).all();
            if (used.plus(amount()).compareTo(limit) <= 0) continue;
            boolean ends = !line.pocket().ends().equals(Instant.MAX);
            var again = ends ? "; it begins anew at " + line.pocket().ends() : "";
            return Optional.of(new Short(
                    new Reason("spending/over", "over budget: it costs " + amount() + ", and of " + line.budget().text()
                            + " " + used + " are used" + again),
                    ends ? Optional.of(Duration.between(now, line.pocket().ends())) : Optional.empty()));
        }
        return Optional.empty();
    }

    /// True if one of its pockets is one of the past: time has gone on since it was made.
    boolean isOld(Instant now) {
        return lines.stream().anyMatch(it -> !now.isBefore(it.pocket().ends()));
    }
}
