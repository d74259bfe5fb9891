package dev.masugata.model;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A thing that agents are made of, or can reach: an agent, a server, a skill, a package, a credential.
///
/// @param kind what it is, in PascalCase as a query names it: `Agent`, `McpServer`, `Credential`
/// @param id   the same thing has the same id in every scan and in every home: `kind:` and what tells it from others
/// @param name as people call it
/// @param attributes what is known of it: by name in lowerCamelCase a [String], [Long], [Boolean], or a list of strings
public record Asset(String kind, String id, String name, Map<String, Object> attributes) {
    static final Pattern KIND = Pattern.compile("[A-Z][A-Za-z0-9]{0,63}");
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z][A-Za-z0-9]{0,63}");

    public Asset {
        if (!KIND.matcher(kind).matches()) throw new IllegalArgumentException("`" + kind + "` is no kind of asset");
        if (id.isBlank()) throw new IllegalArgumentException("an asset has an id");
        attributes = checked(attributes);
    }

    static Map<String, Object> checked(Map<String, Object> attributes) {
        for (var one : attributes.entrySet()) {
            if (!ATTRIBUTE.matcher(one.getKey()).matches())
                throw new IllegalArgumentException("`" + one.getKey() + "` is no name of an attribute");
            switch (one.getValue()) {
                case String _, Long _, Boolean _ -> {}
                case List<?> list when list.stream().allMatch(String.class::isInstance) -> {}
                case Object other -> throw new IllegalArgumentException(
                        "`" + one.getKey() + "` is a " + other.getClass().getSimpleName());
            }
        }
        return java.util.Collections.unmodifiableMap(new TreeMap<>(attributes));
    }
}
