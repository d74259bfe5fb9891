package dev.masugata.app.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads `watch`: who may ask the watchtower over our own MCP server.
final class WatchSection {
    /// What there is a right to: what all agents did; what is weak and how it could be reached.
    private static final List<String> RIGHTS = List.of("events", "risks");

    private WatchSection() {}

    /// By group.
    static Map<String, Set<String>> rights(Section top) {
        var watch = top.section("watch");
        var groups = watch.section("rights");
        var rights = new HashMap<String, Set<String>>();
        for (var group : List.copyOf(groups.names())) {
            var all = groups.texts(group);
            for (var right : all)
                if (!RIGHTS.contains(right))
                    groups.problemAt(group, "`" + right + "` is no right; there is " + String.join(", ", RIGHTS));
            rights.put(group, Set.copyOf(all));
        }
        groups.done();
        watch.done();
        return Map.copyOf(rights);
    }
}
