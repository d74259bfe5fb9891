package dev.masugata.inspect;

import java.util.regex.Pattern;

/// Telephone numbers: international ones (ITU-T E.164), and Japan's, mobile, by area and free of charge.
final class Phones implements Scanner {
    private static final int BEFORE = 24;
    private static final Pattern JAPANESE = Pattern.compile(
            "0[5789]0[- ][0-9]{4}[- ][0-9]{4}|0(?:120|800|570)[- ][0-9]{2,3}[- ][0-9]{3,4}"
                    + "|0[1-9][- ][0-9]{4}[- ][0-9]{4}|0[1-9][0-9][- ][0-9]{3}[- ][0-9]{4}"
                    + "|0[1-9][0-9]{2}[- ][0-9]{2}[- ][0-9]{4}|0[1-9][0-9]{3}[- ][0-9][- ][0-9]{4}"
                    + "|\\(0[1-9][0-9]{0,3}\\) ?[0-9]{1,4}[- ][0-9]{4}"
                    + "|0[1-9][0-9]{0,3}\\([0-9]{1,4}\\)[0-9]{4}|0[5789]0[0-9]{8}|0[1-9][0-9]{8}");
    private static final Pattern CONTEXT = Pattern.compile(
            "電話|携帯|連絡先|℡|☎|ファックス|\\btel\\b|phone\\b|\\bmobile|\\bcell\\b|\\bfax\\b|\\bcall\\b",
            Pattern.CASE_INSENSITIVE);
    /// What may stand between two digits: ` (`.
    private static final int GAP = 2;
    private static final int INTERNATIONAL_LEAST = 9;
    private static final int INTERNATIONAL_MOST = 15;

    private final boolean japanese;

    Phones(boolean japanese) {
        this.japanese = japanese;
    }

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        if (!japanese) {
            international(text, hits);
            return;
        }
        japanese(span, text, hits);
    }

    private static void japanese(Span span, String text, Hits hits) {
        var runs = span.notes().of(DigitRuns.class, () -> DigitRuns.of(text)).places();
        int done = 0;
        for (int i = 0; i < runs.length; i += 2) {
            int from = zero(text, runs[i], done);
            if (from < 0) continue;
            var matcher = JAPANESE.matcher(text).region(from, Math.min(text.length(), runs[i] + 24));
            if (!matcher.lookingAt()) continue;
            int to = matcher.end();
            if (!isApart(text, from, to) || !isNumber(span, from, to)) continue;
            hits.at(from, to);
            done = to;
            while (i + 2 < runs.length && runs[i + 2] < done) i += 2;
        }
    }

    /// Where a number begins whose first long group is this: with the zero, or a bracket before it. The first group may
    /// be too short for a run of its own: `03-`. -1 if it begins with none.
    private static int zero(String text, int run, int done) {
        int from = run;
        while (from > done && run - from < 6 && isPart(text.charAt(from - 1))) from--;
        for (; from <= run; from++) {
            if (text.charAt(from) != '0' || from > 0 && DigitRuns.isDigit(text.charAt(from - 1))) continue;
            return from > done && text.charAt(from - 1) == '(' ? from - 1 : from;
        }
        return -1;
    }

    private static boolean isPart(char c) {
        return DigitRuns.isDigit(c) || c == '-' || c == '(' || c == ')' || c == ' ';
    }

    private static void international(String text, Hits hits) {
        int done = 0;
        for (int plus = text.indexOf('+'); plus >= 0; plus = text.indexOf('+', Math.max(plus + 1, done))) {
            int digits = 0;
            int end = plus + 1;
            for (int at = end; at < text.length() && at - end <= GAP && digits <= INTERNATIONAL_MOST; at++) {
                if (DigitRuns.isDigit(text.charAt(at))) {
                    if (digits++ == 0 && (at > plus + 1 || text.charAt(at) == '0')) break;
                    end = at + 1;
                } else if (" .-()".indexOf(text.charAt(at)) < 0) break;
            }
            if (digits < INTERNATIONAL_LEAST || digits > INTERNATIONAL_MOST || isSum(text, plus)) continue;
            if (!isApart(text, plus, end)) continue;
            hits.at(plus, end);
            done = end;
        }
    }

    /// `1 + 23456789012`, `a = +4294967296`.
    private static boolean isSum(String text, int plus) {
        int before = plus - 1;
        while (before >= 0 && text.charAt(before) == ' ') before--;
        if (before < 0) return false;
        return text.charAt(before) == '=' || before < plus - 1 && DigitRuns.isDigit(text.charAt(before));
    }

    private static boolean isApart(String text, int from, int to) {
        boolean before = from == 0 || isEdge(text.charAt(from - 1));
        boolean after = to == text.length() || isEdge(text.charAt(to))
                || text.charAt(to) == '.' && (to + 1 == text.length() || !DigitRuns.isDigit(text.charAt(to + 1)));
        return before && after;
    }

    private static boolean isEdge(char c) {
        return c >= 128 || !Randomness.isLetter(c) && !DigitRuns.isDigit(c) && "-_.+/=#".indexOf(c) < 0;
    }

    /// In a row it could be any number, unless a word says what it is.
    private static boolean isNumber(Span span, int from, int to) {
        var text = span.text();
        boolean parted = text.chars().skip(from).limit(to - from).anyMatch(c -> c == '-' || c == '(');
        return parted || CONTEXT.matcher(span.around(from, to, BEFORE, 0)).find();
    }
}
