package dev.masugata.app.commands;

import dev.masugata.app.PolicyFiles;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.checkpoint.JudgeBench;
import dev.masugata.inspect.InspectBench;
import dev.masugata.ledger.LedgerBench;
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
        footer = {"", "Examples:", "  masugata bench ledger", "  masugata bench policy --json"})
final class BenchCommand extends Options implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "inspect, ledger or policy")
    String name = "";

    @Option(names = "--rounds", paramLabel = "COUNT", description = "rounds of the ledger's comparison (default: 5)")
    int rounds = 5;

    @Override
    public Integer call() throws Exception {
        switch (name) {
            case "inspect" -> InspectBench.run(json, System.out);
            case "ledger" -> ledger();
            case "policy" -> PolicyBench.run(json, System.out);
            default -> throw new Failure(
                    Failure.USAGE,
                    "`bench " + name + "`: there is `inspect`, `ledger` and `policy`; others come with their parts");
        }
        return 0;
    }

    private void ledger() throws Exception {
        var directory = Files.createTempDirectory("masugata-bench-");
        try {
            LedgerBench.run(directory.resolve("rows"), rounds, Duration.ofSeconds(3), json, System.out);
            var policy = PolicyLoader.load(PolicyFiles.of(ConfigFile.defaults()), Map.of());
            JudgeBench.run(Files.createDirectory(directory.resolve("judge")), policy, json, System.out);
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
