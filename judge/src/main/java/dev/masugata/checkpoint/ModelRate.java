package dev.masugata.checkpoint;

import dev.masugata.checkpoint.AnswerShape.Usage;
import dev.masugata.model.Action.ModelCall.Tokens;
import dev.masugata.model.Money;
import java.math.BigDecimal;

/// What a model costs, for a million tokens each.
///
/// @param model   as requests name it; `*` at its end stands for any ending; `*` for all of the provider
/// @param cached  what of a prompt is read from a cache
/// @param written what of a prompt is written to a cache
/// @param outMax  tokens that one answer has at most; written into a request that names no limit
public record ModelRate(
        String provider, String model, Money in, Money cached, Money written, Money out, long outMax) {
    private static final int MILLION_DIGITS = 6;

    public ModelRate {
        for (var one : new Money[] {in, cached, written, out})
            if (!one.currency().equals(in.currency()) || one.amount().scale() > Money.SCALE_MAX - MILLION_DIGITS)
                throw new IllegalArgumentException("rates are of one currency, with six digits behind the point at"
                        + " most");
        if (outMax <= 0) throw new IllegalArgumentException("an answer has tokens");
    }

    /// True for a call of this model.
    public boolean fits(String itsProvider, String itsModel) {
        return provider.equals(itsProvider) && (model.endsWith("*")
                ? itsModel.startsWith(model.substring(0, model.length() - 1))
                : model.equals(itsModel));
    }

    /// The most that a call can cost.
    Money most(Tokens tokens) {
        var dearest = in.compareTo(written) >= 0 ? in : written;
        return sum(times(cached.compareTo(dearest) > 0 ? cached : dearest, tokens.in()), times(out, tokens.out()));
    }

    /// What a call has cost.
    Money cost(Usage usage) {
        return sum(sum(times(in, usage.in()), times(cached, usage.cached())),
                sum(times(written, usage.written()), times(out, usage.out())));
    }

    private static Money times(Money million, long tokens) {
        return new Money(
                million.amount().multiply(BigDecimal.valueOf(tokens)).movePointLeft(MILLION_DIGITS)
                        .stripTrailingZeros(),
                million.currency());
    }

    private static Money sum(Money one, Money other) {
        return one.plus(other);
    }
}
