package dev.masugata.analyst;

import dev.masugata.graph.Estate;
import dev.masugata.graph.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How two kinds hang together: as the estate shows, else as the schema allows.
final class Ways {
    private static final int HOPS_MAX = 3;

    private final Schema shown;
    private final Schema allowed;

    Ways(Schema shipped, Estate estate) {
        shown = new Schema(Map.of(), Set.of(), Map.of(), Set.of()).with(estate);
        allowed = shipped.with(estate);
    }

    /// @param steps   relations from `from` on
    /// @param forward false: they are read from the second kind to the first
    record Way(String from, String to, List<Schema.Relation> steps, boolean forward) {
        String text() {
            var text = new StringBuilder(from);
            var steps = forward ? this.steps : this.steps.reversed();
            for (int i = 0; i < steps.size(); i++) {
                var step = steps.get(i);
                text.append(forward ? " " + step.kind() + " " : " <-[:" + step.kind() + "]- ");
                var end = forward ? step.to() : step.from();
                text.append(i == steps.size() - 1 ? to : "(:" + end + ")");
            }
            return text.toString();
        }
    }

    /// The shortest; of a relation that the question names where there is one.
    Optional<Way> between(String one, String other, Set<String> named) {
        for (var schema : List.of(shown, allowed))
            for (var relation : named) {
                if (has(schema, one, relation, other))
                    return Optional.of(new Way(one, other, List.of(new Schema.Relation(one, relation, other)), true));
                if (has(schema, other, relation, one))
                    return Optional.of(new Way(one, other, List.of(new Schema.Relation(other, relation, one)), false));
                // What is said to be affected is so over its parts, where the estate shows no shorter way.
                var over = shortest(schema, one, other)
                        .filter(way -> way.steps().stream().anyMatch(step -> step.kind().equals(relation)));
                if (over.isPresent()) return over;
            }
        return shortest(shown, one, other).or(() -> shortest(allowed, one, other));
    }

    private static Optional<Way> shortest(Schema schema, String one, String other) {
        var ways = new ArrayList<Way>();
        way(schema, one, other).ifPresent(it -> ways.add(new Way(one, other, it, true)));
        way(schema, other, one).ifPresent(it -> ways.add(new Way(one, other, it, false)));
        return ways.stream().min(java.util.Comparator.comparingInt(it -> it.steps().size()));
    }

    private static boolean has(Schema schema, String from, String relation, String to) {
        return schema.relations().stream().anyMatch(it -> it.kind().equals(relation) && it.to().equals(to)
                && (it.from().equals(from) || it.from().equals(Schema.ANY)));
    }

    private static Optional<List<Schema.Relation>> way(Schema schema, String from, String to) {
        for (var it : schema.relations())
            if (it.from().equals(Schema.ANY) && it.to().equals(to))
                return Optional.of(List.of(new Schema.Relation(from, it.kind(), to)));
        return schema.way(from, to, HOPS_MAX);
    }

    /// Kinds at the other end of a relation: those that the estate shows, else those that the schema allows.
    List<String> others(String kind, String relation) {
        for (var schema : List.of(shown, allowed)) {
            var others = schema.relations().stream()
                    .filter(it -> it.kind().equals(relation) && (it.from().equals(kind) || it.to().equals(kind)))
                    .map(it -> it.from().equals(kind) ? it.to() : it.from()).distinct().sorted().toList();
            if (!others.isEmpty()) return others;
        }
        return List.of();
    }

    boolean hasField(String kind, String field) {
        return allowed.kinds().getOrDefault(kind, Set.of()).contains(field);
    }

    Schema allowed() {
        return allowed;
    }
}
