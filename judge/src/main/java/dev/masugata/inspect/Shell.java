package dev.masugata.inspect;

import java.util.ArrayList;
import java.util.List;

/// A text as the commands that a shell would run if it were one: words as the program would get them, whatever quotes,
/// backslashes and `$IFS` they were written with, and the commands within commands.
///
/// before -> after: `sudo r''m -r\f /; sh -c "curl x|sh"` -> `[rm, -rf, /]`, `[curl, x]` into `[sh]`, ...
///
/// Grammar: POSIX.1-2024, Shell Command Language, 2.2 and 2.3, as far as it says which words a command has.
final class Shell {
    /// Characters of one text that are read; commands are short.
    static final int CHARS_MAX = 256 * 1024;

    /// Commands within commands: substitutions, `sh -c`.
    static final int DEPTH_MAX = 4;

    /// Commands of one text.
    static final int COMMANDS_MAX = 20_000;

    /// @param words   the program and its arguments
    /// @param from    where it stands in the text; of a command within quotes, where these stand
    /// @param piped   its output goes into the next command
    /// @param fed     its input is the output of the one before
    /// @param targets files that it writes
    record Command(List<String> words, int from, int to, boolean piped, boolean fed, List<String> targets) {
        String program() {
            var word = words.getFirst();
            return word.substring(word.lastIndexOf('/') + 1);
        }

        List<String> arguments() {
            return words.subList(1, words.size());
        }
    }

    private final List<Command> commands = new ArrayList<>();

    private Shell() {}

    /// The commands in order; those within others after the one that they stand in.
    static List<Command> commands(String text) {
        var shell = new Shell();
        new Reader(shell, text, 0, Math.min(text.length(), CHARS_MAX), -1, 0).read();
        return shell.commands;
    }

    /// As a note of a reading.
    record Commands(List<Command> all) {
        static Commands of(Scanner.Span span) {
            return span.notes().of(Commands.class, () -> new Commands(commands(span.text())));
        }
    }

    private void add(Command command, int depth) {
        if (commands.size() >= COMMANDS_MAX) return;
        var words = Prefixes.without(command.words());
        if (words.isEmpty()) return;
        var bare = new Command(
                words, command.from(), command.to(), command.piped(), command.fed(), command.targets());
        commands.add(bare);
        var script = Prefixes.script(bare);
        if (script == null || depth >= DEPTH_MAX) return;
        new Reader(this, script, command.from(), script.length(), command.to(), depth + 1).read();
    }

    /// Reads one text, or a part of one.
    private static final class Reader {
        private final Shell shell;
        private final String text;
        private final int end;
        private final int depth;
        /// Of a text within a text: the place of the whole of it.
        private final int placedFrom;
        private final int placedTo;

        private int at;
        private int begin;
        private boolean inWord;
        private boolean fed;
        private final StringBuilder word = new StringBuilder();
        private List<String> words = new ArrayList<>();
        private List<String> targets = new ArrayList<>();
        private boolean redirected;

        /// @param placedTo -1 if places are those in the text itself
        private Reader(Shell shell, String text, int placedFrom, int end, int placedTo, int depth) {
            this.shell = shell;
            this.text = text;
            this.end = end;
            this.placedFrom = placedFrom;
            this.placedTo = placedTo;
            this.depth = depth;
        }

        private void read() {
            while (at < end && shell.commands.size() < COMMANDS_MAX) {
                char c = text.charAt(at);
                switch (c) {
                    case ' ', '\t', '\r' -> endOfWord();
                    case '\n', ';', '&', '(', ')' -> separator(c);
                    case '|' -> pipe();
                    case '<', '>' -> redirection(c);
                    case '\'' -> quoted();
                    case '"' -> doubleQuoted();
                    case '\\' -> escaped();
                    case '`' -> substituted(at + 1, closing('`'));
                    case '$' -> dollar();
                    case '#' -> comment();
                    default -> take(c);
                }
                at++;
            }
            endOfCommand(false);
        }

        private void take(char c) {
            if (!inWord && words.isEmpty()) begin = at;
            inWord = true;
            word.append(c);
        }

        private void endOfWord() {
            if (!inWord) return;
            if (redirected) targets.add(word.toString());
            else words.add(word.toString());
            redirected = false;
            inWord = false;
            word.setLength(0);
        }

        private void separator(char c) {
            // `>&2`, `&>file`
            if (c == '&' && (at > 0 && text.charAt(at - 1) == '>' || at + 1 < end && text.charAt(at + 1) == '>')) {
                endOfWord();
                return;
            }
            endOfCommand(false);
        }

        private void pipe() {
            boolean or = at + 1 < end && text.charAt(at + 1) == '|';
            endOfCommand(!or);
            if (or) at++;
            else fed = true;
        }

        private void redirection(char c) {
            // A number before it is no word: `2>`.
            if (word.length() == 1 && DigitRuns.isDigit(word.charAt(0))) {
                inWord = false;
                word.setLength(0);
            }
            endOfWord();
            while (at + 1 < end && (text.charAt(at + 1) == c || text.charAt(at + 1) == '|')) at++;
            redirected = c == '>';
        }

        private void endOfCommand(boolean piped) {
            endOfWord();
            redirected = false;
            if (!words.isEmpty() || !targets.isEmpty()) {
                if (words.isEmpty()) words.add(">");
                boolean within = placedTo >= 0;
                int from = within ? placedFrom : begin;
                int to = within ? placedTo : at;
                shell.add(new Command(List.copyOf(words), from, to, piped, fed, List.copyOf(targets)), depth);
            }
            fed = false;
            words = new ArrayList<>();
            targets = new ArrayList<>();
        }

        private void quoted() {
            int close = text.indexOf('\'', at + 1);
            // No end: an apostrophe.
            if (close < 0 || close >= end) {
                take('\'');
                return;
            }
            start();
            word.append(text, at + 1, close);
            at = close;
        }

        private void start() {
            if (!inWord && words.isEmpty()) begin = at;
            inWord = true;
        }

        private void doubleQuoted() {
            int close = closing('"');
            if (close < 0) {
                take('"');
                return;
            }
            start();
            for (int i = at + 1; i < close; i++) {
                char c = text.charAt(i);
                boolean escapes = c == '\\' && i + 1 < close && "\"\\$`\n".indexOf(text.charAt(i + 1)) >= 0;
                if (escapes) word.append(text.charAt(++i));
                else if (c == '$' && i + 1 < close && text.charAt(i + 1) == '(') {
                    int stop = parenthesis(i + 1, close);
                    within(i + 2, stop);
                    word.append(text, i, Math.min(stop + 1, close));
                    i = Math.min(stop, close - 1);
                } else word.append(c);
            }
            at = close;
        }

        private void escaped() {
            if (at + 1 >= end) return;
            at++;
            if (text.charAt(at) != '\n') take(text.charAt(at));
        }

        /// The same mark again, not escaped; -1 if there is none.
        private int closing(char mark) {
            for (int i = at + 1; i < end; i++) {
                char c = text.charAt(i);
                if (c == '\\') i++;
                else if (c == mark) return i;
            }
            return -1;
        }

        private void substituted(int from, int close) {
            // In prose it is how code is written; a shell's line begins with a program.
            if (close < 0 || !Prefixes.isLine(words)) {
                at = close < 0 ? at : close;
                start();
                return;
            }
            start();
            within(from, close);
            word.append('`').append(text, from, close).append('`');
            at = close;
        }

        private void within(int from, int to) {
            if (depth >= DEPTH_MAX || from >= to) return;
            boolean within = placedTo >= 0;
            var part = text.substring(from, to);
            int begins = within ? placedFrom : from;
            new Reader(shell, part, begins, part.length(), within ? placedTo : to, depth + 1).read();
        }

        /// Where the one that opens here is closed; `most` if nowhere before.
        private int parenthesis(int open, int most) {
            int deep = 0;
            for (int i = open; i < most; i++) {
                if (text.charAt(i) == '(') deep++;
                else if (text.charAt(i) == ')' && --deep == 0) return i;
            }
            return most;
        }

        private void dollar() {
            if (text.startsWith("${IFS}", at) || text.startsWith("$IFS", at)) {
                at += text.charAt(at + 1) == '{' ? 5 : 3;
                if (text.startsWith("$9", at + 1)) at += 2;
                endOfWord();
            } else if (text.startsWith("$(", at)) {
                int stop = parenthesis(at + 1, end);
                start();
                within(at + 2, stop);
                word.append(text, at, Math.min(stop + 1, end));
                at = stop;
            } else if (text.startsWith("$'", at)) {
                at++;
                int close = closing('\'');
                start();
                if (close < 0) return;
                word.append(Escapes.of(text.substring(at + 1, close)));
                at = close;
            } else if (!text.startsWith("$\"", at)) take('$');
        }

        private void comment() {
            if (inWord) {
                take('#');
                return;
            }
            while (at + 1 < end && text.charAt(at + 1) != '\n') at++;
        }
    }

    /// `$'...'`: escapes by number and by letter.
    private static final class Escapes {
        private static String of(String text) {
            var out = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c != '\\' || i + 1 == text.length()) {
                    out.append(c);
                    continue;
                }
                char kind = text.charAt(++i);
                int base = kind == 'x' ? 16 : 8;
                int from = kind == 'x' ? i + 1 : i;
                int to = from;
                while (to < text.length() && to - from < (base == 16 ? 2 : 3)
                        && Character.digit(text.charAt(to), base) >= 0) to++;
                if (to > from) {
                    out.append((char) Integer.parseInt(text.substring(from, to), base));
                    i = to - 1;
                } else out.append(kind == 'n' ? '\n' : kind == 't' ? '\t' : kind);
            }
            return out.toString();
        }
    }
}
