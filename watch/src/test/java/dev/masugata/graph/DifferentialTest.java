package dev.masugata.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.graph.query.ArrayEvaluator;
import dev.masugata.graph.query.Parser;
import dev.masugata.graph.query.Question.Match;
import dev.masugata.graph.query.Questions;
import dev.masugata.model.Asset;
import dev.masugata.model.Relation;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The SQL that a question becomes finds what another evaluator finds, which knows no SQL: on random graphs.
class DifferentialTest {
    private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");
    private static final List<String> KINDS = List.of("Alpha", "Beta", "Gamma");
    private static final List<String> RELATIONS = List.of("ONE", "TWO");
    private static final List<String> FIELDS = List.of("name", "text", "many", "number", "flag");

    private static Schema schema() {
        var relations = new java.util.HashSet<Schema.Relation>();
        for (var from : KINDS)
            for (var kind : RELATIONS) for (var to : KINDS) relations.add(new Schema.Relation(from, kind, to));
        var kinds = new TreeMap<String, Set<String>>();
        for (var kind : KINDS) kinds.put(kind, new TreeSet<>(FIELDS));
        return new Schema(kinds, relations, Map.of("BY_ONE", "ONE"), Set.of());
    }

    private static Estate estate(Random random) {
        var nodes = new ArrayList<Asset>();
        int count = 2 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            var attributes = new TreeMap<String, Object>();
            if (random.nextBoolean()) attributes.put("text", text(random));
            if (random.nextBoolean()) attributes.put("many", List.of(text(random), text(random)));
            if (random.nextBoolean()) attributes.put("number", (long) random.nextInt(4));
            if (random.nextBoolean()) attributes.put("flag", random.nextBoolean());
            // A field is not always of the same type.
            if (random.nextInt(8) == 0) attributes.put("number", text(random));
            nodes.add(new Asset(pick(random, KINDS), "n" + i, text(random), attributes));
        }
        var edges = new ArrayList<Edge>();
        for (int i = random.nextInt(30); i > 0; i--) {
            var from = pick(random, nodes).id();
            var to = pick(random, nodes).id();
            var time = THEN.plusSeconds(random.nextInt(3));
            edges.add(new Edge(new Relation(pick(random, RELATIONS), from, to), time, time, "scan"));
        }
        return new Estate(nodes, edges);
    }

    private static String text(Random random) {
        return pick(random, List.of("a", "b", "ab", "ba", "A", "true", "1"));
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private final Random random = new Random(2026);
    private int named;

    private String question() {
        named = 0;
        var text = new StringBuilder("MATCH ");
        int chain = 1 + random.nextInt(3);
        text.append(node());
        for (int i = 1; i < chain; i++) text.append(hop()).append(node());
        int required = named;
        if (random.nextInt(3) == 0) text.append(" WHERE ").append(condition(required, 2));
        boolean optional = random.nextInt(4) == 0;
        if (optional) {
            text.append(" OPTIONAL MATCH (v").append(random.nextInt(required)).append(")").append(hop()).append(node());
            if (random.nextBoolean()) text.append(hop()).append(node());
            if (random.nextBoolean()) text.append(" WHERE ").append(comparison(required, named));
        }
        if (random.nextInt(5) == 0) text.append(" SINCE '2026-11-01T00:00:01Z'");
        return text.append(returns()).toString();
    }

    private String node() {
        return "(v" + named++ + ":" + (random.nextInt(5) == 0 ? Schema.ANY : pick(random, KINDS)) + ")";
    }

    private String hop() {
        var kinds = random.nextInt(4) == 0 ? "ONE|TWO" : pick(random, RELATIONS);
        var times = random.nextInt(4) == 0 ? "{" + (1 + random.nextInt(2)) + "," + (2 + random.nextInt(2)) + "}" : "";
        return switch (random.nextInt(3)) {
            case 0 -> "<-[:" + kinds + "]-" + times;
            case 1 -> " BY_ONE" + times + " ";
            default -> "-[:" + kinds + "]->" + times;
        };
    }

    private String condition(int among, int depth) {
        int form = random.nextInt(depth == 0 ? 2 : 6);
        return switch (form) {
            case 0, 1 -> comparison(0, among);
            case 2 -> condition(among, depth - 1) + " AND " + condition(among, depth - 1);
            case 3 -> "(" + condition(among, depth - 1) + " OR " + condition(among, depth - 1) + ")";
            case 4 -> "NOT (" + condition(among, depth - 1) + ")";
            default -> "EXISTS ((v" + random.nextInt(among) + ")" + hop() + "(x:" + pick(random, KINDS)
                    + ") WHERE x.text "
                    + operation() + ")";
        };
    }

    private String comparison(int from, int to) {
        return "v" + (from + random.nextInt(to - from)) + "." + pick(random, FIELDS) + " " + operation();
    }

    private String operation() {
        var text = "'" + text(random) + "'";
        return pick(random, List.of(
                "= " + text, "!= " + text, "< " + text, ">= " + text, "CONTAINS " + text, "STARTS WITH " + text,
                "ENDS WITH " + text, "=~ '(?i)a.*'", "IN [" + text + ", 1]", "NOT IN [" + text + ", true]", "= true",
                "!= false", "= 1", "> 1", "<= 2", "< 1.5", "IS NULL", "IS NOT NULL"));
    }

    private String returns() {
        var one = "v" + random.nextInt(named);
        var field = "v" + random.nextInt(named) + "." + pick(random, FIELDS);
        return switch (random.nextInt(7)) {
            case 0 -> "";
            case 1 -> " RETURN " + one + ", " + field;
            case 2 -> " RETURN DISTINCT " + field;
            case 3 -> " RETURN " + one + ".kind, count(*)";
            case 4 -> " RETURN count(DISTINCT " + one + "), count(" + field + ")";
            case 5 -> " RETURN DISTINCT " + one + ", count(DISTINCT " + field + ")";
            default -> " RETURN " + field + ", " + one + ".name";
        };
    }

    @Test
    void sqlAndArraysFindTheSame() {
        int rows = 0;
        int notEmpty = 0;
        for (int graph = 0; graph < 150; graph++) {
            var estate = estate(random);
            try (var store = Store.of(estate)) {
                var questions = new Questions(store, schema());
                for (int i = 0; i < 30; i++) {
                    var text = question();
                    var match = (Match) Parser.parse(text, schema());
                    var expected = ArrayEvaluator.rows(estate, match);
                    var actual = questions.ask(match).rows().stream().map(Object::toString).sorted().toList();
                    assertEquals(expected, actual, text);
                    rows += actual.size();
                    notEmpty += actual.isEmpty() ? 0 : 1;
                }
            }
        }
        assertTrue(rows > 5_000 && notEmpty > 1_500, rows + " rows of " + notEmpty + " questions prove little");
    }

    /// Each pair of ends once, over as few hops as there are, and every step an edge that is there.
    @Test
    void pathsAreTheShortestAndStandOnEdges() {
        int found = 0;
        for (int graph = 0; graph < 600; graph++) {
            var estate = estate(random);
            var from = pick(random, KINDS);
            var via = random.nextBoolean() ? " VIA ONE" : "";
            int hops = 1 + random.nextInt(4);
            var text = "PATH " + from + " AS a TO " + pick(random, KINDS) + " AS b" + via + " WITHIN " + hops + " HOPS";
            try (var store = Store.of(estate)) {
                var actual = new TreeSet<String>();
                for (var row : new Questions(store, schema()).ask(text).rows()) {
                    actual.add(id(row.get(0)) + " " + id(row.get(1)) + " " + row.get(2));
                    checkSteps(estate, ((Json.Arr) row.get(3)).items(), id(row.get(0)), id(row.get(1)));
                }
                assertEquals(distances(estate, text, from, via, hops), actual, text);
                found += actual.size();
            }
        }
        assertTrue(found > 500, found + " paths prove little");
    }

    private static String id(Json node) {
        return ((Json.Obj) node).string("id").orElseThrow();
    }

    private static void checkSteps(Estate estate, List<Json> steps, String from, String to) {
        var at = from;
        for (var it : steps) {
            var step = (Json.Obj) it;
            assertEquals(at, step.string("fromId").orElseThrow());
            at = step.string("toId").orElseThrow();
            var fact = new Relation(step.string("relation").orElseThrow(), step.string("fromId").orElseThrow(), at);
            assertTrue(estate.edges().stream().anyMatch(edge -> edge.fact().equals(fact)), fact.toString());
        }
        assertEquals(to, at);
    }

    private static TreeSet<String> distances(Estate estate, String text, String from, String via, int hops) {
        var to = text.split(" ")[5];
        var distances = new TreeSet<String>();
        for (var start : estate.nodes()) {
            if (!start.kind().equals(from)) continue;
            var seen = new TreeSet<>(Set.of(start.id()));
            var now = Set.of(start.id());
            for (int far = 1; far <= hops; far++) {
                var next = new TreeSet<String>();
                for (var edge : estate.edges())
                    if (now.contains(edge.fact().from()) && (via.isEmpty() || edge.fact().kind().equals("ONE")))
                        next.add(edge.fact().to());
                next.removeAll(seen);
                seen.addAll(next);
                for (var node : estate.nodes())
                    if (next.contains(node.id()) && node.kind().equals(to))
                        distances.add(start.id() + " " + node.id() + " " + far);
                now = next;
            }
        }
        return distances;
    }
}
