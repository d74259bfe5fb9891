package dev.masugata.app.commands;

import dev.masugata.app.PolicyFiles;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.replay.ReplayBench;
import dev.masugata.checkpoint.FloodBench;
import dev.masugata.checkpoint.JudgeBench;
import dev.masugata.inspect.InspectBench;
import dev.masugata.ledger.LedgerBench;
import dev.masugata.ledger.LedgerLimits;
import dev.masugata.policy.PolicyBench;
import dev.masugata.policy.PolicyLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench`: measured side by side, in one run.
@Command(
        name = "bench",
        description = "Measures one part beside what it is compared with, in one run.",
        footer = {"", "Examples:", "  masugata bench ledger", "  masugata bench policy --json",
            "  masugata bench replay --runs runs.jsonl.gz --policy examples/replay.cedar"})
final class BenchCommand extends Options implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "inspect, ledger, policy or replay")
    String name = "";

    @Option(names = "--rounds", paramLabel = "COUNT", description = "rounds of the ledger's comparison (default: 5)")
    int rounds = 5;

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

    @Override
    public Integer call() throws Exception {
        switch (name) {
            case "inspect" -> InspectBench.run(json, System.out);
            case "ledger" -> ledger();
            case "policy" -> PolicyBench.run(json, System.out);
            case "replay" -> replay();
            default -> throw new Failure(
                    Failure.USAGE, "`bench " + name + "`: there is `inspect`, `ledger`, `policy`, `replay`");
        }
        return 0;
    }

    private void replay() throws Exception {
        if (!Files.isRegularFile(runs))
            throw new Failure(Failure.USAGE, "`bench replay` needs `--runs FILE`: recorded agent runs");
        ReplayBench.run(runs, policy, suite, mutations, verbose, json, System.out);
    }

    private void ledger() throws Exception {
        var directory = Files.createTempDirectory("masugata-bench-");
        try {
            LedgerBench.run(directory.resolve("rows"), rounds, Duration.ofSeconds(3), json, System.out);
            var policy = PolicyLoader.load(PolicyFiles.of(ConfigFile.defaults()), Map.of());
            JudgeBench.run(Files.createDirectory(directory.resolve("judge")), policy, json, System.out);
            var home = Files.createDirectory(directory.resolve("flood"));
            var flood = FloodBench.run(home, policy, ConfigFile.defaults().rates(), LedgerLimits.DEFAULT);
            FloodBench.print(flood, json, System.out);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws java.io.IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
