package dev.masugata.inspect;

/// International account numbers (ISO 13616), in a row or in groups of four: country, length, check digits.
final class Ibans implements Scanner {
    private static final int CHARS_MOST = 34;

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        // Of the two check digits one stands at an even place.
        for (int at = 2; at < text.length(); at += 2) {
            if (!DigitRuns.isDigit(text.charAt(at))) continue;
            for (int from = at - 3; from <= at - 2; from++) {
                if (!begins(text, from)) continue;
                int to = end(text, from);
                if (to < 0) continue;
                hits.at(from, to);
                at = to & ~1;
                break;
            }
        }
    }

    private static boolean begins(String text, int from) {
        if (from < 0 || from + 4 > text.length()) return false;
        boolean apart = from == 0 || !isPart(text.charAt(from - 1));
        return apart && Randomness.isUpper(text.charAt(from)) && Randomness.isUpper(text.charAt(from + 1))
                && DigitRuns.isDigit(text.charAt(from + 2)) && DigitRuns.isDigit(text.charAt(from + 3));
    }

    private static int end(String text, int from) {
        var iban = new StringBuilder();
        for (int at = from; at < text.length() && iban.length() <= CHARS_MOST; at++) {
            char c = text.charAt(at);
            if (isPart(c)) iban.append(c);
            else if (c != ' ' || iban.length() % 4 != 0) return -1;
            boolean whole = at + 1 == text.length() || !isPart(text.charAt(at + 1));
            if (whole && iban.length() > 14 && Checks.iban(iban.toString())) return at + 1;
        }
        return -1;
    }

    private static boolean isPart(char c) {
        return Randomness.isUpper(c) || DigitRuns.isDigit(c) || c >= 'a' && c <= 'z';
    }
}
