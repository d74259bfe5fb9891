package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Names one slip away from a well-known package of the AI ecosystem.
final class Squats {
    /// Shorter names are near too many others.
    private static final int FEWEST_CHARS = 6;

    private final Map<String, List<String>> known = Catalog.json("engines/engines.json").object("packages").members()
            .entrySet()
            .stream().collect(Collectors.toMap(Map.Entry::getKey, it -> ((Json.Arr) it.getValue()).items().stream()
                    .map(Tree::word).filter(name -> !name.endsWith("/*") && name.length() >= FEWEST_CHARS).toList()));

    /// The well-known name that this one is mistaken for; empty if there is none.
    String like(String ecosystem, String name) {
        if (name.length() < FEWEST_CHARS - 1 || Engines.ai(ecosystem, name)) return "";
        for (var other : known.getOrDefault(ecosystem, List.of())) if (near(name, other)) return other;
        return "";
    }

    /// One letter more, less, changed, or two swapped; or only `-` and `_` differ.
    static boolean near(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 1) return false;
        int at = 0;
        while (at < a.length() && at < b.length() && a.charAt(at) == b.charAt(at)) at++;
        var restA = a.substring(at);
        var restB = b.substring(at);
        if (restA.isEmpty() || restB.isEmpty()) return true;
        if (restA.substring(1).equals(restB) || restB.substring(1).equals(restA)) return true;
        if (restA.substring(1).equals(restB.substring(1))) return true;
        return restA.length() > 1 && restB.length() > 1 && restA.charAt(0) == restB.charAt(1)
                && restA.charAt(1) == restB.charAt(0) && restA.substring(2).equals(restB.substring(2));
    }
}
