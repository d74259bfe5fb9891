package dev.masugata.graph;

import dev.masugata.model.Asset;
import dev.masugata.model.Inventory;
import dev.masugata.model.Relation;
import dev.masugata.model.Weakness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The graph as values: every node once, every edge between nodes that are there.
public record Estate(List<Asset> nodes, List<Edge> edges) {
    public static final Estate EMPTY = new Estate(List.of(), List.of());

    public Estate {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /// Gathers an estate. A node that is named twice is one with the attributes of both; the later value wins.
    public static final class Builder {
        private final Map<String, Asset> nodes = new LinkedHashMap<>();
        private final List<Edge> edges = new ArrayList<>();

        public Builder node(Asset asset) {
            nodes.merge(asset.id(), asset, (old, now) -> {
                var attributes = new TreeMap<>(old.attributes());
                attributes.putAll(now.attributes());
                return new Asset(old.kind(), old.id(), now.name().isBlank() ? old.name() : now.name(), attributes);
            });
            return this;
        }

        public Builder edge(Edge edge) {
            edges.add(edge);
            return this;
        }

        /// What a scan found, seen at that time. A weakness becomes a node, and a check that is violated another.
        public Builder inventory(Inventory inventory, Instant seen) {
            inventory.assets().forEach(it -> node(capitalized(it)));
            inventory.relations().forEach(it -> edge(new Edge(it, seen, seen, "scan")));
            inventory.weaknesses().forEach(it -> weakness(it, seen));
            return this;
        }

        private void weakness(Weakness it, Instant seen) {
            var id = "weakness:" + it.id();
            node(new Asset("Weakness", id, it.check(), Map.of(
                    "check", it.check(), "severity", capitalized(it.severity().word()), "file", it.file(),
                    "line", (long) it.line(), "says", it.says(), "mend", it.mend())));
            node(new Asset("Control", "control:" + it.check(), it.check(), Map.of()));
            edge(new Edge("HAS", it.asset(), id, seen, "scan"));
            edge(new Edge("VIOLATES", it.asset(), "control:" + it.check(), seen, "scan"));
        }

        /// A name that an edge speaks of and nobody described, such as a server that a scan only saw used.
        public boolean knows(String id) {
            return nodes.containsKey(id);
        }

        public List<Asset> nodes() {
            return List.copyOf(nodes.values());
        }

        /// Edges to what is not there get a node of kind `Unknown`: what nobody described is shown, not dropped.
        public Estate build() {
            for (var edge : edges)
                for (var id : List.of(edge.fact().from(), edge.fact().to()))
                    nodes.computeIfAbsent(id, it -> new Asset("Unknown", it, it, Map.of()));
            return new Estate(List.copyOf(nodes.values()), edges);
        }
    }

    /// Severities are written as queries do: `Critical`, not `critical`.
    private static Asset capitalized(Asset it) {
        if (!(it.attributes().get("severity") instanceof String severity) || severity.isEmpty()) return it;
        var attributes = new TreeMap<>(it.attributes());
        attributes.put("severity", capitalized(severity));
        return new Asset(it.kind(), it.id(), it.name(), attributes);
    }

    private static String capitalized(String word) {
        return word.isEmpty() ? word
                : Character.toUpperCase(word.charAt(0)) + word.substring(1).toLowerCase(java.util.Locale.ROOT);
    }

    /// This estate without some edges, and with other attributes of some nodes: how it would be after a change.
    public Estate with(List<Relation> cut, Map<String, Map<String, Object>> set) {
        var changed = nodes.stream().map(it -> {
            var attributes = new TreeMap<>(it.attributes());
            attributes.putAll(set.getOrDefault(it.id(), Map.of()));
            return new Asset(it.kind(), it.id(), it.name(), attributes);
        });
        return new Estate(changed.toList(), edges.stream().filter(it -> !cut.contains(it.fact())).toList());
    }
}
