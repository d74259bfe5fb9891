package dev.masugata.definition;

import dev.masugata.model.Reason;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What of a tool belongs to a tool of another server: its name, or what its description says of that one.
///
/// The words by which a description steers are data: `catalog/definitions/steering.json`.
public final class Likeness {
    /// Characters of a definition's descriptions that are read for the names of other tools.
    static final int CHARS_MAX = 64 * 1024;

    public static final String SAME_NAME = "pin/same-name";
    public static final String LOOK_ALIKE = "pin/look-alike-name";
    public static final String NAMES_ANOTHER = "pin/names-another-tool";

    private static final Pattern SENTENCES = Pattern.compile("(?<=[.!?])\\s+|[\n。！？]");

    private final List<String> steering;

    public Likeness() {
        steering = Catalog.words(Catalog.of("steering"), "words");
    }

    /// A tool of another server.
    public record Other(String server, String tool) {
        private String qualified() {
            return server + "/" + tool;
        }
    }

    /// How it passes for another, or speaks of one.
    ///
    /// @param others tools of other servers
    /// @param own    names of approved tools of its own server: it may speak of those
    public List<Reason> of(Definition tool, Collection<Other> others, Set<String> own) {
        var reasons = new ArrayList<Reason>();
        var folded = folded(tool.name());
        var sentences = sentences(tool).stream().filter(this::steers).toList();
        for (var other : others) {
            if (other.tool().equals(tool.name()))
                reasons.add(new Reason(SAME_NAME, "`" + other.qualified() + "` has the same name"));
            else if (folded(other.tool()).equals(folded))
                reasons.add(new Reason(LOOK_ALIKE, "its name looks like that of `" + other.qualified() + "`"));
            steers(sentences, other, own.contains(other.tool()))
                    .ifPresent(it -> reasons.add(new Reason(NAMES_ANOTHER, it)));
        }
        return List.copyOf(reasons);
    }

    /// @param sentences those that say what to do
    /// @param shared    its own server has an approved tool of that name: only the full name means the other
    private static Optional<String> steers(List<String> sentences, Other other, boolean shared) {
        boolean steers = sentences.stream().anyMatch(it -> names(it, other, shared));
        return steers ? Optional.of("its description says what to do with `" + other.qualified() + "`")
                : Optional.empty();
    }

    private boolean steers(String sentence) {
        var words = Set.copyOf(List.of(sentence.split("[^\\p{L}\\p{N}']+")));
        return steering.stream().anyMatch(it -> it.charAt(0) < 128 ? words.contains(it) : sentence.contains(it));
    }

    /// A name that is an ordinary word means the tool only where it is said to be one.
    private static boolean names(String sentence, Other other, boolean shared) {
        var name = other.tool().toLowerCase(Locale.ROOT);
        if (stands(sentence, other.server() + "__" + name) || stands(sentence, other.server() + "/" + name))
            return true;
        if (shared || !stands(sentence, name)) return false;
        boolean distinctive = other.tool().chars().anyMatch(c -> c == '_' || c == '-' || c == '.')
                || Claims.words(other.tool()).size() > 1;
        return distinctive
                || sentence.contains("`" + name + "`")
                || sentence.contains("\"" + name + "\"")
                || stands(sentence, name + " tool")
                || stands(sentence, "tool " + name);
    }

    /// Not as a part of a longer name.
    private static boolean stands(String sentence, String name) {
        for (int at = sentence.indexOf(name); at >= 0; at = sentence.indexOf(name, at + 1)) {
            boolean begins = at == 0 || !isName(sentence.charAt(at - 1));
            int end = at + name.length();
            if (begins && (end == sentence.length() || !isName(sentence.charAt(end)))) return true;
        }
        return false;
    }

    private static boolean isName(char c) {
        return c < 128 && Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    private static List<String> sentences(Definition tool) {
        var text = String.join("\n", tool.words());
        if (text.length() > CHARS_MAX) text = text.substring(0, CHARS_MAX);
        var plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return SENTENCES.splitAsStream(plain).toList();
    }

    /// A name as a reader may take it. A tool's name is ASCII; within that, look-alikes are one.
    ///
    /// before -> after: `Read-FiIe` -> `readflle`, as `read_file` is; `send.rnail` and `sendMail` -> `sendmall`.
    static String folded(String name) {
        var folded = new StringBuilder();
        Normalizer.normalize(name, Normalizer.Form.NFKC).codePoints()
                .filter(Character::isLetterOrDigit)
                .map(Character::toLowerCase)
                .forEach(point -> folded.appendCodePoint(switch (point) {
                    case '0' -> 'o';
                    case '1', 'i' -> 'l';
                    case '5' -> 's';
                    default -> point;
                }));
        return folded.toString().replace("rn", "m").replace("vv", "w");
    }
}
