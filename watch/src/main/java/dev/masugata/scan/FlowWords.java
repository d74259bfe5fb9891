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
    record Kind(String label, Pattern pattern) {}

    static FlowWords of(Syntax.Language language) {
        var json = Catalog.json("flows/" + language.name().toLowerCase(Locale.ROOT) + ".json");
        return new FlowWords(kinds(json, "sources"), kinds(json, "sinks"),
                Literals.of(json.items("rare").stream().map(Tree::word).toList()));
    }

    private static List<Kind> kinds(Json.Obj json, String name) {
        return json.items(name).stream().map(it -> (Json.Obj) it)
                .map(it -> new Kind(it.string("label").orElseThrow(), Pattern.compile(it.string("pattern").orElseThrow())))
                .toList();
    }
}
