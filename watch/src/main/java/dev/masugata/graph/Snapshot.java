package dev.masugata.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The edges as arrays of numbers: for work that looks at the whole graph.
public final class Snapshot {
    private final int nodes;
    /// Where the edges of a node begin; one more than there are nodes.
    private final int[] begin;
    private final int[] target;
    private final short[] kind;
    /// The edge's number in the store.
    private final int[] number;
    private final Map<String, Short> kinds = new HashMap<>();

    private Snapshot(int nodes, Growing edges) {
        this.nodes = nodes;
        begin = new int[nodes + 1];
        target = new int[edges.size];
        kind = new short[edges.size];
        number = new int[edges.size];
        kinds.putAll(edges.kinds);
        for (int i = 0; i < edges.size; i++) begin[edges.from[i] + 1]++;
        for (int i = 0; i < nodes; i++) begin[i + 1] += begin[i];
        var next = Arrays.copyOf(begin, nodes);
        for (int i = 0; i < edges.size; i++) {
            int at = next[edges.from[i]]++;
            target[at] = edges.to[i];
            kind[at] = edges.kind[i];
            number[at] = i;
        }
    }

    public static Snapshot of(Store store, int nodes) {
        var edges = new Growing();
        store.edges(edges::add);
        return new Snapshot(nodes, edges);
    }

    /// One step of a way.
    ///
    /// @param edge its number in the store
    public record Step(int from, int edge, int to) {}

    /// A search from one node, that goes on as far as it must.
    ///
    /// @param via  kinds of edges that it takes; empty: all
    /// @param most ways that are wanted
    /// @return the shortest way to each target that is at most `hops` away, nearest first
    public List<List<Step>> ways(int from, BitSet targets, Set<String> via, int hops, int most) {
        var taken = taken(via);
        var by = new HashMap<Integer, Integer>();
        by.put(from, -1);
        var found = new ArrayList<List<Step>>();
        int[] now = {from};
        var before = new HashMap<Integer, Integer>();
        for (int far = 0; far < hops && now.length > 0 && found.size() < most; far++) {
            var next = new Ints();
            for (int node : now)
                for (int at = begin[node]; at < begin[node + 1]; at++) {
                    if (!taken.get(kind[at]) || by.putIfAbsent(target[at], at) != null) continue;
                    before.put(target[at], node);
                    next.add(target[at]);
                    if (targets.get(target[at]) && found.size() < most) found.add(way(target[at], by, before));
                }
            now = next.array();
        }
        return found;
    }

    private List<Step> way(int to, Map<Integer, Integer> by, Map<Integer, Integer> before) {
        var steps = new ArrayList<Step>();
        int node = to;
        for (var from = before.get(node); from != null; from = before.get(node)) {
            steps.addFirst(new Step(from, number[Objects.requireNonNull(by.get(node))], node));
            node = from;
        }
        return steps;
    }

    /// All nodes that can be reached from some, these among them.
    public BitSet reach(BitSet from, Set<String> via, int hops) {
        var taken = taken(via);
        var reached = (BitSet) from.clone();
        int[] now = from.stream().toArray();
        for (int far = 0; far < hops && now.length > 0; far++) {
            var next = new Ints();
            for (int node : now)
                for (int at = begin[node]; at < begin[node + 1]; at++)
                    if (taken.get(kind[at]) && !reached.get(target[at])) {
                        reached.set(target[at]);
                        next.add(target[at]);
                    }
            now = next.array();
        }
        return reached;
    }

    public int nodes() {
        return nodes;
    }

    private BitSet taken(Set<String> via) {
        var taken = new BitSet();
        kinds.forEach((name, it) -> {
            if (via.isEmpty() || via.contains(name)) taken.set(it);
        });
        return taken;
    }

    private static final class Ints {
        private int[] values = new int[64];
        private int size;

        void add(int value) {
            if (size == values.length) values = Arrays.copyOf(values, size * 2);
            values[size++] = value;
        }

        int[] array() {
            return Arrays.copyOf(values, size);
        }
    }

    private static final class Growing {
        private final Map<String, Short> kinds = new HashMap<>();
        private int[] from = new int[1024];
        private int[] to = new int[1024];
        private short[] kind = new short[1024];
        private int size;

        void add(int source, String name, int target) {
            if (size == from.length) {
                from = Arrays.copyOf(from, size * 2);
                to = Arrays.copyOf(to, size * 2);
                kind = Arrays.copyOf(kind, size * 2);
            }
            from[size] = source;
            to[size] = target;
            kind[size++] = kinds.computeIfAbsent(name, _ -> (short) kinds.size());
        }
    }
}
