package dev.masugata.wire;

import java.math.BigDecimal;
import java.math.MathContext;

/// Which texts are numbers of RFC 8259 section 6, and which of these keep their value as an IEEE double.
final class Decimal {
    enum Verdict {
        KEEPS,
        CHANGES,
        SYNTAX
    }

    /// A double tells any two decimals of this many digits apart (`DBL_DIG`), so their text always survives.
    private static final int SURE_DIGITS = 15;

    /// ... as long as the value is well within the range of normal doubles.
    private static final int SURE_EXPONENT = 270;

    /// Beyond it no double of a bounded text is left, and the exact arithmetic below would blow up.
    private static final int MOST_EXPONENT = 9_999;

    private Decimal() {}

    static Verdict check(String text) {
        int at = 0, end = text.length();
        if (at < end && text.charAt(at) == '-') at++;
        int whole = digits(text, at);
        if (whole == at || (text.charAt(at) == '0' && whole > at + 1)) return Verdict.SYNTAX;
        int count = whole - at;
        at = whole;
        if (at < end && text.charAt(at) == '.') {
            int fraction = digits(text, at + 1);
            if (fraction == at + 1) return Verdict.SYNTAX;
            count += fraction - at - 1;
            at = fraction;
        }
        int exponent = 0;
        if (at < end && (text.charAt(at) | 0x20) == 'e') {
            at++;
            boolean signed = at < end && (text.charAt(at) == '+' || text.charAt(at) == '-');
            int from = signed ? at + 1 : at;
            at = digits(text, from);
            if (at == from) return Verdict.SYNTAX;
            for (int i = from; i < at; i++) {
                exponent = exponent * 10 + text.charAt(i) - '0';
                if (exponent > MOST_EXPONENT) exponent = MOST_EXPONENT + 1; // stays there whatever follows
            }
        }
        if (at != end) return Verdict.SYNTAX;
        if (count <= SURE_DIGITS && exponent <= SURE_EXPONENT) return Verdict.KEEPS;
        return exponent <= MOST_EXPONENT && survives(text) ? Verdict.KEEPS : Verdict.CHANGES;
    }

    /// The shortest decimal that is read as this double, nearest to it where there are several: ECMA-262
    /// `Number::toString`, which is what RFC 8785 section 3.2.2.3 refers to.
    static BigDecimal shortest(double value) {
        var shortest = new BigDecimal(Double.toString(value));
        // Double.toString writes at least two digits, so among the smallest doubles one digit may be enough.
        if (Math.abs(value) > Double.MIN_NORMAL || shortest.precision() != 2) return shortest;
        var one = new BigDecimal(value).round(new MathContext(1));
        return one.doubleValue() == value ? one : shortest;
    }

    private static boolean survives(String text) {
        double value = Double.parseDouble(text);
        return Double.isFinite(value) && shortest(value).compareTo(new BigDecimal(text)) == 0;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        return at;
    }
}
