package dev.masugata.definition;

import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What a tool claims of itself, against its name and what its schema takes. The words are data:
/// `catalog/definitions/claims.json`.
public final class Claims implements Check {
    /// Parameters of one tool that are looked at; [Structure] says of more that there are too many.
    static final int PARAMETERS_MAX = 2_000;

    private static final Pattern HUMPS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");

    /// Parameters, and the words of a claim that explains them.
    private record Takes(Set<String> parameters, List<String> unless) {}

    private final Set<String> reading;
    private final Set<String> acting;
    private final Set<String> destroying;
    private final List<String> saysReading;
    private final List<Takes> takes;
    private final Set<String> needless;
    private final Set<String> signingIn;
    private final List<String> signsIn;
    private final Map<String, Severity> rules = new TreeMap<>();

    public Claims() {
        var words = Catalog.of("claims");
        reading = Set.copyOf(Catalog.words(words, "reading"));
        acting = Set.copyOf(Catalog.words(words, "acting"));
        destroying = Set.copyOf(Catalog.words(words, "destroying"));
        saysReading = Catalog.words(words, "saysReading");
        takes = words.items("takes").stream().map(Json.Obj.class::cast)
                .map(it -> new Takes(joined(Catalog.words(it, "parameters")), Catalog.words(it, "unless")))
                .toList();
        needless = joined(Catalog.words(words, "needless"));
        signingIn = joined(Catalog.words(words, "signingIn"));
        signsIn = Catalog.words(words, "signsIn");
        words.object("rules").members().forEach((rule, it) ->
                rules.put(rule,
                        Severity.valueOf(((Json.Obj) it).string("severity").orElseThrow().toUpperCase(Locale.ROOT))));
    }

    @Override
    public List<Finding> check(Definition tool) {
        if (!tool.isTool()) return List.of();
        var findings = new ArrayList<Finding>();
        var name = words(tool.text("name"));
        var said = said(tool);
        var hints = tool.members().object("annotations");
        boolean reads = hints.isTrue("readOnlyHint") || saysReading.stream().anyMatch(said::contains);
        var parameters = parameters(tool);
        if (reads && acts(name, acting)) findings.add(found("claim/read-only-acts", "/name"));
        if (hints.at("destructiveHint").filter(Json.FALSE::equals).isPresent() && acts(name, destroying))
            findings.add(found("claim/harmless-destroys", "/name"));
        parameters.forEach((place, parameter) -> {
            if (reads && takes(parameter, said)) findings.add(found("claim/read-only-takes", place));
            if (needless.contains(parameter) && !explains(said.replaceAll("[^\\p{L}\\p{N}]", ""), parameter))
                findings.add(found("claim/needless-parameter", place));
        });
        return List.copyOf(findings);
    }

    /// What it says of itself names the parameter; or that it signs somebody in, which takes a password.
    private boolean explains(String said, String parameter) {
        return said.contains(parameter)
                || signingIn.contains(parameter) && signsIn.stream().anyMatch(it -> said.contains(it.replace(" ", "")));
    }

    private Finding found(String rule, String place) {
        var severity = rules.get(rule);
        if (severity == null) throw new IllegalStateException("the catalog has no rule `" + rule + "`");
        return new Finding(rule, severity, place);
    }

    /// The first verb counts: `list_deleted` lists, `get_update_history` gets.
    private boolean acts(List<String> name, Set<String> verbs) {
        for (var word : name) {
            if (reading.contains(word)) return false;
            if (verbs.contains(word)) return true;
        }
        return false;
    }

    private boolean takes(String parameter, String said) {
        return takes.stream()
                .anyMatch(it -> it.parameters().contains(parameter) && it.unless().stream().noneMatch(said::contains));
    }

    /// Name, title and description, not those of its parameters: a parameter does not explain itself.
    private static String said(Definition tool) {
        return (tool.text("name") + "\n" + tool.text("title") + "\n" + tool.members().object("annotations")
                .string("title").orElse("")
                + "\n" + tool.text("description")).toLowerCase(Locale.ROOT);
    }

    static List<String> words(String name) {
        return HUMPS.splitAsStream(name).filter(it -> !it.isEmpty()).map(it -> it.toLowerCase(Locale.ROOT)).toList();
    }

    /// `conversation_history` and `conversationHistory` are one.
    private static String joined(String name) {
        return String.join("", words(name));
    }

    private static Set<String> joined(List<String> names) {
        var joined = new LinkedHashSet<String>();
        names.forEach(it -> joined.add(joined(it)));
        return Set.copyOf(joined);
    }

    /// What it takes that can hold a text, by its place.
    private static Map<String, String> parameters(Definition tool) {
        var parameters = new TreeMap<String, String>();
        gather(tool.members().object("inputSchema"), "/inputSchema", parameters);
        return parameters;
    }

    private static void gather(Json value, String place, Map<String, String> parameters) {
        switch (value) {
            case Json.Obj(var members, _) -> members.forEach((keyword, it) -> {
                var below = Definition.below(place, keyword);
                if (keyword.equals("properties") && it instanceof Json.Obj(var properties, _))
                    properties.forEach((name, schema) -> {
                        var there = Definition.below(below, name);
                        if (parameters.size() < PARAMETERS_MAX && holdsText(schema))
                            parameters.put(there, joined(name));
                        gather(schema, there, parameters);
                    });
                else gather(it, below, parameters);
            });
            case Json.Arr(var items, _) -> {
                for (int i = 0; i < items.size(); i++) gather(items.get(i), place + "/" + i, parameters);
            }
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static boolean holdsText(Json schema) {
        if (!(schema instanceof Json.Obj it)) return true;
        var type = it.string("type");
        return type.isEmpty() || !Set.of("number", "integer", "boolean", "null").contains(type.get());
    }
}
