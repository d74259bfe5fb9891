package dev.masugata.graph.query;

import dev.masugata.graph.GraphLimits;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts of a store, each counted once.
final class Counts implements Statistics {
    /// Nodes with one value are not counted further than this.
    private static final int ENOUGH = 10_000;

    private final Store store;
    private final Map<String, Long> kinds = new HashMap<>();
    private final Map<List<Object>, Long> values = new HashMap<>();

    Counts(Store store) {
        this.store = store;
    }

    @Override
    public long ofKind(String kind) {
        if (kinds.isEmpty()) {
            long all = 0;
            for (var row : rows("SELECT kind, count(*) FROM node GROUP BY kind", List.of())) {
                long count = number(row[1]);
                kinds.put(String.valueOf(row[0]), count);
                all += count;
            }
            kinds.put(Schema.ANY, all);
        }
        return kinds.getOrDefault(kind, 0L);
    }

    @Override
    public long withValue(String field, Object value) {
        return values.computeIfAbsent(List.of(field, value), _ -> number(rows(
                "SELECT count(*) FROM (SELECT 1 FROM attribute WHERE name = ?1 AND value = ?2 LIMIT " + ENOUGH + ")",
                List.of(field, Store.stored(value))).getFirst()[0]));
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number it ? it.longValue() : 0;
    }

    private List<@Nullable Object[]> rows(String sql, List<Object> parameters) {
        return store.select(sql, parameters, Integer.MAX_VALUE, GraphLimits.TIME_MAX, (_, _) -> false);
    }
}
