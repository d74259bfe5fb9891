package dev.masugata.model;

import java.util.Map;
import java.util.regex.Pattern;

/// How one asset hangs together with another.
///
/// @param kind in UPPER_SNAKE_CASE, read from `from` to `to`: an agent `USES` a server, a server `HOLDS` a credential
/// @param from an asset's id
/// @param to   an asset's id
/// @param attributes as an asset's
public record Relation(String kind, String from, String to, Map<String, Object> attributes) {
    private static final Pattern KIND = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    public Relation {
        if (!KIND.matcher(kind).matches()) throw new IllegalArgumentException("`" + kind + "` is no kind of relation");
        if (from.isBlank() || to.isBlank()) throw new IllegalArgumentException("a relation has two ends");
        attributes = Asset.checked(attributes);
    }

    public Relation(String kind, String from, String to) {
        this(kind, from, to, Map.of());
    }
}
