package dev.masugata.app.commands;

import dev.masugata.app.Home;
import dev.masugata.app.HomeModel;
import dev.masugata.app.PolicyFiles;
import dev.masugata.app.bench.EgressBench;
import dev.masugata.app.bench.McpBench;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.replay.ReplayBench;
import dev.masugata.app.watch.AskBench;
import dev.masugata.app.watch.Watchtower;
import dev.masugata.checkpoint.FloodBench;
import dev.masugata.checkpoint.JudgeBench;
import dev.masugata.graph.query.GraphBench;
import dev.masugata.inspect.InspectBench;
import dev.masugata.ledger.LedgerBench;
import dev.masugata.ledger.LedgerLimits;
import dev.masugata.policy.PolicyBench;
import dev.masugata.policy.PolicyLoader;
import dev.masugata.train.DetectBench;
import dev.masugata.train.Labelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench`: measured side by side, in one run.
@Command(
        name = "bench",
        description = "Measures one part beside what it is compared with, in one run.",
        footer = {
            "",
            "Examples:",
            "  masugata bench ask --questions questions.jsonl",
            "  masugata bench egress --seconds 5",
            "  masugata bench graph --nodes 1000",
            "  masugata bench ledger",
            "  masugata bench policy --json",
            "  masugata bench detect --data texts/",
            "  masugata bench mcp --seconds 5",
            "  masugata bench mcp --peers node_modules/ --json",
            "  masugata bench replay --runs runs.jsonl.gz --policy examples/replay.cedar"
        })
final class BenchCommand extends Options implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "ask, detect, egress, graph, inspect, ledger, mcp, policy or replay")
    String name = "";

    @Option(names = "--rounds", paramLabel = "COUNT", description = "ledger, mcp: rounds of the comparison"
            + " (default: 5 and 3)")
    int rounds;

    @Option(names = "--runs", paramLabel = "FILE", description = "replay: recorded agent runs, JSON lines")
    Path runs = Path.of("");

    @Option(names = "--policy", paramLabel = "FILE", description = "replay: a Cedar file (default: built in)")
    Path policy = Path.of("");

    @Option(names = "--suite", paramLabel = "NAME", description = "replay: only the runs of one suite")
    String suite = "";

    @Option(names = "--mutations", description = "replay: also with the injected texts written otherwise")
    boolean mutations;

    @Option(names = "--verbose", description = "replay: name what got through and what was touched")
    boolean verbose;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description = "for detect: a directory of *.jsonl files of labelled texts")
    @Nullable Path data;

    @Option(names = "--peers", paramLabel = "DIR", description = "mcp: `node_modules` with mcp-proxy and"
            + " server-everything (default: where `masugata test` installs them)")
    Optional<Path> peers = Optional.empty();

    @Option(names = "--seconds", paramLabel = "N", description = "egress, mcp: length of each measure, 1 to 60"
            + " (default: 3)")
    int seconds = 3;

    @Option(names = "--questions", paramLabel = "FILE",
            description = "ask: JSON lines of `question` and `query`, asked of"
            + " this home's graph")
    Path questions = Path.of("");

    @Option(names = "--nodes", paramLabel = "THOUSANDS", description = "graph: nodes of the made estate, in thousands"
            + " (default: 1000)")
    int nodes = 1000;

    @Override
    public Integer call() throws Exception {
        switch (name) {
            case "egress" -> egress();
            case "inspect" -> InspectBench.run(json, System.out);
            case "ledger" -> ledger();
            case "mcp" -> mcp();
            case "policy" -> PolicyBench.run(json, System.out);
            case "replay" -> replay();
            case "detect" -> detect();
            case "graph" -> graph();
            case "ask" -> ask();
            default -> throw new Failure(
                    Failure.USAGE, "`bench " + name + "`: there is `ask`, `detect`, `egress`, `graph`, `inspect`,"
                            + " `ledger`, `mcp`, `policy`, `replay`");
        }
        return 0;
    }

    private int rounds(int usual) {
        if (rounds < 0 || rounds > 100) throw new Failure(Failure.USAGE, "`--rounds` is 1 to 100, not " + rounds);
        return rounds == 0 ? usual : rounds;
    }

    private void egress() throws InterruptedException {
        if (seconds < 1 || seconds > 60) throw new Failure(Failure.USAGE, "`--seconds` is 1 to 60, not " + seconds);
        try {
            EgressBench.run(seconds, json, System.out, System.err);
        } catch (IOException failed) {
            throw new Failure(Failure.FAILED, "`bench egress`: " + failed.getMessage());
        }
    }

    private void mcp() throws InterruptedException {
        if (seconds < 1 || seconds > 60) throw new Failure(Failure.USAGE, "`--seconds` is 1 to 60, not " + seconds);
        try {
            McpBench.run(peers, seconds, rounds(3), json, System.out, System.err);
        } catch (IOException failed) {
            throw new Failure(Failure.FAILED, "`bench mcp`: " + failed.getMessage());
        }
    }

    private void replay() throws Exception {
        if (!Files.isRegularFile(runs))
            throw new Failure(Failure.USAGE, "`bench replay` needs `--runs FILE`: recorded agent runs");
        ReplayBench.run(runs, policy, suite, mutations, verbose, json, System.out);
    }

    private void graph() throws IOException {
        if (nodes < 1 || nodes > 5_000) throw new Failure(Failure.USAGE, "`--nodes` is 1 to 5000, not " + nodes);
        var directory = Files.createTempDirectory("masugata-bench-");
        try {
            GraphBench.run(directory.resolve("graph.db"), nodes, json, System.out);
        } finally {
            delete(directory);
        }
    }

    private void ask() throws IOException {
        if (!Files.isRegularFile(questions))
            throw new Failure(Failure.USAGE,
                    "`bench ask` needs `--questions FILE`: JSON lines of `question` and `query`");
        AskBench.run(Watchtower.of(home()), questions, json, System.out);
    }

    private void detect() throws Exception {
        if (data == null)
            throw new Failure(Failure.USAGE, "`bench detect` needs `--data`: the labelled texts to score");
        if (!Files.exists(data)) throw new Failure(Failure.USAGE, "`--data`: there is no `" + data + "`");
        try {
            DetectBench.run(HomeModel.of(home()), data, json, System.out);
        } catch (Labelled.Invalid | Home.Unusable wrong) {
            throw new Failure(Failure.FAILED, String.valueOf(wrong.getMessage()));
        }
    }

    private void ledger() throws Exception {
        var directory = Files.createTempDirectory("masugata-bench-");
        try {
            LedgerBench.run(directory.resolve("rows"), rounds(5), Duration.ofSeconds(3), json, System.out);
            var policy = PolicyLoader.load(PolicyFiles.of(ConfigFile.defaults()), Map.of());
            JudgeBench.run(Files.createDirectory(directory.resolve("judge")), policy, json, System.out);
            var home = Files.createDirectory(directory.resolve("flood"));
            var flood = FloodBench.run(home, policy, ConfigFile.defaults().rates(), LedgerLimits.DEFAULT);
            FloodBench.print(flood, json, System.out);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
