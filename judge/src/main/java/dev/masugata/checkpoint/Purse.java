package dev.masugata.checkpoint;

import dev.masugata.ledger.Spending;
import dev.masugata.model.Action;
import dev.masugata.model.Finding;
import dev.masugata.model.Money;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Prices and budgets: what a call costs, and who pays.
public final class Purse {
    /// Where nothing costs anything.
    public static final Purse NONE = new Purse(List.of(), List.of());

    /// Calls in one hour from which on a volume may be unusual, and how many times the greatest hour before it.
    static final int UNUSUAL_CALLS = 50;

    static final int UNUSUAL_TIMES = 10;

    private final List<Price> prices;
    private final List<ModelRate> rates;
    private final List<Budget> budgets;
    private final Map<String, Budget> runs = new ConcurrentHashMap<>();
    private final Map<String, Volume> volumes = new ConcurrentHashMap<>();
    private final Set<Spending.Pocket> steep = ConcurrentHashMap.newKeySet();

    public Purse(List<Price> prices, List<Budget> budgets) {
        this(prices, List.of(), budgets);
    }

    /// @param rates of models; of those that fit a call the first counts
    public Purse(List<Price> prices, List<ModelRate> rates, List<Budget> budgets) {
        this.prices = List.copyOf(prices);
        this.rates = List.copyOf(rates);
        this.budgets = List.copyOf(budgets);
    }

    public List<Budget> budgets() {
        return budgets;
    }

    public List<Price> prices() {
        return prices;
    }

    /// Gives one run a limit of its own.
    public void limit(String session, Money limit) {
        runs.put(session, new Budget(
                new Budget.Whose.OneSessions(session), Budget.Scope.ALL, Budget.Period.TOTAL, limit, Optional.empty()));
    }

    /// The run has ended.
    public void end(String session) {
        runs.remove(session);
    }

    /// What an action costs; empty where it costs nothing. Of several prices the highest counts.
    Optional<Bill> bill(Session session, Action action, Instant now) {
        if (action instanceof Action.ModelCall call)
            return rate(call.provider(), call.model()).map(it -> bill(session, action, Price.of(call, it), now));
        if (prices.isEmpty()) return Optional.empty();
        Price highest = null;
        for (var price : prices)
            if (price.place().fits(action) && (highest == null || isHigher(price, highest))) highest = price;
        return Optional.ofNullable(highest).map(it -> bill(session, action, it, now));
    }

    /// What a model costs; empty where nobody said.
    public Optional<ModelRate> rate(String provider, String model) {
        return rates.stream().filter(it -> it.fits(provider, model)).findFirst();
    }

    /// A call of a model that somebody's budget is for, and whose cost nobody can tell.
    boolean cannotTell(Session session, Action action) {
        if (!(action instanceof Action.ModelCall call) || call.most()
                .equals(Action.ModelCall.Tokens.NONE)) return false;
        return rate(call.provider(), call.model()).isEmpty()
                && (runs.containsKey(session.id()) || budgets.stream().anyMatch(it -> it.fits(session, action)));
    }

    private Bill bill(Session session, Action action, Price price, Instant now) {
        var lines = new ArrayList<Bill.Line>();
        var all = new ArrayList<>(budgets);
        Optional.ofNullable(runs.get(session.id())).ifPresent(all::add);
        for (var budget : all)
            if (budget.limit().currency().equals(price.amount().currency()) && budget.fits(session, action))
                lines.add(new Bill.Line(budget, budget.pocket(session, now)));
        var pockets = lines.stream().filter(it -> it.budget().per() != Budget.Period.CALL).map(Bill.Line::pocket)
                .toList();
        var purpose = new Spending.Purpose(session.agent().id(), payee(action), pockets);
        return new Bill(price, purpose, List.copyOf(lines));
    }

    /// Amounts of two currencies are not compared: the first one stays.
    private static boolean isHigher(Price price, Price than) {
        return price.amount().currency().equals(than.amount().currency())
                && price.amount().compareTo(than.amount()) > 0;
    }

    private static String payee(Action action) {
        var payee = action instanceof Action.HttpRequest request ? request.url().host() : action.target();
        return payee.replace('\n', ' ');
    }

    // --- what is unusual --------------------------------------------------------------------------------------------

    /// What is worth a look about a call that is about to be paid.
    ///
    /// @param before what was spent before it
    List<Finding> unusual(Session session, Bill bill, Spending before, Instant now) {
        var findings = new ArrayList<Finding>();
        var purpose = bill.purpose();
        if (!before.knows(purpose.payer(), purpose.payee()))
            findings.add(new Finding("spending/new-recipient", Severity.LOW, ""));
        if (volumes.computeIfAbsent(purpose.payer() + " " + purpose.payee(), _ -> new Volume()).isUnusual(now))
            findings.add(new Finding("spending/unusual-volume", Severity.MEDIUM, ""));
        for (var line : bill.lines())
            if (isSteep(line, bill.amount(), before, now) && steep.add(line.pocket()))
                findings.add(new Finding("spending/slope", Severity.MEDIUM, ""));
        steep.removeIf(it -> it.ends().isBefore(now));
        return findings;
    }

    /// More than four fifths are used before half of the time is over.
    private static boolean isSteep(Bill.Line line, Money amount, Spending before, Instant now) {
        var pocket = line.pocket();
        if (pocket.ends().equals(Instant.MAX)) return false;
        var limit = line.budget().limit();
        var used = before.used(pocket, limit.currency()).all().plus(amount);
        var whole = Duration.between(pocket.begins(), pocket.ends());
        boolean early = Duration.between(pocket.begins(), now).multipliedBy(2).compareTo(whole) < 0;
        return early && used.amount().multiply(java.math.BigDecimal.valueOf(5))
                .compareTo(limit.amount().multiply(java.math.BigDecimal.valueOf(4))) > 0;
    }

    /// Calls by the hour, since this gate began.
    private static final class Volume {
        private Instant hour = Instant.EPOCH;
        private int calls;
        private int greatest;

        /// Said once an hour.
        synchronized boolean isUnusual(Instant now) {
            var current = now.truncatedTo(ChronoUnit.HOURS);
            if (!current.equals(hour)) {
                greatest = Math.max(greatest, calls);
                hour = current;
                calls = 0;
            }
            calls++;
            return greatest > 0 && calls == Math.max(UNUSUAL_CALLS, UNUSUAL_TIMES * greatest) + 1;
        }
    }
}
