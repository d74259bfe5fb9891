package dev.masugata.graph.risk;

import dev.masugata.graph.Estate;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Which changes remove most, in the order in which to make them: each the best that is left.
public final class Fixes {
    /// Changes that are named.
    public static final int FIXES_MAX = 10;

    private Fixes() {}

    /// @param risksBefore risks that there were before it
    /// @param risksAfter  risks that a scan after it will show
    /// @param removed     ids of those that it removes
    public record Fix(Change change, int risksBefore, int risksAfter, double scoreBefore, double scoreAfter,
            List<String> removed) {
        public Json.Obj json() {
            return change.json().with("risksBefore", risksBefore).with("risksAfter", risksAfter)
                    .with("scoreBefore", Risk.number(scoreBefore)).with("scoreAfter", Risk.number(scoreAfter))
                    .with("removes", Json.strings(removed));
        }
    }

    /// What each says was tried on the estate: it is how the ranking is when nothing else changes.
    public static List<Fix> of(Estate estate, List<Definition> definitions) {
        var fixes = new ArrayList<Fix>();
        var now = estate;
        var risks = Ranking.of(now, definitions).risks();
        var tried = new HashSet<String>();
        while (fixes.size() < FIXES_MAX) {
            var change = best(risks, tried);
            if (change.isEmpty()) break;
            tried.add(change.get().key());
            var next = change.get().applied(now);
            var after = Ranking.of(next, definitions).risks();
            var left = new HashSet<>(after.stream().map(Risk::id).toList());
            var removed = risks.stream().map(Risk::id).filter(it -> !left.contains(it)).toList();
            if (removed.isEmpty() && sum(after) >= sum(risks)) continue;
            fixes.add(new Fix(change.get(), risks.size(), after.size(), sum(risks), sum(after), removed));
            now = next;
            risks = after;
        }
        return fixes;
    }

    private static double sum(List<Risk> risks) {
        return risks.stream().mapToDouble(Risk::score).sum();
    }

    private static final class Reach {
        private final Change change;
        private final Set<String> risks = new HashSet<>();
        private double score;
        private int ways;

        Reach(Change change) {
            this.change = change;
        }
    }

    /// The change that removes the most risks whole; of equal ones that of the greater score; then that of more ways.
    private static java.util.Optional<Change> best(List<Risk> risks, Set<String> tried) {
        var changes = new LinkedHashMap<String, Reach>();
        for (var risk : risks) {
            var ways = new LinkedHashMap<String, Integer>();
            for (var path : risk.paths())
                for (var change : path.changes()) {
                    changes.computeIfAbsent(change.key(), _ -> new Reach(change)).ways++;
                    ways.merge(change.key(), 1, Integer::sum);
                }
            ways.forEach((key, count) -> {
                if (count < risk.paths().size()) return;
                var reach = Objects.requireNonNull(changes.get(key));
                reach.risks.add(risk.id());
                reach.score += risk.score();
            });
        }
        Reach best = null;
        for (var it : changes.values())
            if (!tried.contains(it.change.key()) && (best == null || isBetter(it, best))) best = it;
        return java.util.Optional.ofNullable(best).map(it -> it.change);
    }

    private static boolean isBetter(Reach one, Reach other) {
        if (one.risks.size() != other.risks.size()) return one.risks.size() > other.risks.size();
        if (one.score != other.score) return one.score > other.score;
        return one.ways > other.ways;
    }
}
