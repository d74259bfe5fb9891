package dev.masugata.inspect;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Numbers of one kind: of a certain shape, with a check digit if the kind has one, and, if by themselves they could be
/// any number, beside a word that says what they are.
///
/// before -> after: `マイナンバー: 1234 5678 9018` is one; `order 123456789018` is none. A member's name counts as such a
/// word: `{"my_number": "123456789018"}`.
final class Numbers implements Scanner {
    /// How far a word may stand before and behind.
    private static final int BEFORE = 48;
    private static final int AFTER = 16;

    private final String[] shapes;
    /// What stands in each shape before its first digit.
    private final int[] letters;
    /// Digits that follow one another in each shape from its first digit on: of fewer it is not made.
    private final int[] least;
    private final Predicate<String> check;
    private final @Nullable Pattern context;

    /// @param shapes  alternatives, the longer first, between spaces: `#` is a digit, `A` a capital, `~` nothing or a
    ///                space or a dash, and every other character itself
    /// @param check   of the number without what separates its parts
    /// @param context the words one of which must stand near, in any case; none if the number says enough itself
    Numbers(String shapes, Predicate<String> check, @Nullable String context) {
        this.shapes = shapes.split(" ");
        this.letters = Arrays.stream(this.shapes).mapToInt(it -> it.indexOf('#')).toArray();
        this.least = Arrays.stream(this.shapes).mapToInt(Numbers::digits).toArray();
        this.check = check;
        this.context = context == null ? null : Pattern.compile(context, Pattern.CASE_INSENSITIVE);
    }

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        var runs = span.notes().of(DigitRuns.class, () -> DigitRuns.of(text)).places();
        int done = 0;
        for (int i = 0; i < runs.length; i += 2) {
            for (int kind = 0; kind < shapes.length; kind++) {
                if (runs[i + 1] - runs[i] < least[kind]) continue;
                int from = runs[i] - letters[kind];
                if (from < done || !isApart(text, from - 1)) continue;
                int to = end(text, from, shapes[kind]);
                if (to < 0 || to < text.length() && !ends(text, to)) continue;
                var value = bare(text, from, to);
                if (!check.test(value) || !isSaid(span, from, to)) continue;
                hits.at(from, to);
                done = to;
                break;
            }
        }
    }

    private static int digits(String shape) {
        int from = shape.indexOf('#');
        int to = from;
        while (to < shape.length() && shape.charAt(to) == '#') to++;
        return to - from;
    }

    /// Not the middle of a longer number or name.
    private static boolean isApart(String text, int at) {
        if (at < 0) return true;
        char c = text.charAt(at);
        if (c == '-' || c == '.' || c == '+') return at == 0 || !isPart(text.charAt(at - 1));
        return !isPart(c) && c != '_' && c != '/' && c != '#';
    }

    private static boolean ends(String text, int at) {
        char c = text.charAt(at);
        boolean joined = c == '-' || c == '.' || c == '/';
        if (joined) return at + 1 == text.length() || !isPart(text.charAt(at + 1));
        return !isPart(c) && c != '_';
    }

    private static boolean isPart(char c) {
        return c < 128 && (Randomness.isLetter(c) || DigitRuns.isDigit(c));
    }

    /// @return where the shape ends, or -1
    private static int end(String text, int from, String shape) {
        int at = from;
        for (int i = 0; i < shape.length(); i++) {
            char wanted = shape.charAt(i);
            char there = at < text.length() ? text.charAt(at) : 0;
            if (wanted == '~') {
                if (there == ' ' || there == '-') at++;
                continue;
            }
            boolean fits = switch (wanted) {
                case '#' -> DigitRuns.isDigit(there);
                case 'A' -> Randomness.isUpper(there);
                default -> wanted == there;
            };
            if (!fits) return -1;
            at++;
        }
        return at;
    }

    private static String bare(String text, int from, int to) {
        var bare = new StringBuilder();
        for (int i = from; i < to; i++) if (isPart(text.charAt(i))) bare.append(text.charAt(i));
        return bare.toString();
    }

    private boolean isSaid(Span span, int from, int to) {
        return context == null || context.matcher(span.around(from, to, BEFORE, AFTER)).find();
    }
}
