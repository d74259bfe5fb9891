package dev.masugata.inspect;

/// International account numbers (ISO 13616), in a row or in groups of four: country, length, check digits.
final class Ibans implements Scanner {
    private static final int CHARS_MOST = 34;
    private static final int CHARS_LEAST = 15;

    /// How far before its first run of digits a number may begin: `DE8937..`, `DE89 37..`, `IT60 X054`, `GB82WEST12`,
    /// `GB82 WEST 12`.
    private static final int[] BEFORE = {2, 5, 6, 8, 10};

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        var runs = span.notes().of(DigitRuns.class, () -> DigitRuns.of(text)).places();
        int done = 0;
        for (int i = 0; i < runs.length; i += 2) {
            for (int before : BEFORE) {
                int from = runs[i] - before;
                int to = from < done || !begins(text, from) ? -1 : end(text, from);
                if (to < 0) continue;
                hits.at(from, to);
                done = to;
                break;
            }
        }
    }

    private static boolean begins(String text, int from) {
        if (from + 4 > text.length() || !Randomness.isUpper(text.charAt(from))) return false;
        boolean begins = Randomness.isUpper(text.charAt(from + 1))
                && DigitRuns.isDigit(text.charAt(from + 2)) && DigitRuns.isDigit(text.charAt(from + 3));
        return begins && (from == 0 || !isPart(text.charAt(from - 1)));
    }

    private static int end(String text, int from) {
        var iban = new StringBuilder();
        for (int at = from; at < text.length() && iban.length() <= CHARS_MOST; at++) {
            char c = text.charAt(at);
            if (isPart(c)) iban.append(c);
            else if (c != ' ' || iban.length() % 4 != 0) return -1;
            boolean whole = at + 1 == text.length() || !isPart(text.charAt(at + 1));
            if (whole && iban.length() >= CHARS_LEAST && Checks.iban(iban.toString())) return at + 1;
        }
        return -1;
    }

    private static boolean isPart(char c) {
        return Randomness.isLetter(c) || DigitRuns.isDigit(c);
    }
}
