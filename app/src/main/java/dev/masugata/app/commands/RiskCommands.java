package dev.masugata.app.commands;

import dev.masugata.app.watch.Watchtower;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.risk.Definitions;
import dev.masugata.graph.risk.Fixes;
import dev.masugata.graph.risk.Ranking;
import dev.masugata.graph.risk.Risk;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `risks` and `risks fix`: what is worst, why, and what removes most of it.
final class RiskCommands {
    /// Risks shown where nobody says otherwise.
    private static final int SHOWN = 10;

    private RiskCommands() {}

    @Command(
            name = "risks",
            description = {
                "Ranks what the last scan and the record show: by tier (1 seen happening; 2 exploited elsewhere, in use"
                        + " and exposed; 3 exposed and exploitable; 4 the rest), then by the product of the factors"
                        + " shown.",
            },
            subcommands = {Fix.class},
            footer = {"", "Examples:", "  masugata risks", "  masugata risks lethal-trifecta --json",
                    "  masugata risks fix"})
    static final class Risks extends Options implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "RISK", description = "only of this definition, or this one risk")
        String only = "";

        @Option(names = "-n", paramLabel = "COUNT", description = "at most so many (default: 10)")
        int count = SHOWN;

        @Override
        public Integer call() throws IOException {
            var tower = Watchtower.of(home());
            var ranked = ranked(tower);
            var risks = ranked.risks().stream()
                    .filter(it -> only.isEmpty() || it.definition().id().equals(only) || it.id().equals(only))
                    .toList();
            if (!only.isEmpty() && risks.isEmpty()) checkKnown();
            if (json) {
                print(Json.object("risks", new Json.Arr(risks.stream().map(Risk::json).toList()))
                        .with("cut", Json.strings(ranked.cut())));
                return 0;
            }
            if (risks.isEmpty()) System.out.println("no risks that are known of"
                    + (tower.scanned().isEmpty() ? "; nothing was scanned" : ""));
            for (int i = 0; i < Math.min(count, risks.size()); i++) show(i + 1, risks.get(i));
            if (risks.size() > count)
                Commands.say((risks.size() - count) + " more; `-n " + risks.size() + "` shows all");
            ranked.cut().forEach(Commands::say);
            return 0;
        }

        private void checkKnown() {
            var ids = Definitions.shipped(Schema.shipped()).stream().map(it -> it.id()).toList();
            if (ids.contains(only)) return;
            throw new Failure(Failure.FAILED, "there is no risk `" + only + "`; definitions are "
                    + String.join(", ", ids));
        }
    }

    private static void show(int rank, Risk risk) {
        System.out.printf(
                Locale.ROOT, "%d. %s: %s  (%s, tier %d, score %.1f)%n", rank, Table.plain(risk.subject()),
                risk.definition().title(), risk.severity().word(), risk.tier(), risk.score());
        for (var factor : risk.factors())
            System.out.printf(Locale.ROOT, "     %.2f  %-12s %s%n", factor.value(), factor.name(),
                    Table.plain(factor.because()));
        for (var step : risk.paths().getFirst().facts())
            System.out.println("       " + Table.plain(step.line()) + "   [" + step.source() + "; " + step.rule()
                    + "]");
        if (risk.rows() > 1) System.out.println("       and " + (risk.rows() - 1) + " more ways");
        System.out.println("     id " + Table.plain(risk.id()));
    }

    @Command(
            name = "fix",
            description = {
                "Names the changes that remove most, in the order to make them. Each was tried on the graph; make it,"
                        + " scan again, and `risks` shows what is said here. Nothing is changed by this command."
            },
            footer = {"", "Examples:", "  masugata risks fix", "  masugata risks fix --json"})
    static final class Fix extends Options implements Callable<Integer> {
        @Override
        public Integer call() throws IOException {
            var tower = Watchtower.of(home());
            List<Fixes.Fix> fixes;
            try {
                fixes = Fixes.of(tower.estate(), Definitions.shipped(Schema.shipped()));
            } catch (Store.TooLong tooLong) {
                throw new Failure(Failure.FAILED, String.valueOf(tooLong.getMessage()));
            }
            if (json) {
                print(Json.object("fixes", new Json.Arr(fixes.stream().map(Fixes.Fix::json).toList())));
                return 0;
            }
            if (fixes.isEmpty()) System.out.println("no risk is known that a change would remove");
            for (int i = 0; i < fixes.size(); i++) {
                var it = fixes.get(i);
                System.out.println((i + 1) + ". " + Table.plain(it.change().says()));
                System.out.printf(
                        Locale.ROOT, "     risks %d -> %d, scores %.1f -> %.1f%n", it.risksBefore(), it.risksAfter(),
                        it.scoreBefore(), it.scoreAfter());
                for (var id : it.removed()) System.out.println("     removes " + Table.plain(id));
            }
            return 0;
        }
    }

    private static Ranking.Ranked ranked(Watchtower tower) {
        try {
            return Ranking.of(tower.estate(), Definitions.shipped(Schema.shipped()));
        } catch (Store.TooLong tooLong) {
            throw new Failure(Failure.FAILED, String.valueOf(tooLong.getMessage()));
        }
    }
}
