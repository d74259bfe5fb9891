package dev.masugata.inspect;

import java.math.BigInteger;
import java.util.Map;

/// Check digits, and what else a number must be to be one of its kind.
final class Checks {
    /// How long an account number is in each country that prints them often (SWIFT, IBAN registry).
    private static final Map<String, Integer> IBAN_CHARS = Map.ofEntries(
            Map.entry("AD", 24), Map.entry("AE", 23), Map.entry("AT", 20), Map.entry("BE", 16), Map.entry("BG", 22),
            Map.entry("BH", 22), Map.entry("BR", 29), Map.entry("CH", 21), Map.entry("CY", 28), Map.entry("CZ", 24),
            Map.entry("DE", 22), Map.entry("DK", 18), Map.entry("EE", 20), Map.entry("ES", 24), Map.entry("FI", 18),
            Map.entry("FR", 27), Map.entry("GB", 22), Map.entry("GI", 23), Map.entry("GR", 27), Map.entry("HR", 21),
            Map.entry("HU", 28), Map.entry("IE", 22), Map.entry("IL", 23), Map.entry("IS", 26), Map.entry("IT", 27),
            Map.entry("KW", 30), Map.entry("LI", 21), Map.entry("LT", 20), Map.entry("LU", 20), Map.entry("LV", 21),
            Map.entry("MC", 27), Map.entry("MT", 31), Map.entry("NL", 18), Map.entry("NO", 15), Map.entry("PL", 28),
            Map.entry("PT", 25), Map.entry("QA", 29), Map.entry("RO", 24), Map.entry("RS", 22), Map.entry("SA", 24),
            Map.entry("SE", 24), Map.entry("SI", 19), Map.entry("SK", 24), Map.entry("SM", 27), Map.entry("TR", 26),
            Map.entry("UA", 29), Map.entry("XK", 20));

    private Checks() {}

    /// ISO/IEC 7812-1, annex B: every second digit from the right counts double.
    static boolean luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int counted = i % 2 == 0 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9;
            sum += counted;
        }
        return sum % 10 == 0;
    }

    /// A card's number: a known issuer, as many digits as it gives, and the check digit.
    static boolean card(String digits) {
        return isIssued(digits, digits.length()) && luhn(digits) && digits.chars().distinct().count() > 1;
    }

    private static boolean isIssued(String digits, int length) {
        int two = Integer.parseInt(digits.substring(0, 2));
        int four = Integer.parseInt(digits.substring(0, 4));
        boolean visa = two / 10 == 4 && (length == 16 || length == 19);
        boolean mastercard = (two >= 51 && two <= 55 || four >= 2221 && four <= 2720) && length == 16;
        boolean amex = (two == 34 || two == 37) && length == 15;
        boolean discover = (four == 6011 || two == 65 || four / 10 >= 644 && four / 10 <= 649) && length >= 16;
        boolean jcb = four >= 3528 && four <= 3589 && length >= 16;
        boolean unionPay = two == 62 && length >= 16;
        boolean diners = (two == 36 || two == 38 || four / 10 >= 300 && four / 10 <= 305) && length == 14;
        return visa || mastercard || amex || discover || jcb || unionPay || diners;
    }

    /// ISO 13616: as long as its country's, and 1 modulo 97 with the first four characters moved to the end.
    static boolean iban(String iban) {
        if (IBAN_CHARS.getOrDefault(iban.substring(0, 2), 0) != iban.length()) return false;
        var digits = new StringBuilder();
        for (char c : (iban.substring(4) + iban.substring(0, 4)).toCharArray()) {
            int value = Character.digit(c, 36);
            if (value < 0) return false;
            digits.append(value);
        }
        return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }

    /// Japan's number of a person (Ordinance of the Ministry of Internal Affairs No. 85 of 2014, article 5).
    static boolean myNumber(String digits) {
        int sum = 0;
        for (int n = 1; n <= 11; n++) sum += (digits.charAt(11 - n) - '0') * (n <= 6 ? n + 1 : n - 5);
        int rest = sum % 11;
        return digits.charAt(11) - '0' == (rest <= 1 ? 0 : 11 - rest) && digits.chars().distinct().count() > 2;
    }

    /// Japan's number of a company (Ordinance of the Ministry of Finance No. 70 of 2014, article 2): the check digit is
    /// the first.
    static boolean corporateNumber(String digits) {
        int sum = 0;
        for (int n = 1; n <= 12; n++) sum += (digits.charAt(13 - n) - '0') * (n % 2 == 1 ? 1 : 2);
        return digits.charAt(0) - '0' == 9 - sum % 9;
    }

    /// The first two digits say which prefecture's commission issued it.
    static boolean drivingLicence(String digits) {
        int commission = Integer.parseInt(digits.substring(0, 2));
        return commission >= 10 && commission <= 97 && digits.chars().distinct().count() > 2;
    }

    /// Numbers that the Social Security Administration never gives are left out.
    static boolean socialSecurity(String digits) {
        int area = Integer.parseInt(digits.substring(0, 3));
        return area != 0 && area != 666 && area < 900 && !digits.startsWith("00", 3) && !digits.endsWith("0000")
                && digits.chars().distinct().count() > 2;
    }
}
