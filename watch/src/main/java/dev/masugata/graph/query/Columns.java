package dev.masugata.graph.query;

import dev.masugata.graph.Schema;
import dev.masugata.graph.query.Question.Item;
import dev.masugata.graph.query.Question.Match;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// What a row holds, as SQL: a node as its number, a field as JSON.
///
/// @param nodes aliases of tables by name of node
record Columns(Map<String, String> nodes) {
    String select(List<Item> items) {
        var columns = new StringJoiner(", ");
        items.forEach(it -> columns.add(column(it)));
        return columns.toString();
    }

    private String column(Item item) {
        return switch (item) {
            case Item.Node it -> nodes.get(it.variable()) + ".n";
            case Item.Field it -> field(it);
            case Item.Count it -> "COUNT(" + (it.distinct() ? "DISTINCT " : "")
                    + it.of().map(this::column).orElse("*") + ")";
        };
    }

    /// A field's name is of letters, digits and `_`: the parser knows no other words.
    private String field(Item.Field it) {
        var node = nodes.get(it.variable());
        if (Schema.EVERY.contains(it.field()))
            return "CASE WHEN " + node + ".n IS NULL THEN NULL ELSE json_quote(" + node + "." + it.field() + ") END";
        return node + ".props -> '$." + it.field() + "'";
    }

    /// What is distinct is grouped too: rows may then be ordered by what a column stands for.
    String grouped(Match match) {
        boolean counts = match.items().stream().anyMatch(Item.Count.class::isInstance);
        if (!counts && !match.distinct()) return "";
        var by = new StringJoiner(", ", " GROUP BY ", "").setEmptyValue("");
        for (int i = 0; i < match.items().size(); i++)
            if (!(match.items().get(i) instanceof Item.Count)) by.add(Integer.toString(i + 1));
        return by.toString();
    }

    String ordered(Match match) {
        var by = new StringJoiner(", ", " ORDER BY ", "").setEmptyValue("");
        for (var order : match.order()) {
            var direction = order.descending() ? " DESC" : "";
            switch (match.items().get(order.column())) {
                case Item.Node it -> {
                    var node = nodes.get(it.variable());
                    by.add(node + ".name" + direction).add(node + ".id" + direction);
                }
                case Item.Field it -> {
                    var node = nodes.get(it.variable());
                    by.add((Schema.EVERY.contains(it.field())
                            ? node + "." + it.field() : "json_extract(" + node + ".props, '$." + it.field() + "')")
                            + direction);
                }
                case Item.Count _ -> by.add((order.column() + 1) + direction);
            }
        }
        return by.toString();
    }
}
