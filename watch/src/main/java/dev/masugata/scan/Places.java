package dev.masugata.scan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which agents' files a path is, by its end.
final class Places {
    /// A file of an agent.
    ///
    /// @param base what stands before the agent's part of the path: the home or the project
    record Match(AgentKind kind, AgentKind.FilePlace place, String base) {}

    private record Pattern(AgentKind kind, AgentKind.FilePlace place, String[] parts) {}

    private final Map<String, List<Pattern>> byLeaf = new HashMap<>();
    private final Map<String, List<Pattern>> byEnding = new HashMap<>();
    private final Map<String, Match> absolute = new HashMap<>();

    Places(List<AgentKind> kinds) {
        for (var kind : kinds) {
            for (var place : kind.files()) {
                for (var system : place.system()) absolute.put(system, new Match(kind, place, ""));
                if (!place.system().isEmpty()) continue;
                var parts = place.path().split("/");
                var leaf = parts[parts.length - 1];
                var index = leaf.startsWith("*") ? byEnding : byLeaf;
                index.computeIfAbsent(leaf.startsWith("*") ? leaf.substring(1) : leaf, _ -> new ArrayList<>())
                        .add(new Pattern(kind, place, parts));
            }
        }
    }

    List<Match> of(String name) {
        var exact = absolute.get(name);
        if (exact != null) return List.of(exact);
        int slash = name.lastIndexOf('/');
        var leaf = name.substring(slash + 1);
        int dot = leaf.lastIndexOf('.');
        var some = byLeaf.getOrDefault(leaf, List.of());
        var others = dot < 0 ? List.<Pattern>of() : byEnding.getOrDefault(leaf.substring(dot), List.of());
        if (some.isEmpty() && others.isEmpty()) return List.of();
        var parts = name.split("/");
        var matches = new ArrayList<Match>();
        for (var pattern : some) match(pattern, parts, matches);
        for (var pattern : others) match(pattern, parts, matches);
        return matches;
    }

    private static void match(Pattern pattern, String[] parts, List<Match> matches) {
        int before = parts.length - pattern.parts().length;
        if (before < 0) return;
        for (int i = 0; i < pattern.parts().length; i++) {
            var part = pattern.parts()[i];
            boolean same = part.startsWith("*") ? parts[before + i].endsWith(part.substring(1))
                    : part.equals(parts[before + i]);
            if (!same) return;
        }
        var base = String.join("/", java.util.Arrays.asList(parts).subList(0, before));
        matches.add(new Match(pattern.kind(), pattern.place(), base));
    }
}
