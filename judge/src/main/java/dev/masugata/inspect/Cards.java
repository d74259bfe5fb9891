package dev.masugata.inspect;

import java.util.regex.Pattern;

/// Numbers of payment cards: known issuer, length, check digit; and written in groups, or beside a word or a date that
/// says so. Of sixteen digits in a row one in sixty passes the check by chance.
final class Cards implements Scanner {
    private static final int BEFORE = 48;
    private static final int AFTER = 24;
    private static final int FEWEST = 14;
    private static final int MOST = 19;
    private static final Pattern CONTEXT = Pattern.compile(
            "\\bcards?\\b|card ?n|credit|debit|visa|master ?card|amex|american express|\\bjcb\\b|diners|discover"
                    + "|\\bpan\\b|\\bcv[cv]2?\\b|\\bexp(?:iry|ires|\\.|:)|カード|クレジット|有効期限|(?:0[1-9]"
                            + "|1[0-2])/(?:20)?[2-4][0-9]\\b",
            Pattern.CASE_INSENSITIVE);

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        var runs = span.notes().of(DigitRuns.class, () -> DigitRuns.of(text)).places();
        for (int i = 0; i < runs.length; i += 2) {
            int last = i;
            // The groups that follow, each after one space or dash, the same one.
            while (last + 2 < runs.length && joins(text, runs, i, last)) last += 2;
            int from = runs[i];
            int to = runs[last + 1];
            int many = count(runs, i, last);
            boolean apart = isApart(text, from - 1) && isApart(text, to);
            if (apart && many >= FEWEST && many <= MOST && Checks.card(digits(text, runs, i, last))) {
                var around = span.around(from, to, BEFORE, AFTER);
                if (isGrouped(runs, i, last) || CONTEXT.matcher(around).find()) hits.at(from, to);
            }
            i = last;
        }
    }

    private static boolean joins(String text, int[] runs, int first, int last) {
        if (runs[last + 2] != runs[last + 1] + 1) return false;
        char between = text.charAt(runs[last + 1]);
        return (between == ' ' || between == '-') && between == text.charAt(runs[first + 1]);
    }

    /// 4-4-4-4, 4-6-5 and 4-6-4, as cards print them.
    private static boolean isGrouped(int[] runs, int first, int last) {
        if (last == first) return false;
        var lengths = new StringBuilder();
        for (int i = first; i <= last; i += 2) lengths.append(runs[i + 1] - runs[i]);
        var groups = lengths.toString();
        return groups.equals("4444") || groups.equals("465") || groups.equals("464") || groups.equals("44443");
    }

    private static int count(int[] runs, int first, int last) {
        int count = 0;
        for (int i = first; i <= last; i += 2) count += runs[i + 1] - runs[i];
        return count;
    }

    private static String digits(String text, int[] runs, int first, int last) {
        var digits = new StringBuilder();
        for (int i = first; i <= last; i += 2) digits.append(text, runs[i], runs[i + 1]);
        return digits.toString();
    }

    private static boolean isApart(String text, int at) {
        if (at < 0 || at >= text.length()) return true;
        char c = text.charAt(at);
        return c >= 128 || !Randomness.isLetter(c) && !DigitRuns.isDigit(c) && "-_.+#".indexOf(c) < 0;
    }
}
