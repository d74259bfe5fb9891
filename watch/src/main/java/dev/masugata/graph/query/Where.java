package dev.masugata.graph.query;

import com.google.re2j.Pattern;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.Condition.Compare;
import dev.masugata.graph.query.Question.Hop;
import dev.masugata.graph.query.Question.Part;
import dev.masugata.graph.query.Question.Variable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/// Conditions as SQL, with the names of tables and the parameters of one statement. No value becomes part of its text.
final class Where {
    private final List<Object> parameters = new ArrayList<>();
    private final List<Pattern> regexes = new ArrayList<>();
    private final Map<String, String> nodes = new HashMap<>();
    private String sinceEdge = "";
    private int nodeCount;
    private int edgeCount;

    Compiled compiled(String sql) {
        return new Compiled(sql, List.copyOf(parameters), List.copyOf(regexes));
    }

    Map<String, String> nodes() {
        return nodes;
    }

    /// The name of the next edge's table.
    String edge() {
        return "e" + edgeCount++;
    }

    void since(Instant time) {
        sinceEdge = " AND %s.last >= " + parameter(time.toEpochMilli());
    }

    void named(Variable it) {
        nodes.put(it.name(), "v" + nodeCount++);
    }

    String node(String name) {
        return Objects.requireNonNull(nodes.get(name), name);
    }

    String ofKinds(Hop hop, String edge) {
        var since = sinceEdge.replace("%s", edge);
        if (hop.kinds().isEmpty()) return since;
        var kinds = new StringJoiner(", ", " AND " + edge + ".kind IN (", ")");
        for (var kind : hop.kinds()) kinds.add(parameter(kind));
        return kinds + since;
    }

    /// Nodes that as many steps away are as the hop allows.
    String reached(Hop hop, String known, boolean forwards) {
        var edge = edge();
        var here = forwards ? "src" : "dst";
        var there = forwards ? "dst" : "src";
        return "(WITH RECURSIVE step(n, far) AS (SELECT " + known + ".n, 0 UNION SELECT " + edge + "." + there
                + ", step.far + 1 FROM step JOIN edge " + edge + " ON " + edge + "." + here + " = step.n"
                + ofKinds(hop, edge) + " WHERE step.far < " + parameter(hop.most())
                + ") SELECT n FROM step WHERE far >= "
                + parameter(hop.least()) + ")";
    }

    List<String> kinds(List<Variable> variables) {
        return variables.stream()
                .filter(it -> !it.kind().equals(Schema.ANY))
                .map(it -> nodes.get(it.name()) + ".kind = " + parameter(it.kind()))
                .toList();
    }

    String all(List<String> kinds, Condition where) {
        var all = new StringJoiner(" AND ");
        kinds.forEach(all::add);
        all.add(sql(where));
        return all.toString();
    }

    private String sql(Condition condition) {
        return switch (condition) {
            case Condition.And(var all) -> joined(all, " AND ", "1");
            case Condition.Or(var any) -> joined(any, " OR ", "0");
            case Condition.Not(var it) -> "(NOT " + sql(it) + ")";
            case Condition.Known it -> known(it);
            case Compare it -> compare(it);
            case Condition.Exists(var part) -> exists(part);
        };
    }

    private String joined(List<Condition> conditions, String word, String none) {
        var joined = new StringJoiner(word, "(", ")").setEmptyValue(none);
        conditions.forEach(it -> joined.add(sql(it)));
        return joined.toString();
    }

    private String known(Condition.Known it) {
        var node = nodes.get(it.variable());
        if (Schema.EVERY.contains(it.field())) return "(" + node + ".n IS NOT NULL)";
        return "EXISTS (SELECT 1 FROM attribute t WHERE t.n = " + node + ".n AND t.name = " + parameter(it.field())
                + ")";
    }

    private String compare(Compare it) {
        var node = nodes.get(it.variable());
        // A column of texts would take a number for the text of its digits.
        if (Schema.EVERY.contains(it.field()) && !(it.value() instanceof String)) return "0";
        if (Schema.EVERY.contains(it.field()))
            return operation(node + "." + it.field(), it); // conditions see no node that is not there
        return "EXISTS (SELECT 1 FROM attribute t WHERE t.n = " + node + ".n AND t.name = " + parameter(it.field())
                + " AND " + operation("t.value", it) + ")";
    }

    /// Values of different types are neither equal nor in an order.
    private String operation(String value, Compare it) {
        var type = it.value() instanceof String ? "typeof(" + value + ") = 'text'" : "typeof(" + value
                + ") IN ('integer', 'real')";
        return switch (it.operator()) {
            case EQUAL -> value + " = " + parameter(Store.stored(it.value()));
            case LESS, AT_MOST, MORE, AT_LEAST ->
                "(" + type + " AND " + value + " " + it.operator().word + " " + parameter(it.value()) + ")";
            case CONTAINS -> "(" + type + " AND instr(" + value + ", " + parameter(it.value()) + ") > 0)";
            case STARTS_WITH -> {
                var text = parameter(it.value());
                yield "(" + type + " AND substr(" + value + ", 1, length(" + text + ")) = " + text + ")";
            }
            case ENDS_WITH -> {
                var text = parameter(it.value());
                yield "(" + type + " AND substr(" + value + ", -length(" + text + ")) = " + text + ")";
            }
            case MATCHES -> {
                regexes.add(Pattern.compile((String) it.value()));
                yield "(" + type + " AND matches(" + (regexes.size() - 1) + ", " + value + "))";
            }
        };
    }

    /// Names that it brings in are its own: outside, the same name means what it meant.
    private String exists(Part part) {
        var outside = Map.copyOf(nodes);
        try {
            return inside(part);
        } finally {
            nodes.clear();
            nodes.putAll(outside);
        }
    }

    private String inside(Part part) {
        part.brings().forEach(this::named);
        var tables = new ArrayList<String>();
        var where = new ArrayList<String>();
        for (var it : part.brings()) tables.add("node " + nodes.get(it.name()));
        for (var hop : part.hops()) {
            var from = node(hop.from()) + ".n";
            var to = node(hop.to()) + ".n";
            if (!hop.isPlain()) {
                where.add(to + " IN " + reached(hop, node(hop.from()), true));
                continue;
            }
            var edge = edge();
            tables.add("edge " + edge);
            where.add(edge + ".src = " + from + " AND " + edge + ".dst = " + to + ofKinds(hop, edge));
        }
        where.add(all(kinds(part.brings()), part.where()));
        if (tables.isEmpty()) return "(" + String.join(" AND ", where) + ")";
        return "EXISTS (SELECT 1 FROM " + String.join(", ", tables) + " WHERE " + String.join(" AND ", where) + ")";
    }

    String parameter(Object value) {
        parameters.add(value);
        return "?" + parameters.size();
    }
}
