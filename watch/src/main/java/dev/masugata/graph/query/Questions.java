package dev.masugata.graph.query;

import dev.masugata.graph.GraphLimits;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Snapshot;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.Question.Item;
import dev.masugata.graph.query.Question.Match;
import dev.masugata.graph.query.Question.Path;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Answers questions to one store.
public final class Questions {
    private static final int AT_ONCE = 500;

    private final Store store;
    private final Schema schema;
    private final Counts counts;
    private @Nullable Snapshot snapshot;

    public Questions(Store store, Schema schema) {
        this.store = store;
        this.schema = schema;
        counts = new Counts(store);
    }

    /// @throws BadQuestion    it cannot be asked
    /// @throws Store.TooLong  it took too long
    public Answer ask(String text) {
        return ask(Parser.parse(text, schema));
    }

    public Answer ask(Question question) {
        return switch (question) {
            case Match it -> rows(it);
            case Path it -> paths(it);
        };
    }

    public Schema schema() {
        return schema;
    }

    private Answer rows(Match match) {
        int most = match.limited() ? match.limit() : match.limit() + 1;
        var raw = select(Compiler.rows(match, most, counts), most);
        boolean cut = raw.size() > match.limit();
        if (cut) raw = raw.subList(0, match.limit());
        var numbers = new TreeSet<Integer>();
        for (var row : raw)
            for (int i = 0; i < row.length; i++)
                if (match.items().get(i) instanceof Item.Node && row[i] != null) numbers.add((Integer) row[i]);
        var nodes = nodes(numbers);
        var rows = new ArrayList<List<Json>>();
        for (var row : raw) {
            var cells = new ArrayList<Json>();
            for (int i = 0; i < row.length; i++) cells.add(cell(match.items().get(i), row[i], nodes));
            rows.add(List.copyOf(cells));
        }
        return new Answer(match.items().stream().map(Item::title).toList(), rows, cut);
    }

    private static Json cell(Item item, @Nullable Object value, Map<Integer, Json.Obj> nodes) {
        if (value == null) return Json.NULL;
        return switch (item) {
            case Item.Node _ -> nodes.getOrDefault((Integer) value, Json.EMPTY);
            case Item.Field _ -> parsed(value.toString());
            case Item.Count _ -> Json.of(((Number) value).longValue());
        };
    }

    private static Json parsed(String json) {
        return JsonReader.read(json.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    /// One match: the number of each node and edge, by the place in the question.
    public record Binding(Map<String, Integer> nodes, List<Integer> edges) {
        /// The number of a node that the question does not make optional.
        public int node(String name) {
            return Objects.requireNonNull(nodes.get(name), name);
        }
    }

    /// All matches with what they are made of; for ranking, not for people.
    public List<Binding> bindings(Match match, int most) {
        var names = new ArrayList<String>();
        match.parts().forEach(part -> part.brings().forEach(it -> names.add(it.name())));
        var bindings = new ArrayList<Binding>();
        for (var row : select(Compiler.bindings(match, most, counts), most)) {
            var nodes = new HashMap<String, Integer>();
            for (int i = 0; i < names.size(); i++) if (row[i] != null) nodes.put(names.get(i), (Integer) row[i]);
            var edges = new ArrayList<Integer>();
            for (int i = names.size(); i < row.length; i++) edges.add(row[i] == null ? -1 : (Integer) row[i]);
            bindings.add(new Binding(nodes, edges));
        }
        return bindings;
    }

    private Answer paths(Path path) {
        var targets = set(Compiler.ends(path.to(), path.toWhere(), counts));
        var sources = set(Compiler.ends(path.from(), path.fromWhere(), counts));
        var ways = new ArrayList<List<Snapshot.Step>>();
        long end = System.nanoTime() + GraphLimits.TIME_MAX.toNanos();
        for (int from = sources.nextSetBit(0); from >= 0
                && ways.size() <= path.limit(); from = sources.nextSetBit(from + 1)) {
            if (System.nanoTime() - end > 0) throw Store.TooLong.after(GraphLimits.TIME_MAX);
            ways.addAll(snapshot()
                    .ways(from, targets, Set.copyOf(path.via()), path.hops(), path.limit() + 1 - ways.size()));
        }
        boolean cut = ways.size() > path.limit();
        if (cut) ways.removeLast();
        var rows = new ArrayList<List<Json>>();
        for (var way : ways) {
            var ends = nodes(Set.of(way.getFirst().from(), way.getLast().to())); // a way leads to another node
            var steps = new ArrayList<Json>();
            for (var step : way) steps.add(edge(step.edge()));
            rows.add(List.of(
                    ends.get(way.getFirst().from()), ends.get(way.getLast().to()), Json.of(way.size()),
                    new Json.Arr(steps)));
        }
        return new Answer(List.of(path.from().name(), path.to().name(), "hops", "path"), rows, cut);
    }

    public Snapshot snapshot() {
        var it = snapshot;
        if (it == null) snapshot = it = Snapshot.of(store, (int) counts.ofKind(Schema.ANY));
        return it;
    }

    private BitSet set(Compiled compiled) {
        var set = new BitSet();
        for (var row : select(compiled, Integer.MAX_VALUE)) set.set((Integer) row[0]);
        return set;
    }

    /// An edge with its provenance.
    public Json.Obj edge(int number) {
        var row = select(
                new Compiled(
                        "SELECT a.name, e.kind, b.name, a.id, b.id, e.source, e.since, e.last, e.props FROM edge e"
                                + " JOIN node a ON a.n = e.src JOIN node b ON b.n = e.dst WHERE e.e = ?1",
                        List.of(number), List.of()),
                1).getFirst();
        return Json.object("from", text(row[0])).with("relation", text(row[1])).with("to", text(row[2]))
                .with("fromId", text(row[3])).with("toId", text(row[4])).with("source", text(row[5]))
                .with("since", time(row[6])).with("last", time(row[7])).with("attributes", parsed(text(row[8])));
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }

    private static String time(@Nullable Object value) {
        return Instant.ofEpochMilli(value instanceof Number it ? it.longValue() : 0).toString();
    }

    /// Nodes as JSON, by number.
    public Map<Integer, Json.Obj> nodes(Set<Integer> numbers) {
        var nodes = new HashMap<Integer, Json.Obj>();
        var list = List.copyOf(numbers);
        for (int from = 0; from < list.size(); from += AT_ONCE) {
            var some = list.subList(from, Math.min(list.size(), from + AT_ONCE));
            var marks = "?" + ", ?".repeat(some.size() - 1);
            var sql = "SELECT n, kind, id, name, props FROM node WHERE n IN (" + marks + ")";
            for (var row : select(new Compiled(sql, List.copyOf(some), List.of()), some.size()))
                nodes.put((Integer) row[0], Json.object("kind", text(row[1])).with("id", text(row[2]))
                        .with("name", text(row[3])).with("attributes", parsed(text(row[4]))));
        }
        return nodes;
    }

    private List<@Nullable Object[]> select(Compiled it, int most) {
        return store.select(it.sql(), it.parameters(), most, GraphLimits.TIME_MAX, it::matches);
    }
}
