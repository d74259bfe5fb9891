package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.model.Severity;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads a file of detections: `detection ID`, and beneath it indented lines of a word and what it says.
///
/// | word | says | if left out |
/// |---|---|---|
/// | `why` | one sentence: what it does to whom | needed |
/// | `severity` | `info`, `low`, `medium`, `high`, `critical` | needed |
/// | `references` | addresses, between spaces | none |
/// | `channels` | `user`, `tool-description`, `tool-result`, `memory`, `egress` | all |
/// | `keywords` | words, between ` \| `; may be said again | none: the scanner reads every text |
/// | `case` | `exact` | any case |
/// | `window` | characters that the pattern sees before and after a keyword | `80 240` |
/// | `pattern` | RE2 syntax; said again, an alternative | none |
/// | `unless` | a pattern: what it occurs in is not meant; may be said again | none |
/// | `scanner` | a name of [Scanners] | none |
/// | `place` | where its examples stand, as a JSON Pointer | the root |
/// | `fires`, `silent` | an example; said again, one more | one each is needed |
///
/// Before the first detection, `let NAME PATTERN` gives a part of patterns a name; `<<NAME>>` stands for it.
///
/// In a pattern a space is white space of any length; one space alone is `[ ]`.
///
/// In keywords and examples `\n`, `\t`, `\r`, `\\`, `\s` (a space) and `\` with `uXXXX` or `u{XXXXX}`
/// stand for characters, and `\&` for nothing: it keeps an example secret from being one. A line that
/// begins with `#` is not read.
final class DetectionFile {
    private static final Set<String> ONCE = Set.of("why", "severity", "channels", "case", "window", "scanner", "place");
    private static final Set<String> MANY = Set.of("references", "keywords", "pattern", "unless", "fires", "silent");

    private final String name;
    private final List<Detection> read = new ArrayList<>();
    private final Map<String, List<String>> said = new HashMap<>();
    private final Map<String, String> parts = new HashMap<>();
    private @Nullable String id;
    private int begins;
    private int line;

    private DetectionFile(String name) {
        this.name = name;
    }

    /// @param name for messages
    /// @throws DetectionProblem at the first entry that cannot be used
    static List<Detection> read(String name, String text) {
        var file = new DetectionFile(name);
        for (var line : text.lines().toList()) file.line(line);
        file.finish();
        return List.copyOf(file.read);
    }

    private void line(String text) {
        line++;
        if (text.isBlank() || text.startsWith("#")) return;
        var read = text.strip().split(" +", 2);
        var word = read[0];
        var rest = read.length < 2 ? "" : read[1];
        if (!text.startsWith(" ")) {
            if (word.equals("let") && id == null) {
                let(rest);
                return;
            }
            if (!word.equals("detection")) throw problem("`detection ID` is expected, not `" + word + "`");
            finish();
            id = rest;
            begins = line;
            return;
        }
        if (id == null) throw problem("a line before the first `detection`");
        if (!ONCE.contains(word) && !MANY.contains(word))
            throw problem("`" + word + "` is no word of a detection; there are " + words());
        var values = said.computeIfAbsent(word, _ -> new ArrayList<>());
        if (ONCE.contains(word) && !values.isEmpty()) throw problem("`" + word + "` is said twice");
        if (rest.isEmpty()) throw problem("`" + word + "` says nothing");
        values.add(rest);
    }

    private void let(String rest) {
        var named = rest.split(" +", 2);
        if (named.length < 2) throw problem("`let` takes a name and a pattern");
        parts.put(named[0], whole(named[1]));
    }

    /// The pattern with its named parts in it.
    private String whole(String pattern) {
        var out = new StringBuilder();
        int at = 0;
        for (int open = pattern.indexOf("<<"); open >= 0; open = pattern.indexOf("<<", at)) {
            int close = pattern.indexOf(">>", open);
            var part = close < 0 ? null : parts.get(pattern.substring(open + 2, close));
            if (part == null) throw problem("`<<` begins no part that `let` named");
            out.append(pattern, at, open).append("(?:").append(part).append(")");
            at = close + 2;
        }
        return out.append(pattern.substring(at)).toString();
    }

    private static String spaced(String pattern) {
        var out = new StringBuilder();
        boolean set = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == ' ' && !set) out.append("(?:\\s+)");
            else out.append(c);
            if (c == '\\' && i + 1 < pattern.length()) out.append(pattern.charAt(++i));
            else if (c == '[') set = true;
            else if (c == ']') set = false;
        }
        return out.toString();
    }

    private static TreeSet<String> words() {
        var words = new TreeSet<>(ONCE);
        words.addAll(MANY);
        return words;
    }

    private void finish() {
        var of = id;
        if (of == null) return;
        id = null;
        int now = line;
        line = begins;
        read.add(detection(of));
        line = now;
        said.clear();
    }

    private Detection detection(String of) {
        var window = window();
        return new Detection(
                name + ":" + line, of, one("why", ""), severity(), split("references", " +"), channels(),
                split("keywords", " \\| ").stream().map(this::unescaped).toList(), exact(), window[0], window[1],
                all("pattern").stream().map(this::whole).map(DetectionFile::spaced).toList(),
                all("unless").stream().map(this::whole).map(DetectionFile::spaced).toList(),
                one("scanner", ""),
                one("place", ""),
                all("fires").stream().map(this::unescaped).toList(),
                all("silent").stream().map(this::unescaped).toList());
    }

    private List<String> all(String word) {
        return said.getOrDefault(word, List.of());
    }

    private String one(String word, String otherwise) {
        var values = all(word);
        return values.isEmpty() ? otherwise : values.getFirst();
    }

    private List<String> split(String word, String between) {
        return all(word).stream().flatMap(it -> List.of(it.split(between)).stream()).toList();
    }

    private boolean exact() {
        var value = one("case", "any");
        if (!value.equals("any") && !value.equals("exact")) throw problem("`case` is `exact` or left out");
        return value.equals("exact");
    }

    private int[] window() {
        var numbers = one("window", Detection.BEFORE + " " + Detection.AFTER);
        if (!numbers.matches("[0-9]{1,6} [0-9]{1,6}")) throw problem("`window` is two numbers, before and after");
        return List.of(numbers.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    }

    private Severity severity() {
        for (var severity : Severity.values()) if (severity.word().equals(one("severity", ""))) return severity;
        throw problem("`severity` is missing or not one of info, low, medium, high, critical");
    }

    private Set<Channel> channels() {
        if (all("channels").isEmpty()) return EnumSet.allOf(Channel.class);
        var channels = EnumSet.noneOf(Channel.class);
        for (var word : split("channels", " +")) {
            var channel = List.of(Channel.values()).stream().filter(it -> it.word().equals(word)).findFirst();
            channels.add(channel.orElseThrow(() -> problem("`" + word + "` is no channel")));
        }
        return channels;
    }

    private String unescaped(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            if (++i == text.length()) throw problem("a text ends in `\\`: write `\\\\`");
            switch (text.charAt(i)) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 's' -> out.append(' ');
                case '\\' -> out.append('\\');
                case '&' -> {}
                case 'u' -> i = number(text, i + 1, out) - 1;
                default -> throw problem("`\\" + text.charAt(i) + "` stands for nothing: write `\\\\`");
            }
        }
        return out.toString();
    }

    /// @return where the text goes on
    private int number(String text, int at, StringBuilder out) {
        boolean braced = text.startsWith("{", at);
        int from = braced ? at + 1 : at;
        int to = braced ? text.indexOf('}', at) : Math.min(at + 4, text.length());
        try {
            int point = Integer.parseInt(text.substring(from, to), 16);
            out.appendCodePoint(point);
            return braced ? to + 1 : to;
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException wrong) {
            throw problem("after `\\u` come four hex digits, or some between braces");
        }
    }

    private DetectionProblem problem(String what) {
        return new DetectionProblem(name + ":" + line + ": " + what);
    }
}
