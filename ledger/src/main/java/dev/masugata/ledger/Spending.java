package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Money;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What was spent, and what is reserved for calls under way: by purpose, which is who pays whom out of which pockets.
///
/// A pocket is one budget in one of its periods. What was reserved counts from the moment it is on record; a call whose
/// end never came (a power cut) counts as what was reserved for it.
public final class Spending {
    static final Fold FOLD = new Folding();

    private final State state;

    Spending(State state) {
        this.state = state;
    }

    /// One budget in one of its periods.
    ///
    /// @param budget its name, which says all of it
    /// @param begins when the period does
    /// @param ends   when the next does; [Instant#MAX]: never
    public record Pocket(String budget, Instant begins, Instant ends) {
        boolean isOver(Instant now) {
            return !now.isBefore(ends);
        }

        private Json.Obj json() {
            var it = Json.object("budget", budget).with("begins", begins.toString());
            return ends.equals(Instant.MAX) ? it : it.with("ends", ends.toString());
        }

        private static Pocket read(Json.Obj it) {
            var ends = it.string("ends").isPresent() ? Words.instant(it, "ends") : Instant.MAX;
            return new Pocket(Words.text(it, "budget"), Words.instant(it, "begins"), ends);
        }
    }

    /// Who pays whom, out of which pockets.
    public record Purpose(String payer, String payee, List<Pocket> pockets) {
        public Purpose {
            pockets = List.copyOf(pockets);
        }

        /// No name has a line's end in it.
        private String key() {
            var text = new StringBuilder(payer).append('\n').append(payee);
            for (var pocket : pockets) text.append('\n').append(pocket.budget()).append(' ').append(pocket.begins());
            return text.toString();
        }
    }

    /// What a pocket holds no more.
    ///
    /// @param settled  of calls that have ended
    /// @param reserved for calls that have not
    public record Used(Money settled, Money reserved) {
        public Money all() {
            return settled.plus(reserved);
        }
    }

    /// What was taken out of a pocket, by whomever and for whomever.
    public Used used(Pocket pocket, String currency) {
        var settled = new BigDecimal[] {BigDecimal.ZERO};
        var reserved = new BigDecimal[] {BigDecimal.ZERO};
        state.forEach((_, it) -> {
            if (!pockets(it).contains(pocket)) return;
            settled[0] = settled[0].add(decimal(it, "settled"));
            for (var amount : it.object("open").members().values()) reserved[0] = reserved[0].add(decimal(amount));
        });
        return new Used(new Money(settled[0], currency), new Money(reserved[0], currency));
    }

    /// True if the payer has paid this payee before.
    public boolean knows(String payer, String payee) {
        var found = new boolean[1];
        var prefix = payer + "\n" + payee;
        state.forEach((key, _) -> found[0] |= key.equals(prefix) || key.startsWith(prefix + "\n"));
        return found[0];
    }

    /// The reservations that have not been settled, with what was reserved.
    public Map<Long, Json.Obj> open() {
        var open = new LinkedHashMap<Long, Json.Obj>();
        state.forEach((_, it) -> it.object("open").members()
                .forEach((id, amount) -> open.put(Long.parseLong(id), it.with("amount", amount))));
        return open;
    }

    /// That an amount may be taken out of a pocket that holds no more than its limit.
    public static Condition within(Pocket pocket, Money amount, Money limit) {
        return (standing, now) -> !pocket.isOver(now)
                && standing.spending().used(pocket, limit.currency()).all().plus(amount).compareTo(limit) <= 0;
    }

    /// The amount is reserved; the event's sequence number names the reservation.
    public static Event.Changed reserved(String session, String principal, Purpose purpose, Money amount) {
        var pockets = new Json.Arr(purpose.pockets().stream().map(Pocket::json).toList());
        var detail = Json.object("payer", purpose.payer()).with("payee", purpose.payee()).with("pockets", pockets)
                .with("amount", amount.amount().toPlainString()).with("currency", amount.currency());
        return new Event.Changed(session, principal, Event.Subject.MONEY, purpose.payee(), "reserved", detail,
                Json.NULL);
    }

    /// The call has ended, and cost this.
    ///
    /// @param reservation its number
    public static Event.Changed settled(String session, Purpose purpose, long reservation, Money amount) {
        var pockets = new Json.Arr(purpose.pockets().stream().map(Pocket::json).toList());
        var detail = Json.object("payer", purpose.payer()).with("payee", purpose.payee()).with("pockets", pockets)
                .with("reservation", Json.of(reservation))
                .with("amount", amount.amount().toPlainString()).with("currency", amount.currency());
        return new Event.Changed(session, new Principal.House().id(), Event.Subject.MONEY, purpose.payee(), "settled",
                detail, Json.NULL);
    }

    private static Purpose purpose(Json.Obj detail) {
        return new Purpose(Words.text(detail, "payer"), Words.text(detail, "payee"), pockets(detail));
    }

    private static List<Pocket> pockets(Json.Obj it) {
        return it.items("pockets").stream().filter(Json.Obj.class::isInstance).map(Json.Obj.class::cast)
                .map(Pocket::read).toList();
    }

    private static BigDecimal decimal(Json.Obj it, String name) {
        return it.at(name).map(Spending::decimal).orElse(BigDecimal.ZERO);
    }

    private static BigDecimal decimal(Json it) {
        return it instanceof Json.Str(var text, _) ? new BigDecimal(text) : BigDecimal.ZERO;
    }

    private static final class Folding implements Fold {
        @Override
        public String name() {
            return "spending/1";
        }

        @Override
        public Optional<String> key(long seq, Event event) {
            return event instanceof Event.Changed it && it.subject() == Event.Subject.MONEY
                    ? Optional.of(purpose(it.detail()).key())
                    : Optional.empty();
        }

        @Override
        public void apply(State.Change state, long seq, Instant time, Event event) {
            var it = (Event.Changed) event;
            var purpose = purpose(it.detail());
            var known = state.at(purpose.key()).orElseGet(() -> Json.object("payer", purpose.payer())
                    .with("payee", purpose.payee())
                    .with("pockets", new Json.Arr(purpose.pockets().stream().map(Pocket::json).toList()))
                    .with("settled", "0").with("open", Json.EMPTY));
            var open = known.object("open");
            switch (it.change()) {
                case "reserved" ->
                    state.put(purpose.key(), known.with("open", open.with(Long.toString(seq), Json.of(
                            Words.text(it.detail(), "amount")))));
                case "settled" -> {
                    var id = Long.toString(Words.number(it.detail(), "reservation"));
                    // Once: what is settled is no longer open.
                    if (open.at(id).isEmpty()) return;
                    var all = decimal(known, "settled").add(decimal(it.detail(), "amount"));
                    state.put(purpose.key(), known.with("settled", all.toPlainString()).with("open", open.without(id)));
                }
                case String _ -> {}
            }
        }

        /// When none of its pockets is of use any more.
        @Override
        public boolean isOver(String key, Json.Obj value, Instant now) {
            return pockets(value).stream().allMatch(it -> it.isOver(now));
        }
    }

    /// The names of all budgets of which something was taken.
    public List<String> budgets() {
        var names = new TreeSet<String>();
        state.forEach((_, it) -> pockets(it).forEach(pocket -> names.add(pocket.budget())));
        return List.copyOf(names);
    }
}
