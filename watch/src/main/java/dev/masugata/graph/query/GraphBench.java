package dev.masugata.graph.query;

import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Measures questions of three hops, reach and the search of paths on a made estate: a million nodes, five million
/// edges, or a part of that.
public final class GraphBench {
    /// Questions of one sort.
    private static final int QUESTIONS = 1_000;
    private static final int WARM = 200;
    private static final int SEARCHES = 40;
    private static final Instant SEEN = Instant.parse("2026-11-01T00:00:00Z");

    private static final String FROM_ONE = "MATCH Agent USES McpServer DEPENDS_ON Package AFFECTED_BY Vulnerability"
            + " WHERE Agent.id = '%s' AND Vulnerability.severity = 'Critical' RETURN DISTINCT Package.name,"
            + " Vulnerability.name";
    private static final String FROM_EXPOSED = "MATCH Agent USES McpServer DEPENDS_ON Package AFFECTED_BY Vulnerability"
            + " WHERE Agent.isExposed = true AND Vulnerability.kev = true RETURN count(DISTINCT Agent)";

    private final int scale;
    private final Random random = new Random(11);
    private final List<Row> rows = new ArrayList<>();
    private final BitSet exposed = new BitSet();
    private final BitSet crown = new BitSet();
    private int nodes;
    private int edges;

    private record Row(String name, double value, String unit, String goal) {}

    private GraphBench(int thousands) {
        scale = thousands;
    }

    /// @param file      where the store is made
    /// @param thousands nodes of the estate, in thousands
    public static void run(Path file, int thousands, boolean json, PrintStream out) {
        var bench = new GraphBench(thousands);
        long begin = System.nanoTime();
        try (var store = bench.filled(file)) {
            bench.row("store made", seconds(begin), "s", "");
            bench.measure(store);
        }
        bench.print(json, out);
    }

    private int begin(String kind, int share, Store.Loading to) {
        int first = nodes;
        for (int i = 0; i < scale * share; i++) {
            Map<String, Object> attributes = switch (kind) {
                case "Agent" -> i % 1000 == 0 ? Map.of("isExposed", true) : Map.of();
                case "Vulnerability" -> i % 50 == 0
                        ? Map.of("severity", "Critical", "kev", i % 1000 == 0) : Map.of("severity", "Low");
                case "DataStore" -> i % 400 == 0 ? Map.of("sensitive", true) : Map.of();
                default -> Map.of();
            };
            if (attributes.containsKey("isExposed")) exposed.set(nodes);
            if (attributes.containsKey("sensitive")) crown.set(nodes);
            to.node(kind, kind + ":" + i, kind + "-" + i, attributes);
            nodes++;
        }
        return first;
    }

    private Store filled(Path file) {
        var to = Store.loading(file);
        int agents = begin("Agent", 100, to);
        int servers = begin("McpServer", 200, to);
        int packages = begin("Package", 400, to);
        int vulnerabilities = begin("Vulnerability", 200, to);
        int credentials = begin("Credential", 60, to);
        int stores = begin("DataStore", 40, to);
        join(to, "USES", agents, servers, servers, packages, 10);
        join(to, "DEPENDS_ON", servers, packages, packages, vulnerabilities, 10);
        join(to, "AFFECTED_BY", packages, vulnerabilities, vulnerabilities, credentials, 3);
        join(to, "HOLDS", servers, packages, credentials, stores, 2);
        join(to, "OPENS", credentials, stores, stores, nodes, 7);
        return to.done();
    }

    /// Each node of the first range gets so many edges to random ones of the second.
    private void join(Store.Loading to, String kind, int from, int fromEnd, int low, int high, int each) {
        for (int node = from; node < fromEnd; node++)
            for (int i = 0; i < each; i++) {
                to.edge(node, kind, low + random.nextInt(high - low), SEEN, SEEN, "scan", Map.of());
                edges++;
            }
    }

    private void measure(Store store) {
        row("nodes", nodes, "", "");
        row("edges", edges, "", "");
        var questions = new Questions(store, Schema.shipped());
        times(questions, QUESTIONS + WARM, WARM, "3 hops from one agent", "20 ms");
        var broad = new double[20];
        for (int i = 0; i < broad.length; i++) broad[i] = millis(() -> questions.ask(FROM_EXPOSED));
        percentiles("3 hops from all exposed agents", broad, "");
        long begin = System.nanoTime();
        var snapshot = questions.snapshot();
        row("arrays made", seconds(begin), "s", "");
        var reach = new double[SEARCHES];
        for (int i = 0; i < SEARCHES; i++) reach[i] = millis(() -> snapshot.reach(exposed, Set.of(), 12));
        percentiles("reach from all exposed agents", reach, "500 ms");
        var all = new BitSet();
        all.set(0, scale * 100); // agents come first
        var whole = new double[SEARCHES];
        for (int i = 0; i < SEARCHES; i++) whole[i] = millis(() -> snapshot.reach(all, Set.of(), 12));
        percentiles("reach from every agent", whole, "500 ms");
        row("nodes reached from every agent", snapshot.reach(all, Set.of(), 12).cardinality(), "", "");
        row("nodes reached from all exposed agents", snapshot.reach(exposed, Set.of(), 12).cardinality(), "", "");
        var paths = new double[SEARCHES];
        for (int i = 0; i < SEARCHES; i++) {
            int some = exposed.nextSetBit(random.nextInt(scale * 100));
            int from = some < 0 ? exposed.nextSetBit(0) : some;
            paths[i] = millis(() -> snapshot.ways(from, crown, Set.of(), 6, 10));
        }
        percentiles("10 shortest paths to sensitive data", paths, "500 ms");
    }

    private void times(Questions questions, int many, int warm, String name, String goal) {
        var times = new double[many - warm];
        for (int i = 0; i < many; i++) {
            var question = FROM_ONE.formatted("Agent:" + random.nextInt(scale * 100));
            double time = millis(() -> questions.ask(question));
            if (i >= warm) times[i - warm] = time;
        }
        percentiles(name, times, goal);
    }

    private void percentiles(String name, double[] times, String goal) {
        Arrays.sort(times);
        row(name + ", p50", times[times.length / 2], "ms", "");
        row(name + ", p99", times[(int) Math.ceil(times.length * 0.99) - 1], "ms", goal);
    }

    private static double millis(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e6;
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private void row(String name, double value, String unit, String goal) {
        rows.add(new Row(name, value, unit, goal));
    }

    private void print(boolean json, PrintStream out) {
        for (var it : rows) {
            var value = String.format(Locale.ROOT, it.unit.isEmpty() ? "%.0f" : "%.2f", it.value);
            if (json)
                out.println(JsonWriter.text(Json.object("bench", "graph").with("measure", it.name)
                        .with("value", new Json.Num(value)).with("unit", it.unit).with("goal", it.goal)));
            else
                out.printf("%-42s %12s %-3s%s%n", it.name, value, it.unit, it.goal.isEmpty() ? "" : "  goal "
                        + it.goal);
        }
    }
}
