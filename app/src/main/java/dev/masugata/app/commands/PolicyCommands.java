package dev.masugata.app.commands;

import dev.masugata.app.PolicyFiles;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.model.Event;
import dev.masugata.policy.Explanation;
import dev.masugata.policy.PolicyLoader;
import dev.masugata.policy.PolicyProblem;
import dev.masugata.policy.PolicySet;
import dev.masugata.policy.PolicyTests;
import dev.masugata.policy.Replay;
import dev.masugata.policy.Source;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `policy` and what is below it.
final class PolicyCommands {
    private PolicyCommands() {}

    @Command(
            name = "policy",
            description = "Shows which policy is in force.",
            subcommands = {Check.class, Explain.class, Test.class, ReplayIt.class, Load.class},
            footer = {
                "",
                "Examples:",
                "  masugata policy check policies/",
                "  masugata policy explain d-41",
                "  masugata policy replay --policy policies/ --since 7d"
            })
    static final class Policy extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            try (var record = record()) {
                var live = record.standing().policies().live();
                if (live.isEmpty()) throw new Failure(Failure.FAILED, "no policy was ever in force here");
                if (json) print(Json.object("digest", live.get().digest()).with("since", live.get().at().toString()).with("by", live.get().by()));
                else System.out.println(live.get().digest() + "  since " + live.get().at() + ", by " + live.get().by());
                return 0;
            }
        }
    }

    @Command(
            name = "check",
            description = "Says what is wrong with policies, where, and what was expected; and warns of holds that can never ask anybody.",
            footer = {"", "Examples:", "  masugata policy check", "  masugata policy check policies/"})
    static final class Check extends Options implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "PATH", description = "a file or directory (default: what configuration names, else the built-in policy)")
        @Nullable Path path;

        @Override
        public Integer call() {
            try {
                var policy = load(this, path);
                var warnings = policy.warnings();
                var before = new ArrayList<String>();
                if (path != null) inForce(before);
                if (json) print(Json.object("digest", policy.digest())
                        .with("policies", policy.size())
                        .with("problems", Json.strings(List.of()))
                        .with("warnings", Json.strings(warnings.stream().map(PolicyProblem::toString).toList())));
                else {
                    for (var one : warnings)
                        System.out.println(one + (before.contains(one.message()) ? "" : path == null ? "" : "  (the policy in force asks)"));
                    System.out.println(policy.size() + " policies, " + warnings.size() + " warnings; digest " + policy.digest().substring(0, 16));
                }
                return 0;
            } catch (PolicyProblem.Invalid invalid) {
                if (json) print(Json.object("problems", Json.strings(invalid.problems().stream().map(PolicyProblem::toString).toList())));
                else invalid.problems().forEach(System.err::println);
                return Failure.FAILED;
            }
        }

        /// What was out of reach already.
        private void inForce(List<String> before) throws PolicyProblem.Invalid {
            load(this, null).warnings().forEach(it -> before.add(it.message()));
        }
    }

    @Command(
            name = "explain",
            description = "Says of a decision what each policy said.",
            footer = {"", "Example:", "  masugata policy explain d-41"})
    static final class Explain extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "EVENT", description = "a decision, as denials and the log name it")
        String event = "";

        @Override
        public Integer call() throws PolicyProblem.Invalid {
            try (var record = record()) {
                var entry = record.entry(LogCommands.number(event));
                if (entry.isEmpty() || !(entry.get().event() instanceof Event.Decided decided))
                    throw new Failure(Failure.FAILED, "`" + event + "` is no decision on record");
                var policy = recorded(record, decided.policy());
                var answer = Explanation.of(record, policy, decided)
                        .orElseThrow(() -> new Failure(Failure.FAILED, "what `" + event + "` was about is not on record any more"));
                if (json) print(json(decided, answer));
                else show(decided, answer);
                return 0;
            }
        }

        private void show(Event.Decided decided, Explanation.Answer answer) {
            System.out.println(event + "  " + decided.outcome().word() + "  " + decided.kind().word() + " " + Table.plain(decided.target()));
            for (var reason : decided.because()) System.out.println("  because " + reason.id() + ": " + Table.plain(reason.text()));
            if (!decided.approval().isEmpty()) System.out.println("  approved by " + decided.approval());
            var table = new Table("POLICY", "EFFECT", "SAYS", "REASON");
            for (var line : answer.lines()) table.row(line.policy(), line.effect(), line.says(), line.reason());
            table.print(System.out, "no policy speaks of this");
        }

        private static Json json(Event.Decided decided, Explanation.Answer answer) {
            var lines = answer.lines().stream()
                    .map(it -> (Json) Json.object("policy", it.policy()).with("effect", it.effect()).with("says", it.says()).with("reason", it.reason()))
                    .toList();
            return Json.object("outcome", decided.outcome().word())
                    .with("because", Json.strings(decided.because().stream().map(it -> it.id()).toList()))
                    .with("policies", new Json.Arr(lines));
        }
    }

    @Command(
            name = "test",
            description = "Runs the *.test files of a directory against its policies.",
            footer = {"", "Example:", "  masugata policy test policies/"})
    static final class Test extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "with *.cedar and *.test files; without *.cedar, the policy that configuration names is tested")
        Path directory = Path.of("");

        @Override
        public Integer call() throws IOException {
            try {
                return run(files(directory));
            } catch (PolicyProblem.Invalid invalid) {
                invalid.problems().forEach(System.err::println);
                return Failure.FAILED;
            }
        }

        private int run(List<Path> tests) throws PolicyProblem.Invalid, IOException {
            if (tests.isEmpty()) throw new Failure(Failure.FAILED, "there is no .test file in `" + directory + "`");
            int passed = 0;
            int failed = 0;
            for (var file : tests) {
                var cases = PolicyTests.read(new Source(file.toString(), Files.readString(file)));
                var policy = PolicyLoader.load(sources(), cases.tools());
                for (var result : cases.run(policy)) {
                    if (result.wrong().isEmpty()) passed++;
                    else {
                        failed++;
                        System.out.println(file + ":" + result.line() + ": " + result.name() + ": " + result.wrong());
                    }
                }
            }
            System.out.println(passed + " passed, " + failed + " failed");
            return failed == 0 ? 0 : Failure.FAILED;
        }

        private List<Source> sources() throws PolicyProblem.Invalid, IOException {
            try (var files = Files.list(directory)) {
                if (files.anyMatch(it -> it.toString().endsWith(".cedar"))) return PolicyFiles.read(directory);
            }
            return PolicyFiles.configured(home());
        }

        private static List<Path> files(Path directory) throws IOException {
            if (!Files.isDirectory(directory)) throw new Failure(Failure.USAGE, "`" + directory + "` is not a directory");
            try (var files = Files.list(directory)) {
                return files.filter(it -> it.toString().endsWith(".test")).sorted().toList();
            }
        }
    }

    @Command(
            name = "replay",
            description = "Asks a policy about everything decided since a time, before it is put in force.",
            footer = {"", "Example:", "  masugata policy replay --policy policies/ --since 7d"})
    static final class ReplayIt extends Options implements Callable<Integer> {
        @Option(names = "--policy", paramLabel = "PATH", description = "a file or directory (default: what configuration names)")
        @Nullable Path path;

        @Option(names = "--since", paramLabel = "TIME", required = true, description = "so long ago (7d), or a time (2026-01-31T09:00:00Z)")
        String since = "";

        @Override
        public Integer call() throws PolicyProblem.Invalid {
            var from = LogCommands.since(since, Instant.now());
            try (var record = record()) {
                var report = Replay.run(record, load(this, path), from);
                if (json) print(json(report));
                else show(report);
                return 0;
            }
        }

        private static void show(Replay.Report report) {
            var table = new Table("DECISION", "SESSION", "TARGET", "WAS", "WOULD BE", "BECAUSE");
            for (var it : report.differences())
                table.row("d-" + it.decision(), it.session(), it.target(), it.before().word(), it.after().word(), it.because().getFirst().id());
            table.print(System.out, "nothing would be decided otherwise");
            System.out.println(report.decisions() + " decisions, " + report.differences().size() + " otherwise, " + report.unreadable() + " whose content is not on record");
        }

        private static Json json(Replay.Report report) {
            var differences = report.differences().stream()
                    .map(it -> (Json) Json.object("decision", "d-" + it.decision())
                            .with("session", it.session())
                            .with("target", it.target())
                            .with("before", it.before().word())
                            .with("after", it.after().word()))
                    .toList();
            return Json.object("decisions", Json.of(report.decisions()))
                    .with("unreadable", report.unreadable())
                    .with("differences", new Json.Arr(differences));
        }
    }

    @Command(
            name = "load",
            description = "Makes the running gate read its policies again; they are in force only if nothing is wrong with them.",
            footer = {"", "Example:", "  masugata policy load"})
    static final class Load extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            var answer = ask(request("policy-load"));
            if (json) print(answer);
            else System.out.println("in force: " + SessionCommands.text(answer, "digest"));
            return 0;
        }
    }

    /// The policy of a path, or the one that configuration names, compiled for the tools pinned in this home.
    private static PolicySet load(Options options, @Nullable Path path) throws PolicyProblem.Invalid {
        var sources = path == null ? PolicyFiles.configured(options.home()) : PolicyFiles.read(path);
        return PolicyLoader.load(sources, pinned(options));
    }

    private static Map<String, Json.Obj> pinned(Options options) {
        if (!Files.exists(options.home().directory().resolve("ledger.db"))) return Map.of();
        try (var record = options.record()) {
            return PolicyFiles.pinned(record.standing().pins(), record::entry);
        }
    }

    /// The policy set that was in force, from the record.
    private static PolicySet recorded(LedgerReader record, String digest) throws PolicyProblem.Invalid {
        if (!(record.policySet(digest).orElse(Json.NULL) instanceof Json.Obj set))
            throw new Failure(Failure.FAILED, "the policy with the digest `" + digest + "` is not on record");
        var sources = new ArrayList<Source>();
        for (var file : set.items("files"))
            if (file instanceof Json.Obj it) sources.add(new Source(SessionCommands.text(it, "file"), SessionCommands.text(it, "text")));
        var tools = new TreeMap<String, Json.Obj>();
        set.object("tools").members().forEach((name, schema) -> {
            if (schema instanceof Json.Obj it) tools.put(name, it);
        });
        return PolicyLoader.load(sources, tools);
    }
}
