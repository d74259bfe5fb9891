package dev.masugata.graph.risk;

import dev.masugata.graph.Estate;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.Question.Hop;
import dev.masugata.graph.query.Questions;
import dev.masugata.graph.risk.Risk.Factor;
import dev.masugata.graph.risk.Risk.Path;
import dev.masugata.graph.risk.Risk.Step;
import dev.masugata.model.Relation;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Finds and ranks the risks of an estate. The same estate has the same ranks.
public final class Ranking {
    /// Ways of one risk that its likelihood counts and that are shown.
    public static final int PATHS_MAX = 5;
    /// Rows of one definition.
    public static final int ROWS_MAX = 10_000;
    /// How far behind its subject a risk is looked at.
    private static final int BLAST_HOPS = 4;

    private final Questions questions;
    private final Map<Integer, Json.Obj> nodes = new TreeMap<>();
    private final Map<Integer, Json.Obj> edges = new TreeMap<>();

    private Ranking(Questions questions) {
        this.questions = questions;
    }

    /// @param risks the worst first
    /// @param cut   sentences about definitions that were not ranked, or not whole
    public record Ranked(List<Risk> risks, List<String> cut) {}

    public static Ranked of(Estate estate, List<Definition> definitions) {
        try (var store = Store.of(estate)) {
            var ranking = new Ranking(new Questions(store, Schema.shipped().with(estate)));
            var risks = new ArrayList<Risk>();
            var cut = new ArrayList<String>();
            for (var definition : definitions) {
                try {
                    var rows = ranking.questions.bindings(definition.question(), ROWS_MAX);
                    if (rows.size() == ROWS_MAX)
                        cut.add("`" + definition.id() + "`: only the first " + ROWS_MAX + " rows were ranked");
                    ranking.add(definition, rows, risks);
                } catch (Store.TooLong tooLong) {
                    cut.add("`" + definition.id() + "` was not ranked: " + tooLong.getMessage());
                }
            }
            risks.sort(Comparator.comparingInt(Risk::tier)
                    .thenComparing(Comparator.comparingDouble(Risk::score).reversed())
                    .thenComparing(Risk::severity, Comparator.reverseOrder()).thenComparing(Risk::id));
            return new Ranked(List.copyOf(risks), List.copyOf(cut));
        }
    }

    private void add(Definition definition, List<Questions.Binding> rows, List<Risk> risks) {
        var wanted = new HashSet<Integer>();
        rows.forEach(row -> wanted.addAll(row.nodes().values()));
        wanted.removeAll(nodes.keySet());
        if (!wanted.isEmpty()) nodes.putAll(questions.nodes(wanted));
        var bySubject = new LinkedHashMap<Integer, List<Questions.Binding>>();
        for (var row : rows)
            bySubject.computeIfAbsent(row.node(definition.subject()), _ -> new ArrayList<>()).add(row);
        bySubject.forEach((subject, its) -> risks.add(risk(definition, subject, its)));
    }

    private Risk risk(Definition definition, int subject, List<Questions.Binding> rows) {
        var paths = rows.stream().map(row -> path(definition, row))
                .sorted(Comparator.comparingDouble(Path::likelihood).reversed()).toList();
        var best = paths.subList(0, Math.min(PATHS_MAX, paths.size()));
        var involved = rows.stream().flatMap(it -> it.nodes().values().stream()).distinct().sorted().map(this::known)
                .toList();
        var factors = new ArrayList<Factor>();
        factors.add(new Factor("likelihood", any(best), "any of the " + best.size() + " likeliest ways"));
        factors.add(exposure(involved));
        factors.add(Weights.value(involved));
        factors.add(Weights.severity(definition));
        factors.add(Weights.blast(behind(subject)));
        factors.addAll(Weights.controls(involved));
        double score = 100;
        for (var factor : factors) score *= factor.value();
        var node = known(subject);
        var id = definition.id() + "@" + node.string("id").orElse("");
        return new Risk(
                id, definition, node.string("name").orElse(""), node.string("id").orElse(""), tier(involved),
                Math.min(100, score), factors, paths.size() <= PATHS_MAX ? best : all(best, paths), rows.size());
    }

    /// Shown are the best; kept are all, as a change must cut each.
    private static List<Path> all(List<Path> best, List<Path> paths) {
        var all = new ArrayList<>(best);
        all.addAll(paths.subList(best.size(), paths.size()));
        return all;
    }

    private static double any(List<Path> paths) {
        double none = 1;
        for (var path : paths) none *= 1 - path.likelihood();
        return 1 - none;
    }

    private static Factor exposure(List<Json.Obj> involved) {
        for (var node : involved)
            if (Weights.isExposed(node))
                return new Factor("exposure", 1, node.string("name").orElse("") + " takes what strangers send");
        return new Factor("exposure", 0.5, "nothing on the way is known to be exposed");
    }

    private static int tier(List<Json.Obj> involved) {
        boolean exposed = involved.stream().anyMatch(Weights::isExposed);
        if (involved.stream().anyMatch(it -> it.string("kind").orElse("").equals("Session"))) return 1;
        if (exposed && involved.stream().anyMatch(it -> Weights.isExploited(it) && Weights.isInUse(it))) return 2;
        boolean exploitable = involved.stream().anyMatch(it ->
                Weights.isVulnerability(it) || Weights.isOpen(it) || Weights.has(it, "traits", "untrusted"));
        return exposed && exploitable ? 3 : 4;
    }

    private int behind(int subject) {
        var from = new BitSet();
        from.set(subject);
        return questions.snapshot().reach(from, Set.of(), BLAST_HOPS).cardinality() - 1;
    }

    private Path path(Definition definition, Questions.Binding row) {
        var steps = new LinkedHashSet<Step>(); // a fact that is needed twice is one step
        var facts = new ArrayList<Optional<Relation>>();
        var hops = definition.hops();
        for (int i = 0; i < hops.size(); i++) {
            var edges = edges(hops.get(i), row, row.edges().get(i));
            // A way of one step stands on one fact, which can be cut; a longer one has no single one.
            facts.add(edges.size() == 1 ? Optional.of(fact(edges.getFirst())) : Optional.empty());
            edges.forEach(edge -> steps.add(step(edge)));
        }
        if (steps.isEmpty()) steps.add(
                new Step(name(row.node(definition.subject())), "", "", "scan", "is-there", 1));
        double likelihood = 1;
        for (var step : steps) likelihood *= step.likelihood();
        for (int node : Set.copyOf(row.nodes().values()))
            if (Weights.isVulnerability(known(node))) likelihood *= Weights.vulnerability(known(node)).value();
        return new Path(List.copyOf(steps), likelihood, changes(definition, row, facts));
    }

    private List<Json.Obj> edges(Hop hop, Questions.Binding row, int edge) {
        if (hop.least() == 1 && hop.most() == 1) return edge < 0 ? List.of() : List.of(edge(edge));
        var to = new BitSet();
        to.set(row.node(hop.to()));
        var ways = questions.snapshot().ways(row.node(hop.from()), to, Set.copyOf(hop.kinds()), hop.most(), 1);
        return ways.isEmpty() ? List.of() : ways.getFirst().stream().map(it -> edge(it.edge())).toList();
    }

    private Json.Obj known(int node) {
        return Objects.requireNonNull(nodes.get(node));
    }

    private Json.Obj edge(int number) {
        return edges.computeIfAbsent(number, questions::edge);
    }

    private static Relation fact(Json.Obj edge) {
        return new Relation(text(edge, "relation"), text(edge, "fromId"), text(edge, "toId"));
    }

    private static Step step(Json.Obj edge) {
        var rule = Weights.rule(text(edge, "relation"));
        return new Step(
                text(edge, "from"), text(edge, "relation"), text(edge, "to"), text(edge, "source"), rule.id(),
                rule.likelihood());
    }

    private List<Change> changes(Definition definition, Questions.Binding row, List<Optional<Relation>> facts) {
        var changes = new ArrayList<Change>();
        for (var form : definition.changes()) {
            var says = form.says();
            for (var one : row.nodes().entrySet()) says = says.replace("{" + one.getKey() + "}", name(one.getValue()));
            if (form.cut() > 0) {
                var fact = facts.get(form.cut() - 1);
                var words = says;
                fact.ifPresent(it -> changes.add(new Change(Optional.of(it), "", "", "", words)));
            } else {
                var node = known(row.node(form.node()));
                changes.add(new Change(Optional.empty(), text(node, "id"), form.attribute(), form.value(), says));
            }
        }
        return changes;
    }

    private String name(int node) {
        return text(known(node), "name");
    }

    private static String text(Json.Obj json, String name) {
        return json.string(name).orElse("");
    }
}
