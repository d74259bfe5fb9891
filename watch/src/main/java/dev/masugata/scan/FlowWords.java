package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Locale;

/// What brings something in and what sends it on, in one language: `catalog/flows/*.json`.
///
/// @param sources what an expression is when its text looks so
/// @param sinks   what a call is when what it calls looks so
/// @param rare    one of these stands in every script in which something flows from a source to a sink
record FlowWords(List<Kind> sources, List<Kind> sinks, Literals rare) {
    /// @param keywords one of them stands in every script that has such an expression
    record Kind(String label, List<String> keywords, Pattern pattern) {}

    /// Only what can occur in this script.
    FlowWords in(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return new FlowWords(occurring(sources, lower), occurring(sinks, lower), rare);
    }

    private static List<Kind> occurring(List<Kind> kinds, String lower) {
        return kinds.stream().filter(it -> it.keywords().stream().anyMatch(lower::contains)).toList();
    }

    static FlowWords of(Syntax.Language language) {
        var json = Catalog.json("flows/" + language.name().toLowerCase(Locale.ROOT) + ".json");
        return new FlowWords(kinds(json, "sources"), kinds(json, "sinks"),
                Literals.of(json.items("rare").stream().map(Tree::word).toList()));
    }

    private static List<Kind> kinds(Json.Obj json, String name) {
        return json.items(name).stream().map(it -> (Json.Obj) it)
                .map(it -> new Kind(it.string("label").orElseThrow(),
                        it.items("keywords").stream().map(Tree::word).toList(),
                        Pattern.compile(it.string("pattern").orElseThrow())))
                .toList();
    }
}
