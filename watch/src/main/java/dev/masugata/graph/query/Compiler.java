package dev.masugata.graph.query;

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
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/// Question to SQL. The order of the joins is chosen here: it begins at the rarest node and follows relations.
final class Compiler {
    private final Statistics statistics;
    private final Where where = new Where();
    private final List<String> edges = new ArrayList<>();

    private Compiler(Statistics statistics) {
        this.statistics = statistics;
    }

    /// One row for each match: what the question returns.
    static Compiled rows(Match match, int limit, Statistics statistics) {
        var it = new Compiler(statistics);
        var from = it.from(match);
        var columns = new Columns(it.where.nodes());
        return it.compiled("SELECT " + columns.select(match.items()) + from + columns.grouped(match)
                + columns.ordered(match) + " LIMIT " + it.where.parameter(limit));
    }

    /// One row for each match: the numbers of all its nodes, then of its edges, 0 for repeated relations.
    static Compiled bindings(Match match, int limit, Statistics statistics) {
        var it = new Compiler(statistics);
        var from = it.from(match);
        var columns = new StringJoiner(", ");
        for (var part : match.parts()) for (var node : part.brings()) columns.add(it.where.node(node.name()) + ".n");
        it.edges.forEach(columns::add);
        return it.compiled("SELECT " + columns + from + " LIMIT " + it.where.parameter(limit));
    }

    /// The numbers of nodes of a kind of which a condition is so.
    static Compiled ends(Variable variable, Condition condition, Statistics statistics) {
        var it = new Compiler(statistics);
        var from = it.required(new Part(false, List.of(variable), List.of(), condition));
        return it.compiled("SELECT " + it.where.node(variable.name()) + ".n" + from);
    }

    private Compiled compiled(String sql) {
        return where.compiled(sql);
    }

    private String from(Match match) {
        match.since().ifPresent(where::since);
        for (var part : match.parts()) part.brings().forEach(where::named);
        var optional = new StringBuilder();
        var required = match.parts().getFirst();
        var joins = joins(required);
        for (var part : match.parts().subList(1, match.parts().size())) optional.append(leftJoin(part));
        return joins + optional + " WHERE " + where.all(where.kinds(required.brings()), required.where());
    }

    private String required(Part part) {
        part.brings().forEach(where::named);
        return joins(part) + " WHERE " + where.all(where.kinds(part.brings()), part.where());
    }

    /// `FROM` the rarest node, then along relations, each side found by an index.
    private String joins(Part part) {
        var start = rarest(part);
        var sql = new StringBuilder(" FROM ");
        start.driver.ifPresent(it -> sql.append("attribute d0 CROSS JOIN "));
        sql.append("node ").append(where.node(start.variable.name()));
        start.driver.ifPresent(it -> sql.append(" ON ").append(where.node(start.variable.name()))
                .append(".n = d0.n AND d0.name = ").append(where.parameter(it.field()))
                .append(" AND d0.value = ").append(where.parameter(Store.stored(it.value()))));
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
        var bound = new HashSet<>(where.nodes().keySet());
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
        on.add(where.all(where.kinds(part.brings()), part.where()));
        var joined = String.join(" JOIN ", tables);
        // SQLite loses the name of a table that stands in brackets alone.
        return " LEFT JOIN " + (joined.contains(" JOIN ") ? "(" + joined + ")" : joined) + " ON "
                + String.join(" AND ", on);
    }

    /// @param edge empty: the relation repeats, and no single edge stands for it
    private record Join(String tables, String on, String edge) {}

    private Join join(Hop hop, boolean forwards) {
        var known = where.node(forwards ? hop.from() : hop.to());
        var fresh = where.node(forwards ? hop.to() : hop.from());
        if (!hop.isPlain())
            return new Join(" JOIN node " + fresh, fresh + ".n IN " + where.reached(hop, known, forwards), "");
        var edge = where.edge();
        var here = forwards ? "src" : "dst";
        var there = forwards ? "dst" : "src";
        return new Join(
                " JOIN edge " + edge + " JOIN node " + fresh,
                edge + "." + here + " = " + known + ".n" + where.ofKinds(hop, edge) + " AND " + fresh + ".n = " + edge
                        + "."
                        + there,
                edge);
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
}
