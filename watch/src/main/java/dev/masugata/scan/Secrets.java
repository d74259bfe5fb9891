package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which kind of key a value is. Never more than the kind leaves this file.
final class Secrets {
    /// A key, kept by its kind and where it stands.
    record Key(String type, int offset) {}

    private record Shape(String type, List<String> keywords, Pattern pattern) {}

    private static final List<Shape> SHAPES = Catalog.json("keys/keys.json").items("keys").stream()
            .map(it -> (Json.Obj) it)
            .map(it -> new Shape(it.string("type").orElseThrow(),
                    it.items("keywords").stream().map(Tree::word).toList(),
                    Pattern.compile(it.string("pattern").orElseThrow())))
            .toList();
    private static final Literals WORDS =
            Literals.of(SHAPES.stream().flatMap(it -> it.keywords().stream()).toList());

    private static final Pattern NAMED = Pattern.compile(
            "(?i)(?:^|[_.-]|[a-z])(?:api_?-?key|key|token|secret|password|passwd|pat|credentials?|authorization)$");
    private static final Pattern INNOCENT = Pattern.compile(
            "(?i)\\$\\{|^\\$|^<|\\{\\{|^(?:env|file|exec|keyring|vault|op|secret|ref)[:/]|your|example|changeme|"
            + "placeholder|"
                    + "xxxx|\\.\\.\\.|\\*\\*\\*|dummy|redacted|sample|insert|^%|^!|/|^(?:true|false|null|none)$");
    private static final Pattern BEARER = Pattern.compile("(?i)^(?:bearer|basic|token)\\s+(.+)$");
    private static final int NAMED_CHARS = 12;
    private static final int COLUMNS = 128;
    private static final double NAMED_BITS = 2.8;

    private Secrets() {}

    /// The kind of key that a named value is, if it is one.
    static Optional<String> type(String name, String value) {
        if (innocent(value)) return Optional.empty();
        var known = in(value);
        if (!known.isEmpty()) return Optional.of(known.getFirst().type());
        var bearer = BEARER.matcher(value);
        var bare = bearer.find() ? bearer.group(1) : value;
        boolean looks = NAMED.matcher(name).find() && bare.length() >= NAMED_CHARS && bare.indexOf(' ') < 0
                && !INNOCENT.matcher(bare).find() && bits(bare) >= NAMED_BITS;
        return looks ? Optional.of("unknown") : Optional.empty();
    }

    /// Keys of known shapes in a text, each kind once.
    static List<Key> in(String text) {
        var stands = WORDS.in(text);
        if (stands.isEmpty()) return List.of();
        var keys = new ArrayList<Key>();
        for (var shape : SHAPES) {
            if (shape.keywords().stream().noneMatch(it -> stands.get(
                    WORDS.index(it.toLowerCase(Locale.ROOT))))) continue;
            var found = shape.pattern().matcher(text);
            int at = 0;
            while (at <= text.length() && found.find(at)) {
                if (!innocent(found.group()) && (shape.type().endsWith("private-key")
                        || bits(found.group()) > NAMED_BITS)) {
                    keys.add(new Key(shape.type(), found.start()));
                    break;
                }
                at = Math.max(found.end(), found.start() + 1);
            }
        }
        return keys;
    }

    private static boolean innocent(String value) {
        return value.startsWith("${") || value.startsWith("$") || value.contains("xxxx") || value.contains("XXXX")
                || value.contains("EXAMPLE") || value.contains("example") || value.contains("your");
    }

    /// Bits for each character (Shannon): words and placeholders have few, keys many.
    static double bits(String text) {
        var counts = new int[COLUMNS];
        text.chars().forEach(c -> counts[c % COLUMNS]++);
        double bits = 0;
        for (int i = 0; i < text.length(); i++)
            bits -= Math.log((double) counts[text.charAt(i) % COLUMNS] / text.length());
        return text.isEmpty() ? 0 : bits / text.length() / Math.log(2);
    }
}
