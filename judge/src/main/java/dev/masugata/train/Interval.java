package dev.masugata.train;

import dev.masugata.wire.Json;
import java.util.Locale;

/// A share that was counted, and the interval in which the true one lies with 95 % (Wilson, 1927).
public record Interval(int hits, int of) {
    private static final double Z = 1.959963984540054;

    public Interval {
        if (hits < 0 || hits > of) throw new IllegalArgumentException("there are no more hits than trials");
    }

    public double rate() {
        return of == 0 ? 0 : (double) hits / of;
    }

    public double low() {
        return of == 0 ? 0 : Math.max(0, middle() - spread());
    }

    public double high() {
        return of == 0 ? 1 : Math.min(1, middle() + spread());
    }

    private double middle() {
        return (rate() + Z * Z / (2 * of)) / (1 + Z * Z / of);
    }

    private double spread() {
        return Z / (1 + Z * Z / of) * Math.sqrt(rate() * (1 - rate()) / of + Z * Z / (4.0 * of * of));
    }

    Interval and(boolean hit) {
        return new Interval(hits + (hit ? 1 : 0), of + 1);
    }

    Json.Obj json() {
        return Json.object("n", Json.of(of)).with("fired", hits).with("rate", round(rate()))
                .with("low", round(low())).with("high", round(high()));
    }

    private static Json round(double value) {
        return new Json.Num(new java.math.BigDecimal(value).setScale(4, java.math.RoundingMode.HALF_UP).toString());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%d of %d, %.2f %% [%.2f, %.2f]", hits, of, rate() * 100, low() * 100, high() * 100);
    }
}
