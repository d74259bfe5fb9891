package dev.masugata.app.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `bench mcp`: our gate with all its controls on, beside npm `mcp-proxy` before the same stdio server, before a server
/// that speaks HTTP beside that server alone, and beside agentgateway where there is one; alternating, in one run.
public final class McpBench {
    /// Rounds in which each contender is measured after the others.
    private static final int ROUNDS = 3;
    /// Connections of the closed loops.
    private static final int[] CONNECTIONS = {1, 8, 32};
    /// Of them, those by which goals and rates are judged.
    static final int USUAL = 8;
    /// Of the slower contender's rate in a closed loop: what both are asked for at a fixed rate.
    private static final double SHARE = 0.6;
    /// As many times the length of a measure each contender is warmed up: the gate is compiled while it runs.
    private static final int WARM = 4;

    private final Stage stage;
    private final double seconds;
    private final PrintStream progress;
    private final List<Measure> measures = new ArrayList<>();

    private McpBench(Stage stage, double seconds, PrintStream progress) {
        this.stage = stage;
        this.seconds = seconds;
        this.progress = progress;
    }

    /// @param peers   `node_modules` with the peers; empty for those that `masugata test` installs
    /// @param seconds length of each measure
    /// @throws IOException when something to be measured is not there, or does not start
    public static void run(Optional<Path> peers, double seconds, boolean json, PrintStream out, PrintStream progress)
            throws IOException, InterruptedException {
        var modules = peers.isPresent() ? peers.get() : Peers.installed();
        var agentgateway = Optional.ofNullable(System.getenv("AGENTGATEWAY")).filter(it -> !it.isBlank());
        // One round more, for warming up.
        try (var stage = Stage.set(Peers.in(modules), ROUNDS + 1, agentgateway)) {
            var bench = new McpBench(stage, seconds, progress);
            var rates = bench.warmUp();
            for (int round = 1; round <= ROUNDS; round++) bench.round(round, rates);
            new McpReport(bench.measures, seconds, agentgateway.isPresent()).print(json, out);
        }
    }

    private List<Contender> order(int round) {
        return round % 2 == 0 ? stage.contenders.reversed() : stage.contenders;
    }

    /// Warms all up, and finds the rate that each is asked for: that of the slower one before the same server.
    private Map<String, Double> warmUp() throws IOException, InterruptedException {
        var alone = new HashMap<String, Double>();
        for (var it : stage.contenders) {
            progress.println("masugata: warming up " + it.name());
            var load = Load.begin(it.url(), it.token(0));
            load.closed(USUAL, WARM * seconds);
            alone.put(it.name(), load.closed(USUAL, seconds).rate());
        }
        var rates = new HashMap<String, Double>();
        for (var it : stage.contenders) {
            var kind = kind(it.name());
            double slowest = alone.entrySet().stream()
                    .filter(other -> kind(other.getKey()).equals(kind))
                    .mapToDouble(Map.Entry::getValue)
                    .min()
                    .orElseThrow();
            rates.put(it.name(), Math.max(1, Math.floor(SHARE * slowest)));
        }
        return rates;
    }

    /// What stands behind a contender.
    private static String kind(String name) {
        return name.substring(name.indexOf(", ") + 2);
    }

    private void round(int round, Map<String, Double> rates) throws IOException, InterruptedException {
        for (var it : order(round)) {
            progress.println("masugata: round " + round + " of " + ROUNDS + ": " + it.name());
            var load = Load.begin(it.url(), it.token(round));
            // Its server is a process of its own where there is one for each session, and is not warm yet.
            load.closed(USUAL, seconds);
            for (int connections : CONNECTIONS) measure(it, load, connections, 0, round);
            measure(it, load, 32, rates.get(it.name()), round);
        }
    }

    private void measure(Contender contender, Load load, int connections, double rate, int round)
            throws IOException, InterruptedException {
        var before = contender.cost();
        var sample = rate == 0 ? load.closed(connections, seconds) : load.atRate(connections, rate, seconds);
        var cost = contender.cost().since(before);
        if (sample.calls() == 0) throw new IOException(contender.name() + " answered no call as it should");
        int cores = Runtime.getRuntime().availableProcessors();
        measures.add(new Measure(contender.name(), connections, rate, round, sample, cost, cores));
    }
}
