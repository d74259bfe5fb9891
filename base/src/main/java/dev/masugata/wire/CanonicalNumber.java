package dev.masugata.wire;

/// A number in the one form that RFC 8785 section 3.2.2.3 (ECMAScript `Number::toString`) gives it.
final class CanonicalNumber {
    private CanonicalNumber() {}

    static String of(Json.Num number) {
        return of(Double.parseDouble(number.literal()));
    }

    static String of(double value) {
        if (value == 0) return "0";
        var shortest = Decimal.shortest(value).stripTrailingZeros();
        var digits = shortest.unscaledValue().abs().toString();
        int point = digits.length() - shortest.scale();
        return (value < 0 ? "-" : "") + layout(digits, point);
    }

    private static String layout(String digits, int point) {
        int count = digits.length();
        if (count <= point && point <= 21) return digits + "0".repeat(point - count);
        if (0 < point && point <= 21) return digits.substring(0, point) + "." + digits.substring(point);
        if (-6 < point && point <= 0) return "0." + "0".repeat(-point) + digits;
        int exponent = point - 1;
        var sign = exponent < 0 ? "-" : "+";
        var mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return mantissa + "e" + sign + Math.abs(exponent);
    }
}
