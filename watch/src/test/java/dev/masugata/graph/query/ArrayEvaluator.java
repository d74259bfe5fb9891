package dev.masugata.graph.query;

import dev.masugata.graph.Edge;
import dev.masugata.graph.Estate;
import dev.masugata.graph.query.Question.Hop;
import dev.masugata.graph.query.Question.Item;
import dev.masugata.graph.query.Question.Match;
import dev.masugata.graph.query.Question.Variable;
import dev.masugata.model.Asset;
import dev.masugata.model.InventoryJson;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Answers by trying every node for every name: slow, and too simple to be wrong in the same way as the SQL.
public final class ArrayEvaluator {
    private final Estate estate;
    private final List<Edge> edges;
    private final Map<String, Asset> byId = new HashMap<>();

    private ArrayEvaluator(Estate estate, Optional<Instant> since) {
        this.estate = estate;
        edges = estate.edges().stream().filter(it -> since.isEmpty() || !it.last().isBefore(since.get())).toList();
        estate.nodes().forEach(it -> byId.put(it.id(), it));
    }

    /// Rows as text, sorted.
    public static List<String> rows(Estate estate, Match match) {
        var it = new ArrayEvaluator(estate, match.since());
        var found = it.matches(match.parts().getFirst(), Map.of());
        for (var part : match.parts().subList(1, match.parts().size())) {
            var longer = new ArrayList<Map<String, Asset>>();
            for (var one : found) {
                var more = it.matches(part, one);
                if (more.isEmpty()) longer.add(one);
                else longer.addAll(more);
            }
            found = longer;
        }
        return it.table(match, found).stream().map(Object::toString).sorted().toList();
    }

    /// As often as there are edges for it.
    private List<Map<String, Asset>> matches(Question.Part part, Map<String, Asset> known) {
        var found = new ArrayList<Map<String, Asset>>();
        assign(part.brings(), 0, known, part, found);
        return found;
    }

    private void assign(
            List<Variable> names, int at, Map<String, Asset> known, Question.Part part, List<Map<String,
                    Asset>> found) {
        if (at == names.size()) {
            long ways = 1;
            for (var hop : part.hops()) ways *= ways(hop, known);
            if (ways > 0 && holds(part.where(), known)) for (long i = 0; i < ways; i++) found.add(known);
            return;
        }
        for (var node : estate.nodes()) {
            if (!names.get(at).kind().equals("Resource") && !names.get(at).kind().equals(node.kind())) continue;
            var more = new HashMap<>(known);
            more.put(names.get(at).name(), node);
            assign(names, at + 1, more, part, found);
        }
    }

    private long ways(Hop hop, Map<String, Asset> known) {
        var from = known.get(hop.from()).id();
        var to = known.get(hop.to()).id();
        if (hop.least() == 1 && hop.most() == 1)
            return edges.stream()
                    .filter(it -> it.fact().from().equals(from) && it.fact().to().equals(to) && is(hop, it)).count();
        var now = new HashSet<>(List.of(from));
        for (int far = 1; far <= hop.most(); far++) {
            var next = new HashSet<String>();
            for (var edge : edges) if (now.contains(edge.fact().from()) && is(hop, edge)) next.add(edge.fact().to());
            now = next;
            if (far >= hop.least() && now.contains(to)) return 1;
        }
        return 0;
    }

    private static boolean is(Hop hop, Edge edge) {
        return hop.kinds().isEmpty() || hop.kinds().contains(edge.fact().kind());
    }

    private boolean holds(Condition condition, Map<String, Asset> known) {
        return switch (condition) {
            case Condition.And(var all) -> all.stream().allMatch(it -> holds(it, known));
            case Condition.Or(var any) -> any.stream().anyMatch(it -> holds(it, known));
            case Condition.Not(var it) -> !holds(it, known);
            case Condition.Known it -> !values(known.get(it.variable()), it.field()).isEmpty();
            case Condition.Compare it -> values(known.get(it.variable()), it.field()).stream()
                    .anyMatch(value -> compares(value, it.operator(), it.value()));
            case Condition.Exists(var part) -> !matches(part, known).isEmpty();
        };
    }

    private static List<?> values(Asset node, String field) {
        if (node == null) return List.of();
        return switch (field) {
            case "id" -> List.of(node.id());
            case "name" -> List.of(node.name());
            case "kind" -> List.of(node.kind());
            default -> {
                var value = node.attributes().get(field);
                yield value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
            }
        };
    }

    private static boolean compares(Object value, Condition.Operator operator, Object with) {
        if (value instanceof Boolean || with instanceof Boolean)
            return operator == Condition.Operator.EQUAL && value.equals(with);
        if (value instanceof String != with instanceof String) return false;
        int order = value instanceof String text
                ? text.compareTo((String) with)
                : Double.compare(((Number) value).doubleValue(), ((Number) with).doubleValue());
        return switch (operator) {
            case EQUAL -> order == 0;
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case MORE -> order > 0;
            case AT_LEAST -> order >= 0;
            case CONTAINS -> ((String) value).contains((String) with);
            case STARTS_WITH -> ((String) value).startsWith((String) with);
            case ENDS_WITH -> ((String) value).endsWith((String) with);
            case MATCHES -> Pattern.matches((String) with, (String) value);
        };
    }

    private List<List<Json>> table(Match match, List<Map<String, Asset>> found) {
        var counts = match.items().stream().anyMatch(Item.Count.class::isInstance);
        if (!counts) {
            var rows = found.stream().map(it -> match.items().stream().map(item -> cell(item, it)).toList()).toList();
            return match.distinct() ? List.copyOf(new LinkedHashSet<>(rows)) : rows;
        }
        var groups = new LinkedHashMap<List<Json>, List<Map<String, Asset>>>();
        var keys = match.items().stream().filter(it -> !(it instanceof Item.Count)).toList();
        for (var it : found)
            groups.computeIfAbsent(keys.stream().map(key -> cell(key, it)).toList(), _ -> new ArrayList<>()).add(it);
        if (keys.isEmpty() && groups.isEmpty()) groups.put(List.of(), List.of());
        var rows = new ArrayList<List<Json>>();
        groups.values().forEach(group -> rows.add(match.items().stream().map(item -> of(item, group)).toList()));
        return rows;
    }

    private Json of(Item item, List<Map<String, Asset>> group) {
        if (!(item instanceof Item.Count count)) return cell(item, group.getFirst());
        if (count.of().isEmpty()) return Json.of((long) group.size());
        var values = group.stream().map(it -> cell(count.of().get(), it)).filter(it -> !it.equals(Json.NULL));
        return Json.of(count.distinct() ? values.distinct().count() : values.count());
    }

    private Json cell(Item item, Map<String, Asset> known) {
        return switch (item) {
            case Item.Node it -> known.get(it.variable()) == null ? Json.NULL : json(known.get(it.variable()));
            case Item.Field it -> {
                var node = known.get(it.variable());
                if (node == null) yield Json.NULL;
                if (List.of("id", "name", "kind").contains(it.field()))
                    yield Json.of(values(node, it.field()).getFirst().toString());
                yield InventoryJson.attributes(node.attributes()).at(it.field()).orElse(Json.NULL);
            }
            case Item.Count _ -> Json.NULL;
        };
    }

    private static Json json(Asset it) {
        return Json.object("kind", it.kind()).with("id", it.id()).with("name", it.name())
                .with("attributes", InventoryJson.attributes(it.attributes()));
    }
}
