package dev.masugata.scan;

import dev.masugata.model.Severity;
import dev.masugata.model.Weakness;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What was found as SARIF 2.1.0, for CI and editors: rules with their taxa, results with fingerprints, what was
/// unread.
public final class Sarif {
    private static final Map<String, String> TAXONOMIES = Map.of(
            "asi", "OWASP Agentic 2026", "mcp", "OWASP MCP 2025", "ast", "OWASP Agentic Skills 2026", "maestro",
                    "MAESTRO",
            "act", "EU AI Act, evidence towards");

    private Sarif() {}

    public static Json.Obj of(Scan.Result result) {
        var weaknesses = result.inventory().weaknesses();
        var checks = new TreeSet<String>();
        weaknesses.forEach(it -> checks.add(it.check()));
        var rules = new ArrayList<Json>();
        var index = new LinkedHashMap<String, Integer>();
        for (var id : checks) Catalog.shipped().check(id).ifPresent(check -> {
            index.put(id, rules.size());
            rules.add(rule(check));
        });
        var driver = Json.object("name", "masugata").with("rules", new Json.Arr(rules))
                .with("supportedTaxonomies", new Json.Arr(TAXONOMIES.values().stream().sorted()
                        .map(it -> Json.object("name", it)).toList()));
        var run = Json.object("tool", Json.object("driver", driver))
                .with("taxonomies", taxonomies(checks))
                .with("invocations", new Json.Arr(List.of(invocation(result.coverage()))))
                .with("results", new Json.Arr(weaknesses.stream().map(it -> result(it, index)).toList()));
        return Json.object("$schema", "https://json.schemastore.org/sarif-2.1.0.json").with("version", "2.1.0")
                .with("runs", new Json.Arr(List.of(run)));
    }

    private static Json rule(Check check) {
        var relations = new ArrayList<Json>();
        check.maps().forEach((taxonomy, ids) -> ids.forEach(id -> relations.add(Json.object("target",
                Json.object("id", id).with("toolComponent",
                        Json.object("name", TAXONOMIES.getOrDefault(taxonomy, taxonomy))))
                .with("kinds", Json.strings(List.of("relevant"))))));
        return Json.object("id", check.id()).with("shortDescription", text(check.title()))
                .with("fullDescription", text(check.why())).with("help", text(check.mend()))
                .with("defaultConfiguration", Json.object("level", level(check.severity())))
                .with("properties", Json.object("security-severity", score(check.severity())))
                .with("relationships", new Json.Arr(relations));
    }

    private static Json taxonomies(TreeSet<String> checks) {
        var taxa = new TreeMap<String, TreeSet<String>>();
        for (var id : checks) Catalog.shipped().check(id).ifPresent(check -> check.maps().forEach((taxonomy, ids) ->
                taxa.computeIfAbsent(TAXONOMIES.getOrDefault(taxonomy, taxonomy), _ -> new TreeSet<>()).addAll(ids)));
        var all = new ArrayList<Json>();
        taxa.forEach((name, ids) -> all.add(Json.object("name", name)
                .with("taxa", new Json.Arr(ids.stream().map(it -> Json.object("id", it)).toList()))));
        return new Json.Arr(all);
    }

    private static Json invocation(Coverage coverage) {
        var notes = new ArrayList<Json>();
        coverage.unread().forEach(it -> notes.add(Json.object("message", text(it.file() + ": " + it.why()))
                .with("level", "note")));
        return Json.object("executionSuccessful", Json.of(coverage.complete()))
                .with("toolExecutionNotifications", new Json.Arr(notes));
    }

    private static Json result(Weakness it, Map<String, Integer> index) {
        var result = Json.object("ruleId", it.check()).with("level", level(it.severity()))
                .with("message", text(it.says())).with("partialFingerprints", Json.object("masugata/v1", it.id()));
        if (index.containsKey(it.check())) result = result.with("ruleIndex", index.get(it.check()));
        if (it.file().isEmpty()) return result;
        var physical = Json.object("artifactLocation", Json.object("uri", uri(it.file())));
        if (it.line() > 0) physical = physical.with("region", Json.object("startLine", Json.of(it.line())));
        return result.with("locations", new Json.Arr(List.of(Json.object("physicalLocation", physical))));
    }

    private static String uri(String file) {
        try {
            return new java.net.URI(file.startsWith("/") ? "file" : null, null, file, null).toASCIIString();
        } catch (java.net.URISyntaxException unspeakable) {
            return "unspeakable";
        }
    }

    private static Json.Obj text(String text) {
        return Json.object("text", text);
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case CRITICAL, HIGH -> "error";
            case MEDIUM -> "warning";
            case LOW, INFO -> "note";
        };
    }

    private static String score(Severity severity) {
        return switch (severity) {
            case CRITICAL -> "9.5";
            case HIGH -> "8.0";
            case MEDIUM -> "5.5";
            case LOW -> "3.0";
            case INFO -> "0.0";
        };
    }
}
