package dev.masugata.graph.query;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;

/// Rows. A node is an object of `kind`, `id`, `name`, `attributes`; a way a list of steps; what is not there is null.
///
/// @param cut there are more rows than these
public record Answer(List<String> columns, List<List<Json>> rows, boolean cut) {
    public Answer {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    public Json.Obj json() {
        var lines = new ArrayList<Json>();
        for (var row : rows) {
            var line = Json.EMPTY;
            for (int i = 0; i < row.size(); i++) line = line.with(columns.get(i), row.get(i));
            lines.add(line);
        }
        return Json.object("columns", Json.strings(columns)).with("rows", new Json.Arr(lines))
                .with("cut", Json.of(cut));
    }

    /// A cell in one line: a node by its name.
    public static String shown(Json cell) {
        return switch (cell) {
            case Json.Obj it when it.at("relation").isPresent() ->
                "-" + it.string("relation").orElse("") + "-> " + it.string("to").orElse("");
            case Json.Obj it -> it.string("name").orElse(it.toString());
            case Json.Str(var text, _) -> text;
            case Json.Null _ -> "-";
            case Json.Arr(var items, _) -> String.join(" ", items.stream().map(Answer::shown).toList());
            case Json.Num it -> it.literal();
            case Json.Bool(var it) -> Boolean.toString(it);
        };
    }
}
