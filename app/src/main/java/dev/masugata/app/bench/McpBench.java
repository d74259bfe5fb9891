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
    /// Connections of the closed loops.
    private static final int[] CONNECTIONS = {1, 8, 32};
    /// Of them, those by which goals and rates are judged.
    static final int USUAL = 8;
    /// Of the slower contender's rate in a closed loop: what both are asked for at a fixed rate.
    private static final double SHARE = 0.6;
    /// A contender is warm when a stretch costs it hardly less than the ones before did: programs are compiled while
    /// they run, and what that costs is not what a call costs.
    private static final double HARDLY_LESS = 0.95;
    /// Stretches of the length of a measure after which a contender is taken for warm all the same.
    private static final int WARM_MAX = 12;

    private final Stage stage;
    private final double seconds;
    private final int rounds;
    private final PrintStream progress;
    private final List<Measure> measures = new ArrayList<>();

    private McpBench(Stage stage, double seconds, int rounds, PrintStream progress) {
        this.stage = stage;
        this.seconds = seconds;
        this.rounds = rounds;
        this.progress = progress;
    }

    /// @param peers   `node_modules` with the peers; empty for those that `masugata test` installs
    /// @param seconds length of each measure
    /// @param rounds  in each of which each contender is measured after the others
    /// @throws IOException when something to be measured is not there, or does not start
    public static void run(
            Optional<Path> peers, double seconds, int rounds, boolean json, PrintStream out, PrintStream progress)
            throws IOException, InterruptedException {
        var modules = peers.isPresent() ? peers.get() : Peers.installed();
        var agentgateway = Optional.ofNullable(System.getenv("AGENTGATEWAY")).filter(it -> !it.isBlank());
        // One round more, for warming up.
        var stage = Stage.set(Peers.in(modules), rounds + 1, agentgateway);
        // Whoever breaks it off must not be left with its processes.
        var broken = Thread.ofPlatform().unstarted(stage::end);
        Runtime.getRuntime().addShutdownHook(broken);
        try (stage) {
            var bench = new McpBench(stage, seconds, rounds, progress);
            var rates = bench.warmUp();
            for (int round = 1; round <= rounds; round++) bench.round(round, rates);
            new McpReport(bench.measures, seconds, agentgateway.isPresent()).print(json, out);
            Runtime.getRuntime().removeShutdownHook(broken);
        }
    }

    private List<Contender> order(int round) {
        return round % 2 == 0 ? stage.contenders.reversed() : stage.contenders;
    }

    /// Warms all up, and finds the rate that each is asked for: that of the slower one before the same server.
    private Map<String, Double> warmUp() throws IOException, InterruptedException {
        var alone = new HashMap<String, Double>();
        for (var it : stage.contenders) {
            var load = Load.begin(it.url(), it.token(0));
            alone.put(it.name(), warm(it, load));
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

    /// @return its calls in a second when it is warm
    private double warm(Contender contender, Load load) throws IOException, InterruptedException {
        double least = Double.MAX_VALUE;
        int still = 0;
        for (int stretch = 1; ; stretch++) {
            var before = contender.cost();
            var sample = load.closed(USUAL, seconds);
            var cost = contender.cost().since(before);
            double each = (cost.gate() + cost.server()) / Math.max(1, sample.calls());
            still = each < HARDLY_LESS * least ? 0 : still + 1;
            least = Math.min(least, each);
            if (still < 2 && stretch < WARM_MAX) continue;
            var after = stretch + " stretches of " + seconds + " s";
            progress.println("masugata: " + contender.name() + " is warm after " + after);
            return sample.rate();
        }
    }

    /// What stands behind a contender.
    private static String kind(String name) {
        return name.substring(name.indexOf(", ") + 2);
    }

    private void round(int round, Map<String, Double> rates) throws IOException, InterruptedException {
        for (var it : order(round)) {
            progress.println("masugata: round " + round + " of " + rounds + ": " + it.name());
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
