package dev.masugata.graph.query;

import com.google.re2j.Pattern;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.Condition.Compare;
import dev.masugata.graph.query.Question.Hop;
import dev.masugata.graph.query.Question.Match;
import dev.masugata.graph.query.Question.Part;
import dev.masugata.graph.query.Question.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/// Question to SQL. The order of the joins is chosen here: it begins at the rarest node and follows relations.
final class Compiler {
    private final Statistics statistics;
    private final List<Object> parameters = new ArrayList<>();
    private final List<Pattern> regexes = new ArrayList<>();
    private final Map<String, String> nodes = new HashMap<>();
    private final List<String> edges = new ArrayList<>();
    private String sinceEdge = "";
    private int edgeCount;

    private Compiler(Statistics statistics) {
        this.statistics = statistics;
    }

    /// One row for each match: what the question returns.
    static Compiled rows(Match match, int limit, Statistics statistics) {
        var it = new Compiler(statistics);
        var from = it.from(match);
        var columns = new Columns(it.nodes);
        return it.compiled("SELECT " + columns.select(match.items()) + from + columns.grouped(match)
                + columns.ordered(match) + " LIMIT " + it.parameter(limit));
    }

    /// One row for each match: the numbers of all its nodes, then of its edges, 0 for repeated relations.
    static Compiled bindings(Match match, int limit, Statistics statistics) {
        var it = new Compiler(statistics);
        var from = it.from(match);
        var columns = new StringJoiner(", ");
        for (var part : match.parts()) for (var node : part.brings()) columns.add(it.nodes.get(node.name()) + ".n");
        it.edges.forEach(columns::add);
        return it.compiled("SELECT " + columns + from + " LIMIT " + it.parameter(limit));
    }

    /// The numbers of nodes of a kind of which a condition is so.
    static Compiled ends(Variable variable, Condition where, Statistics statistics) {
        var it = new Compiler(statistics);
        var from = it.required(new Part(false, List.of(variable), List.of(), where));
        return it.compiled("SELECT " + it.nodes.get(variable.name()) + ".n" + from);
    }

    private Compiled compiled(String sql) {
        return new Compiled(sql, List.copyOf(parameters), List.copyOf(regexes));
    }

    private String from(Match match) {
        match.since().ifPresent(time -> sinceEdge = " AND %s.last >= " + parameter(time.toEpochMilli()));
        for (var part : match.parts()) part.brings().forEach(this::named);
        var optional = new StringBuilder();
        var required = match.parts().getFirst();
        var joins = joins(required);
        for (var part : match.parts().subList(1, match.parts().size())) optional.append(leftJoin(part));
        return joins + optional + " WHERE " + all(kinds(required.brings()), required.where());
    }

    private String required(Part part) {
        part.brings().forEach(this::named);
        return joins(part) + " WHERE " + all(kinds(part.brings()), part.where());
    }

    private void named(Variable it) {
        nodes.put(it.name(), "v" + nodes.size());
    }

    private String node(String name) {
        return Objects.requireNonNull(nodes.get(name), name);
    }

    /// `FROM` the rarest node, then along relations, each side found by an index.
    private String joins(Part part) {
        var start = rarest(part);
        var sql = new StringBuilder(" FROM ");
        start.driver.ifPresent(it -> sql.append("attribute d0 CROSS JOIN "));
        sql.append("node ").append(nodes.get(start.variable.name()));
        start.driver.ifPresent(it -> sql.append(" ON ").append(nodes.get(start.variable.name()))
                .append(".n = d0.n AND d0.name = ").append(parameter(it.field()))
                .append(" AND d0.value = ").append(parameter(Store.stored(it.value()))));
        var bound = new HashSet<>(List.of(start.variable.name()));
        var edgeOf = new HashMap<Hop, String>();
        var left = new ArrayList<>(part.hops());
        while (!left.isEmpty()) {
            var hop = left.stream().filter(it -> bound.contains(it.from()) || bound.contains(it.to())).findFirst()
                    .orElseThrow();
            left.remove(hop);
            boolean forwards = bound.contains(hop.from());
            var join = join(hop, forwards);
            edgeOf.put(hop, join.edge);
            sql.append(join.tables.replace(" JOIN ", " CROSS JOIN ")).append(" ON ").append(join.on);
            bound.add(forwards ? hop.to() : hop.from());
        }
        for (var hop : part.hops()) {
            var edge = Objects.requireNonNull(edgeOf.get(hop));
            edges.add(edge.isEmpty() ? "0" : edge + ".e");
        }
        return sql.toString();
    }

    private String leftJoin(Part part) {
        var tables = new ArrayList<String>();
        var on = new ArrayList<String>();
        var fresh = new HashSet<String>();
        part.brings().forEach(it -> fresh.add(it.name()));
        var bound = new HashSet<>(nodes.keySet());
        bound.removeAll(fresh);
        var left = new ArrayList<>(part.hops());
        while (!left.isEmpty()) {
            var hop = left.stream().filter(it -> bound.contains(it.from()) || bound.contains(it.to())).findFirst()
                    .orElseThrow();
            left.remove(hop);
            boolean forwards = bound.contains(hop.from());
            var join = join(hop, forwards);
            tables.add(join.tables.substring(" JOIN ".length()));
            on.add(join.on);
            edges.add(join.edge.isEmpty() ? "0" : join.edge + ".e");
            bound.add(forwards ? hop.to() : hop.from());
        }
        on.add(all(kinds(part.brings()), part.where()));
        var joined = String.join(" JOIN ", tables);
        // SQLite loses the name of a table that stands in brackets alone.
        return " LEFT JOIN " + (joined.contains(" JOIN ") ? "(" + joined + ")" : joined) + " ON "
                + String.join(" AND ", on);
    }

    /// @param edge empty: the relation repeats, and no single edge stands for it
    private record Join(String tables, String on, String edge) {}

    private Join join(Hop hop, boolean forwards) {
        var known = node(forwards ? hop.from() : hop.to());
        var fresh = node(forwards ? hop.to() : hop.from());
        if (!hop.isPlain())
            return new Join(" JOIN node " + fresh, fresh + ".n IN " + reached(hop, known, forwards), "");
        var edge = "e" + edgeCount++;
        var here = forwards ? "src" : "dst";
        var there = forwards ? "dst" : "src";
        return new Join(
                " JOIN edge " + edge + " JOIN node " + fresh,
                edge + "." + here + " = " + known + ".n" + ofKinds(hop, edge) + " AND " + fresh + ".n = " + edge + "."
                        + there,
                edge);
    }

    private String ofKinds(Hop hop, String edge) {
        var since = sinceEdge.replace("%s", edge);
        if (hop.kinds().isEmpty()) return since;
        var kinds = new StringJoiner(", ", " AND " + edge + ".kind IN (", ")");
        for (var kind : hop.kinds()) kinds.add(parameter(kind));
        return kinds + since;
    }

    /// Nodes that as many steps away are as the hop allows.
    private String reached(Hop hop, String known, boolean forwards) {
        var edge = "e" + edgeCount++;
        var here = forwards ? "src" : "dst";
        var there = forwards ? "dst" : "src";
        return "(WITH RECURSIVE step(n, far) AS (SELECT " + known + ".n, 0 UNION SELECT " + edge + "." + there
                + ", step.far + 1 FROM step JOIN edge " + edge + " ON " + edge + "." + here + " = step.n"
                + ofKinds(hop, edge) + " WHERE step.far < " + parameter(hop.most())
                + ") SELECT n FROM step WHERE far >= "
                + parameter(hop.least()) + ")";
    }

    private record Start(Variable variable, Optional<Compare> driver, long count) {}

    private Start rarest(Part part) {
        var best = new Start(part.brings().getFirst(), Optional.empty(), Long.MAX_VALUE);
        var all = part.where() instanceof Condition.And(var each) ? each : List.of(part.where());
        for (var it : part.brings()) {
            long count = statistics.ofKind(it.kind());
            if (count < best.count) best = new Start(it, Optional.empty(), count);
            for (var each : all) {
                if (!(each instanceof Compare c) || c.operator() != Condition.Operator.EQUAL
                        || !c.variable().equals(it.name())) continue;
                boolean column = Schema.EVERY.contains(c.field());
                if (column && c.field().equals("kind")) continue;
                long few = column ? 1 : statistics.withValue(c.field(), c.value());
                if (few < best.count) best = new Start(it, column ? Optional.empty() : Optional.of(c), few);
            }
        }
        return best;
    }

    private List<String> kinds(List<Variable> variables) {
        return variables.stream()
                .filter(it -> !it.kind().equals(Schema.ANY))
                .map(it -> nodes.get(it.name()) + ".kind = " + parameter(it.kind()))
                .toList();
    }

    private String all(List<String> kinds, Condition where) {
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

    private String exists(Part part) {
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
            var edge = "e" + edgeCount++;
            tables.add("edge " + edge);
            where.add(edge + ".src = " + from + " AND " + edge + ".dst = " + to + ofKinds(hop, edge));
        }
        where.add(all(kinds(part.brings()), part.where()));
        if (tables.isEmpty()) return "(" + String.join(" AND ", where) + ")";
        return "EXISTS (SELECT 1 FROM " + String.join(", ", tables) + " WHERE " + String.join(" AND ", where) + ")";
    }

    private String parameter(Object value) {
        parameters.add(value);
        return "?" + parameters.size();
    }
}
