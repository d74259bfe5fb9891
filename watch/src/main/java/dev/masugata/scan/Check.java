package dev.masugata.scan;

import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One entry of the catalog: what is wrong, why it matters, what mends it.
///
/// @param on       kinds of subjects it looks at: `config`, `server`, `container`, `listener`, `skill` ...
/// @param agents   agents whose configuration it is about; none means all
/// @param when     what it asks of a subject's tree
/// @param signals  what it looks for in a subject's text; `need` different ones within `near` characters
/// @param polarity an order not to do it is no order to do it
/// @param fixes    how it can be mended in the file itself; the first whose place is there
public record Check(
        String id, String title, String why, Severity severity, List<String> on, List<String> agents,
        Optional<Condition> when, List<Signal> signals, int need, int near, boolean polarity, String mend,
        Map<String, List<String>> maps, List<String> references, List<Fix> fixes) {
    private static final int NEAR = 600;

    public Check {
        if (id.isBlank() || title.isBlank() || why.isBlank() || mend.isBlank())
            throw new IllegalArgumentException("check `" + id + "` lacks a text");
        if (maps.isEmpty()) throw new IllegalArgumentException("check `" + id + "` maps to nothing");
    }

    static Check of(Json.Obj json) {
        var id = json.string("id").orElseThrow(() -> new IllegalArgumentException("a check without an id"));
        try {
            return new Check(
                    id, text(json, "title"), text(json, "why"),
                    Severity.valueOf(text(json, "severity").toUpperCase(Locale.ROOT)),
                    words(json, "on"), words(json, "agents"),
                    json.at("when").map(Condition::of),
                    json.items("signals").stream().map(it -> Signal.of((Json.Obj) it)).toList(),
                    json.integer("need").orElse(1L).intValue(), json.integer("near").orElse((long) NEAR).intValue(),
                    json.isTrue("polarity"), text(json, "mend"), maps(json.object("maps")),
                    words(json, "references"), fixes(json));
        } catch (IllegalArgumentException | java.util.NoSuchElementException bad) {
            throw new IllegalArgumentException("check `" + id + "`: " + bad.getMessage(), bad);
        }
    }

    private static String text(Json.Obj json, String name) {
        return json.string(name).map(String::strip).orElse("");
    }

    private static List<String> words(Json.Obj json, String name) {
        return json.at(name).map(it -> it instanceof Json.Arr list
                        ? list.items().stream().map(Tree::word).toList() : List.of(Tree.word(it)))
                .orElse(List.of());
    }

    private static Map<String, List<String>> maps(Json.Obj json) {
        var maps = new TreeMap<String, List<String>>();
        for (var name : json.members().keySet()) maps.put(name, words(json, name));
        return maps;
    }

    private static List<Fix> fixes(Json.Obj json) {
        return json.at("fix").map(it -> it instanceof Json.Arr list ? list.items() : List.of(it)).orElse(List.of())
                .stream().map(it -> Fix.of((Json.Obj) it)).toList();
    }
}
