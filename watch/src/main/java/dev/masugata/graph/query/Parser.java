package dev.masugata.graph.query;

import dev.masugata.graph.GraphLimits;
import dev.masugata.graph.Schema;
import dev.masugata.graph.query.Condition.And;
import dev.masugata.graph.query.Question.Hop;
import dev.masugata.graph.query.Question.Item;
import dev.masugata.graph.query.Question.Match;
import dev.masugata.graph.query.Question.Order;
import dev.masugata.graph.query.Question.Part;
import dev.masugata.graph.query.Question.Variable;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a question: SysQL's surface and paths. Whatever it returns only reads.
public final class Parser {
    private final Tokens tokens;
    private final Patterns patterns;
    private final Conditions conditions;
    private final Scope scope;

    private Parser(String text, Schema schema) {
        tokens = new Tokens(text);
        patterns = new Patterns(tokens);
        conditions = new Conditions(tokens, patterns);
        scope = new Scope(schema, Optional.empty());
    }

    /// @throws BadQuestion where it cannot be asked
    public static Question parse(String text, Schema schema) {
        var parser = new Parser(text, schema);
        var first = parser.tokens.peek();
        if (parser.tokens.took("PATH")) return parser.ended(parser.path());
        if (first.is("MATCH")) return parser.ended(parser.match());
        throw Tokens.wrong(first, "a question begins with `MATCH` or `PATH`, not with " + first.shown()
                + "; it can read and nothing else");
    }

    private Question ended(Question question) {
        tokens.took(";");
        var rest = tokens.peek();
        if (rest.type() != Token.Type.END)
            throw Tokens.wrong(rest, "the question should end here, found " + rest.shown()
                    + "; clauses come in the order MATCH, WHERE, SINCE, RETURN, ORDER BY, LIMIT");
        return question;
    }

    private Match match() {
        var parts = new ArrayList<Part>();
        var hops = new ArrayList<Hop>();
        var begin = tokens.peek();
        while (true) {
            boolean optional = tokens.took("OPTIONAL", "MATCH");
            if (!optional && !tokens.took("MATCH")) break;
            int before = scope.all().size();
            var its = patterns.read(scope);
            hops.addAll(its);
            var where = tokens.took("WHERE") ? conditions.read(scope) : Condition.TRUE;
            var brings = scope.all().subList(before, scope.all().size());
            if (optional && brings.isEmpty()) throw Tokens.wrong(begin, "an `OPTIONAL MATCH` brings in a new node");
            add(parts, new Part(optional, brings, its, where));
        }
        scope.checkShape(begin, hops);
        var since = since();
        boolean returns = tokens.took("RETURN");
        boolean distinct = returns && tokens.took("DISTINCT");
        var items = returns ? items() : all();
        var order = order(items);
        boolean limited = tokens.took("LIMIT");
        int limit = limited ? tokens.number("`LIMIT`", GraphLimits.ROWS_MAX) : GraphLimits.ROWS_USUAL;
        return new Match(List.copyOf(parts), distinct, items, order, limit, limited, since);
    }

    /// Forms that must be there are one form. What is said behind an optional one of others is about the whole.
    private static void add(List<Part> parts, Part part) {
        if (parts.isEmpty()) {
            parts.add(part);
            return;
        }
        var first = parts.getFirst();
        if (!part.optional()) {
            var brings = new ArrayList<>(first.brings());
            brings.addAll(part.brings());
            var hops = new ArrayList<>(first.hops());
            hops.addAll(part.hops());
            parts.set(0, new Part(false, brings, hops, both(first.where(), part.where())));
            return;
        }
        var names = part.brings().stream().map(Variable::name).toList();
        Condition own = Condition.TRUE;
        Condition whole = first.where();
        for (var each : conjuncts(part.where())) {
            if (Names.of(each).stream().anyMatch(names::contains)) own = both(own, each);
            else whole = both(whole, each);
        }
        parts.set(0, new Part(false, first.brings(), first.hops(), whole));
        parts.add(new Part(true, part.brings(), part.hops(), own));
    }

    private static Condition both(Condition one, Condition other) {
        var all = new ArrayList<>(conjuncts(one));
        all.addAll(conjuncts(other));
        return all.size() == 1 ? all.getFirst() : new And(all);
    }

    private static List<Condition> conjuncts(Condition it) {
        return it instanceof And(var all) ? all : List.of(it);
    }

    private Optional<Instant> since() {
        if (!tokens.took("SINCE")) return Optional.empty();
        var at = tokens.next();
        try {
            return Optional.of(Instant.parse(at.text()));
        } catch (DateTimeParseException wrong) {
            throw Tokens.wrong(at, "`SINCE` takes a time such as '2026-11-01T00:00:00Z', not " + at.shown());
        }
    }

    private List<Item> all() {
        return scope.named().stream().<Item>map(it -> new Item.Node(it.name(), it.name())).toList();
    }

    private List<Item> items() {
        var items = new ArrayList<Item>();
        do items.add(item());
        while (tokens.took(","));
        return items;
    }

    private Item item() {
        if (tokens.peek().is("count") && tokens.peek(1).is("(")) return count();
        var item = plain();
        var title = title(item.title());
        return switch (item) {
            case Item.Node it -> new Item.Node(it.variable(), title);
            case Item.Field it -> new Item.Field(it.variable(), it.field(), title);
            case Item.Count it -> it;
        };
    }

    private Item count() {
        tokens.took("count", "(");
        boolean distinct = tokens.took("DISTINCT");
        var of = tokens.took("*") ? Optional.<Item>empty() : Optional.of(plain());
        tokens.expect(")", "behind what is counted");
        var title = "count(" + (distinct ? "DISTINCT " : "") + of.map(Item::title).orElse("*") + ")";
        return new Item.Count(distinct, of, title(title));
    }

    private String title(String usual) {
        return tokens.took("AS") ? tokens.word("a title") : usual;
    }

    private Item plain() {
        var at = tokens.peek();
        var variable = tokens.word("a node, a field or `count( )`");
        if (scope.of(variable).isEmpty())
            throw Tokens.unknown(at, "node of this question", Conditions.names(scope));
        if (!tokens.took(".")) return new Item.Node(variable, variable);
        var fieldAt = tokens.peek();
        var field = tokens.word("a field");
        scope.checkField(fieldAt, variable, field);
        return new Item.Field(variable, field, variable + "." + field);
    }

    private List<Order> order(List<Item> items) {
        var order = new ArrayList<Order>();
        if (!tokens.took("ORDER", "BY")) return order;
        do {
            var at = tokens.peek();
            int column = column(items);
            if (column < 0) throw Tokens.wrong(at, "rows are ordered by what is in `RETURN`");
            boolean descending = tokens.took("DESC");
            if (!descending) tokens.took("ASC");
            order.add(new Order(column, descending));
        } while (tokens.took(","));
        return order;
    }

    private int column(List<Item> items) {
        for (int i = 0; i < items.size(); i++)
            if (!tokens.peek(1).is(".") && tokens.took(items.get(i).title())) return i;
        var by = item();
        for (int i = 0; i < items.size(); i++) if (Names.same(items.get(i), by)) return i;
        return -1;
    }

    private Question.Path path() {
        var begin = tokens.peek();
        var from = patterns.node(scope);
        tokens.expect("TO", "behind where the path begins");
        var to = patterns.node(scope);
        if (to.equals(from))
            throw Tokens.wrong(begin, "a path leads to another node; name the second one: `" + to.kind() + " AS x`");
        var via = new ArrayList<String>();
        if (tokens.took("VIA")) do via.add(relation()); while (tokens.took(","));
        int hops = GraphLimits.HOPS_MAX;
        if (tokens.took("WITHIN")) {
            hops = tokens.number("`WITHIN`", GraphLimits.HOPS_MAX);
            if (!tokens.took("HOPS")) tokens.expect("HOP", "behind their number");
        }
        var where = tokens.took("WHERE") ? conditions.read(scope) : Condition.TRUE;
        Condition one = Condition.TRUE;
        Condition other = Condition.TRUE;
        for (var each : conjuncts(where)) {
            var names = Names.of(each);
            if (names.contains(from.name()) && names.contains(to.name()))
                throw Tokens.wrong(begin, "a condition of a path is about one of its ends; join them with `AND`");
            if (names.contains(to.name())) other = both(other, each);
            else one = both(one, each);
        }
        int limit = tokens.took("LIMIT") ? tokens.number("`LIMIT`", GraphLimits.ROWS_MAX) : GraphLimits.ROWS_USUAL;
        return new Question.Path(from, to, List.copyOf(via), hops, one, other, limit);
    }

    private String relation() {
        var word = tokens.peek();
        tokens.word("a relation");
        var known = scope.schema.relationKinds();
        if (!known.contains(word.upper())) throw Tokens.unknown(word, "relation", known);
        if (scope.schema.inverses().containsKey(word.upper()))
            throw Tokens.wrong(word, "a path goes forwards: `" + scope.schema.inverses().get(word.upper()) + "`");
        return word.upper();
    }
}
