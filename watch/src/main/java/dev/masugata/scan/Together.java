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
        names(found.assets("McpServer"), "MCP-006");
        names(found.assets("Skill"), "SKL-017");
    }

    private void agent(Asset agent, Map<String, Asset> servers) {
        var traits = new TreeSet<String>();
        var names = new TreeSet<String>();
        for (var relation : found.relations()) {
            var server = servers.get(relation.to());
            if (!relation.kind().equals("USES") || !relation.from().equals(agent.id()) || server == null) continue;
            if (server.attributes().get("traits") instanceof List<?> some) some.forEach(it -> traits.add(String.valueOf(it)));
            names.add(server.name());
        }
        var tree = Json.object("traits", Json.strings(traits)).with("servers", names.size());
        judge.look(new Subject("agent", String.valueOf(agent.attributes().get("agent")), agent, "", "", List.of(), tree));
    }

    /// Two things that a model tells apart by their name only.
    private void names(List<Asset> assets, String check) {
        var byName = new HashMap<String, List<Asset>>();
        for (var one : assets) byName.computeIfAbsent(one.name().toLowerCase(java.util.Locale.ROOT), _ -> new ArrayList<>()).add(one);
        byName.values().stream().filter(it -> it.size() > 1).forEach(some ->
                some.forEach(one -> judge.weak(check, one, file(one), 0, one.name())));
    }

    private static String file(Asset asset) {
        if (asset.attributes().get("files") instanceof List<?> files && !files.isEmpty()) return String.valueOf(files.getFirst());
        return String.valueOf(asset.attributes().getOrDefault("file", ""));
    }
}
