package dev.masugata.graph.risk;

import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.List;

/// One risk of one thing, in its rank.
///
/// @param id      the same in every scan
/// @param tier    1 seen happening; 2 exploited elsewhere, in use and exposed; 3 exposed and exploitable; 4 the rest
/// @param score   0 to 100, within its tier
/// @param factors what the score is the product of
/// @param paths   the likeliest ways, at most [Ranking#PATHS_MAX]
/// @param rows    how many rows the stored question has of this subject
public record Risk(
        String id, Definition definition, String subject, String subjectId, int tier, double score,
        List<Factor> factors, List<Path> paths, int rows) {

    /// @param because where its value comes from
    public record Factor(String name, double value, String because) {}

    /// @param facts    steps, in order
    /// @param likelihood the product of its steps'
    /// @param changes  each of which would cut it
    public record Path(List<Step> facts, double likelihood, List<Change> changes) {}

    /// A step of an attacker: the fact it stands on, the rule that makes it a step, and who says the fact.
    public record Step(String from, String relation, String to, String source, String rule, double likelihood) {
        public String line() {
            return from + (relation.isEmpty() ? "" : " -" + relation + "-> " + to);
        }
    }

    public Severity severity() {
        return definition.severity();
    }

    public Json.Obj json() {
        return Json.object("id", id).with("risk", definition.id()).with("title", definition.title())
                .with("why", definition.why()).with("severity", severity().word())
                .with("subject", Json.object("id", subjectId).with("name", subject))
                .with("tier", tier).with("score", number(score)).with("rows", rows)
                .with("factors", new Json.Arr(factors.stream().map(it -> Json.object("name", it.name())
                        .with("value", number(it.value())).with("because", it.because())).toList()))
                .with("paths", new Json.Arr(paths.stream().map(Risk::json).toList()))
                .with("references", Json.strings(definition.references()));
    }

    private static Json.Obj json(Path path) {
        return Json.object("likelihood", number(path.likelihood()))
                .with("steps", new Json.Arr(path.facts().stream().map(it -> Json.object("from", it.from())
                        .with("relation", it.relation()).with("to", it.to()).with("source", it.source())
                        .with("rule", it.rule()).with("likelihood", number(it.likelihood()))).toList()))
                .with("changes", new Json.Arr(path.changes().stream().map(Change::json).toList()));
    }

    static Json number(double value) {
        return new Json.Num(String.format(java.util.Locale.ROOT, "%.3f", value));
    }
}
