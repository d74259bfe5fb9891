package dev.masugata.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The methods of Cedar's values.
final class Methods {
    interface Unary {
        Object of(Object target);
    }

    interface Binary {
        Object of(Object target, Object argument);
    }

    private Methods() {}

    private static final Map<String, Unary> UNARY = Map.ofEntries(
            Map.entry("isEmpty", target -> Compiler.items(target).isEmpty()),
            Map.entry("isIpv4", target -> ip(target).isIpv4()),
            Map.entry("isIpv6", target -> !ip(target).isIpv4()),
            Map.entry("isLoopback", target -> ip(target).isLoopback()),
            Map.entry("isMulticast", target -> ip(target).isMulticast()),
            Map.entry("toDate", target -> datetime(target).toDate()),
            Map.entry("toTime", target -> datetime(target).toTime()),
            Map.entry("toMilliseconds", target -> duration(target).millis()),
            Map.entry("toSeconds", target -> duration(target).millis() / 1_000L),
            Map.entry("toMinutes", target -> duration(target).millis() / 60_000L),
            Map.entry("toHours", target -> duration(target).millis() / 3_600_000L),
            Map.entry("toDays", target -> duration(target).millis() / 86_400_000L));

    private static final Map<String, Binary> BINARY = Map.ofEntries(
            Map.entry("contains", (target, item) -> Compiler.items(target).contains(item)),
            Map.entry("containsAll", (target, others) -> Compiler.items(target).containsAll(Compiler.items(others))),
            Map.entry("containsAny", Methods::containsAny),
            Map.entry("lessThan", (a, b) -> decimal(a) < decimal(b)),
            Map.entry("lessThanOrEqual", (a, b) -> decimal(a) <= decimal(b)),
            Map.entry("greaterThan", (a, b) -> decimal(a) > decimal(b)),
            Map.entry("greaterThanOrEqual", (a, b) -> decimal(a) >= decimal(b)),
            Map.entry("isInRange", (a, b) -> ip(a).isInRange(ip(b))),
            Map.entry("offset", Methods::offset),
            Map.entry("durationSince", Methods::durationSince));

    static @Nullable Unary unary(String name) {
        return UNARY.get(name);
    }

    static @Nullable Binary binary(String name) {
        return BINARY.get(name);
    }

    private static Object containsAny(Object target, Object others) {
        var set = Compiler.items(target);
        for (var other : Compiler.items(others)) if (set.contains(other)) return true;
        return false;
    }

    private static Object offset(Object target, Object by) {
        try {
            return new Extension.Datetime(Math.addExact(datetime(target).millis(), duration(by).millis()));
        } catch (ArithmeticException overflow) {
            throw new EvalError("the time does not fit 64 bits");
        }
    }

    private static Object durationSince(Object target, Object since) {
        try {
            return new Extension.Duration(Math.subtractExact(datetime(target).millis(), datetime(since).millis()));
        } catch (ArithmeticException overflow) {
            throw new EvalError("the duration does not fit 64 bits");
        }
    }

    private static long decimal(Object value) {
        if (value instanceof Extension.Decimal(long it)) return it;
        throw new EvalError("expected a decimal");
    }

    private static Extension.Ip ip(Object value) {
        if (value instanceof Extension.Ip it) return it;
        throw new EvalError("expected an address");
    }

    private static Extension.Datetime datetime(Object value) {
        if (value instanceof Extension.Datetime it) return it;
        throw new EvalError("expected a datetime");
    }

    private static Extension.Duration duration(Object value) {
        if (value instanceof Extension.Duration it) return it;
        throw new EvalError("expected a duration");
    }
}
