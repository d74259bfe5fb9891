package dev.masugata.model;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/// An exact amount in one currency, never below zero.
///
/// @param currency three capital letters (ISO 4217), or whatever else a provider counts in
public record Money(BigDecimal amount, String currency) implements Comparable<Money> {
    /// Digits behind the point that an amount may have.
    public static final int SCALE_MAX = 12;

    private static final Pattern FORM = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,12})?) ?([A-Z]{3,8})");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}(?:\\.[0-9]{1,12})?");

    public Money {
        if (amount.signum() < 0) throw new IllegalArgumentException("money is not below zero");
        if (amount.scale() > SCALE_MAX)
            throw new IllegalArgumentException("money has 12 digits behind the point at most");
        amount = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
    }

    public static Money none(String currency) {
        return new Money(BigDecimal.ZERO, currency);
    }

    /// Such as `5.00 USD` or `5USD`; empty for anything else.
    public static Optional<Money> of(String text) {
        var it = FORM.matcher(text.strip());
        return it.matches() ? Optional.of(new Money(new BigDecimal(it.group(1)), it.group(2))) : Optional.empty();
    }

    /// A plain decimal number as an amount; empty for anything else: no sign, no exponent.
    public static Optional<Money> of(String number, String currency) {
        var text = number.strip();
        return NUMBER.matcher(text).matches()
                ? Optional.of(new Money(new BigDecimal(text), currency))
                : Optional.empty();
    }

    public Money plus(Money other) {
        return new Money(amount.add(same(other).amount), currency);
    }

    /// What is left; zero where less than nothing would be.
    public Money minus(Money other) {
        return new Money(amount.subtract(same(other).amount).max(BigDecimal.ZERO), currency);
    }

    private Money same(Money other) {
        if (!other.currency.equals(currency))
            throw new IllegalArgumentException(currency + " and " + other.currency + " are not compared");
        return other;
    }

    public boolean isNone() {
        return amount.signum() == 0;
    }

    @Override
    public int compareTo(Money other) {
        return amount.compareTo(same(other).amount);
    }

    /// As [#of] reads it: `5 USD`, `0.05 USD`.
    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency;
    }
}
