package dev.masugata.graph.query;

import dev.masugata.graph.query.Question.Item;
import java.util.HashSet;
import java.util.Set;

/// Which nodes a condition speaks of.
final class Names {
    private Names() {}

    static Set<String> of(Condition condition) {
        var names = new HashSet<String>();
        collect(condition, names);
        return names;
    }

    private static void collect(Condition condition, Set<String> names) {
        switch (condition) {
            case Condition.And(var all) -> all.forEach(it -> collect(it, names));
            case Condition.Or(var any) -> any.forEach(it -> collect(it, names));
            case Condition.Not(var it) -> collect(it, names);
            case Condition.Compare it -> names.add(it.variable());
            case Condition.Known it -> names.add(it.variable());
            case Condition.Exists(var part) -> {
                part.hops().forEach(hop -> {
                    names.add(hop.from());
                    names.add(hop.to());
                });
                collect(part.where(), names);
                part.brings().forEach(it -> names.remove(it.name()));
            }
        }
    }

    /// True if both columns hold the same, whatever they are called.
    static boolean same(Item one, Item other) {
        return switch (one) {
            case Item.Node it -> other instanceof Item.Node o && o.variable().equals(it.variable());
            case Item.Field it ->
                other instanceof Item.Field o && o.variable().equals(it.variable()) && o.field().equals(it.field());
            case Item.Count it -> other instanceof Item.Count o && o.distinct() == it.distinct()
                    && o.of().isPresent() == it.of().isPresent()
                    && (it.of().isEmpty() || same(it.of().get(), o.of().get()));
        };
    }
}
