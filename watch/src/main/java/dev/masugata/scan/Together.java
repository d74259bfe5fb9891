package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What is weak only in several things together: an agent's servers beside each other, two things of one name.
final class Together {
    private final Found found;
    private final Judge judge;

    Together(Found found, Judge judge) {
        this.found = found;
        this.judge = judge;
    }

    void look() {
        var servers = new HashMap<String, Asset>();
        found.assets("McpServer").forEach(it -> servers.put(it.id(), it));
        for (var agent : found.assets("Agent")) agent(agent, servers);
        names(found.assets("Skill"), "SKL-017");
    }

    private void agent(Asset agent, Map<String, Asset> servers) {
        var traits = new TreeSet<String>();
        var used = new ArrayList<Asset>();
        for (var relation : found.relations()) {
            var server = servers.get(relation.to());
            if (!relation.kind().equals("USES") || !relation.from().equals(agent.id()) || server == null) continue;
            if (server.attributes().get("traits") instanceof List<?> some) some.forEach(it ->
                    traits.add(String.valueOf(it)));
            used.add(server);
        }
        var tree = Json.object("traits", Json.strings(traits)).with("servers", used.size());
        judge.look(new Subject("agent", String.valueOf(agent.attributes().get("agent")), agent, "", "", List.of(),
                tree));
        names(used, "MCP-006");
    }

    /// Two things that a model tells apart by their name only.
    private void names(List<Asset> assets, String check) {
        var byName = new HashMap<String, List<Asset>>();
        for (var one : assets) byName.computeIfAbsent(one.name().toLowerCase(java.util.Locale.ROOT), _ ->
                new ArrayList<>()).add(one);
        byName.values().stream().filter(Together::differ).forEach(some ->
                some.forEach(one -> judge.weak(check, one, file(one), 0, one.name())));
    }

    /// The same skill in two places is one skill.
    private static boolean differ(List<Asset> some) {
        return some.stream().map(it -> it.attributes().getOrDefault("digest", it.id())).distinct().count() > 1;
    }

    private static String file(Asset asset) {
        if (asset.attributes().get("files") instanceof List<?> files && !files.isEmpty()) return String.valueOf(
                files.getFirst());
        return String.valueOf(asset.attributes().getOrDefault("file", ""));
    }
}
