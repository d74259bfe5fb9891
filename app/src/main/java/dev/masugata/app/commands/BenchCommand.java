package dev.masugata.app.commands;

import dev.masugata.app.Home;
import dev.masugata.app.HomeModel;
import dev.masugata.app.PolicyFiles;
import dev.masugata.app.config.ConfigFile;
import dev.masugata.checkpoint.JudgeBench;
import dev.masugata.ledger.LedgerBench;
import dev.masugata.policy.PolicyBench;
import dev.masugata.policy.PolicyLoader;
import dev.masugata.train.DetectBench;
import dev.masugata.train.Labelled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
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
            "  masugata bench ledger",
            "  masugata bench policy --json",
            "  masugata bench detect --data texts/"
        })
final class BenchCommand extends Options implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "ledger, policy or detect")
    String name = "";

    @Option(names = "--rounds", paramLabel = "COUNT", description = "rounds of the ledger's comparison (default: 5)")
    int rounds = 5;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description = "for detect: a directory of *.jsonl files of labelled texts")
    @Nullable Path data;

    @Override
    public Integer call() throws Exception {
        switch (name) {
            case "ledger" -> ledger();
            case "policy" -> PolicyBench.run(json, System.out);
            case "detect" -> detect();
            default -> throw new Failure(Failure.USAGE, "`bench " + name + "`: there is `ledger`, `policy` and `detect`; others come with their parts");
        }
        return 0;
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
