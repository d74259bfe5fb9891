package dev.masugata.inspect;

import java.util.ArrayList;
import java.util.List;

/// A pattern as a tree, as far as [Quick] needs it: what it matches, not how greedily.
///
/// The syntax is the part of RE2's that detections use; what is not in it is refused, and such a pattern has no quick
/// look.
sealed interface PatternTree {
    record One(Units units) implements PatternTree {}

    record Sequence(List<PatternTree> parts) implements PatternTree {}

    record Either(List<PatternTree> parts) implements PatternTree {}

    /// @param most -1 for no bound
    record Repeated(PatternTree part, int least, int most) implements PatternTree {}

    record At(Edge edge) implements PatternTree {}

    /// Places that take no character.
    enum Edge { BEGIN, END, LINE_BEGIN, LINE_END, WORD, NO_WORD }

    /// Not in the part of the syntax that is read here.
    final class Unread extends RuntimeException {
        Unread(String what) {
            super(what, null, false, false);
        }
    }

    /// @throws Unread if it holds something else
    static PatternTree of(String pattern, boolean ignoreCase) {
        var reader = new Reader(pattern, ignoreCase);
        var tree = reader.either();
        if (reader.at < pattern.length()) throw new Unread("a bracket too many");
        return tree;
    }

    /// Reads one pattern.
    final class Reader {
        private final String text;
        private int at;
        private boolean ignoreCase;
        private boolean lines;
        private boolean dotAll;

        private Reader(String text, boolean ignoreCase) {
            this.text = text;
            this.ignoreCase = ignoreCase;
        }

        private boolean next(char c) {
            if (at >= text.length() || text.charAt(at) != c) return false;
            at++;
            return true;
        }

        private char take() {
            if (at >= text.length()) throw new Unread("an end too early");
            return text.charAt(at++);
        }

        private PatternTree either() {
            var parts = new ArrayList<PatternTree>();
            do parts.add(sequence());
            while (next('|'));
            return parts.size() == 1 ? parts.getFirst() : new Either(parts);
        }

        private PatternTree sequence() {
            var parts = new ArrayList<PatternTree>();
            while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') parts.add(repeated());
            return new Sequence(parts);
        }

        private PatternTree repeated() {
            var part = one();
            while (at < text.length()) {
                if (next('*')) part = new Repeated(part, 0, -1);
                else if (next('+')) part = new Repeated(part, 1, -1);
                else if (next('?')) part = new Repeated(part, 0, 1);
                else if (text.charAt(at) == '{' && text.indexOf('}', at) > 0) part = counted(part);
                else return part;
                next('?');
            }
            return part;
        }

        private PatternTree counted(PatternTree part) {
            var numbers = text.substring(at + 1, text.indexOf('}', at)).split(",", -1);
            at = text.indexOf('}', at) + 1;
            try {
                int least = Integer.parseInt(numbers[0]);
                int most = numbers.length == 1 ? least : numbers[1].isEmpty() ? -1 : Integer.parseInt(numbers[1]);
                // A character beyond the first plane is two units: it may count twice.
                boolean wide = part instanceof One(var units) && units.has(0xD83D);
                return new Repeated(part, least, wide && most > 0 ? 2 * most : most);
            } catch (NumberFormatException literal) {
                throw new Unread("a brace that counts nothing");
            }
        }

        private PatternTree one() {
            char c = take();
            return switch (c) {
                case '(' -> group();
                case '[' -> new One(set());
                case '.' -> new One(dotAll ? Units.ALL : Units.NEWLINE.not());
                case '^' -> new At(lines ? Edge.LINE_BEGIN : Edge.BEGIN);
                case '$' -> new At(lines ? Edge.LINE_END : Edge.END);
                case '\\' -> escape();
                case '*', '+', '?' -> throw new Unread("a repetition of nothing");
                default -> literal(c);
            };
        }

        private PatternTree literal(char c) {
            if (Character.isSurrogate(c)) return new One(Units.of(c));
            return new One(cased(Units.of(c)));
        }

        private Units cased(Units units) {
            return ignoreCase ? units.folded() : units;
        }

        private PatternTree group() {
            boolean caseBefore = ignoreCase;
            boolean linesBefore = lines;
            boolean dotBefore = dotAll;
            if (next('?')) {
                if (next('P')) {
                    at = text.indexOf('>', at) + 1;
                } else if (flags()) {
                    return new Sequence(List.of());
                }
            }
            var inner = either();
            if (!next(')')) throw new Unread("a bracket that is not closed");
            ignoreCase = caseBefore;
            lines = linesBefore;
            dotAll = dotBefore;
            return inner;
        }

        /// @return true if they hold for what follows, and open no group
        private boolean flags() {
            boolean on = true;
            while (true) {
                char c = take();
                switch (c) {
                    case 'i' -> ignoreCase = on;
                    case 'm' -> lines = on;
                    case 's' -> dotAll = on;
                    case '-' -> on = false;
                    case ':' -> {
                        return false;
                    }
                    case ')' -> {
                        return true;
                    }
                    default -> throw new Unread("a flag");
                }
            }
        }

        private PatternTree escape() {
            char c = take();
            return switch (c) {
                case 'b' -> new At(Edge.WORD);
                case 'B' -> new At(Edge.NO_WORD);
                case 'A' -> new At(Edge.BEGIN);
                case 'z' -> new At(Edge.END);
                default -> {
                    at--;
                    yield new One(cased(escaped()));
                }
            };
        }

        /// What stands behind a backslash, in a set or outside.
        private Units escaped() {
            char c = take();
            return switch (c) {
                case 'd' -> Units.DIGIT;
                case 'D' -> Units.DIGIT.not();
                case 'w' -> Units.WORD;
                case 'W' -> Units.WORD.not();
                case 's' -> Units.WHITE;
                case 'S' -> Units.WHITE.not();
                case 'n' -> Units.of('\n');
                case 'r' -> Units.of('\r');
                case 't' -> Units.of('\t');
                case 'f' -> Units.of('\f');
                case 'a' -> Units.of(7);
                case 'x' -> Units.of(hex());
                default -> {
                    if (Character.isLetterOrDigit(c)) throw new Unread("an escape");
                    yield Units.of(c);
                }
            };
        }

        private int hex() {
            boolean braced = next('{');
            int end = braced ? text.indexOf('}', at) : at + 2;
            if (end < 0 || end > text.length()) throw new Unread("a number");
            int point = Integer.parseInt(text.substring(at, end), 16);
            at = braced ? end + 1 : end;
            if (point > 0xFFFF) throw new Unread("a character beyond the first plane");
            return point;
        }

        private Units set() {
            boolean not = next('^');
            var units = Units.NONE;
            boolean first = true;
            while (first || text.charAt(at) != ']') {
                first = false;
                if (text.startsWith("[:", at)) throw new Unread("a named class");
                units = units.and(member());
                if (at >= text.length()) throw new Unread("a set that is not closed");
            }
            at++;
            units = cased(units);
            return not ? units.not() : units;
        }

        private Units member() {
            char c = take();
            var from = c == '\\' ? escaped() : Units.of(c);
            if (Character.isSurrogate(c)) throw new Unread("a character beyond the first plane");
            boolean range = at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']';
            if (!range || from.ranges().length != 2 || from.ranges()[0] != from.ranges()[1]) return from;
            at++;
            char last = take();
            var to = last == '\\' ? escaped() : Units.of(last);
            return Units.range(from.ranges()[0], to.ranges()[0]);
        }
    }
}
