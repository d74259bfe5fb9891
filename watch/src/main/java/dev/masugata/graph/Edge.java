package dev.masugata.graph;

import dev.masugata.model.Relation;
import java.time.Instant;
import java.util.Map;

/// How one node hangs together with another: what, from when to when it was seen, and who says so.
///
/// @param fact   the relation, as a scan would say it
/// @param since  when it was seen first
/// @param last   when it was seen last; not before `since`
/// @param source `scan`, `ledger:d-41` (an entry of the record) or `rule:NAME` (derived from other edges)
public record Edge(Relation fact, Instant since, Instant last, String source) {
    public Edge {
        if (last.isBefore(since))
            throw new IllegalArgumentException("an edge was not seen last before it was seen first");
        if (source.isBlank()) throw new IllegalArgumentException("an edge has a source");
    }

    public Edge(String kind, String from, String to, Instant seen, String source) {
        this(new Relation(kind, from, to, Map.of()), seen, seen, source);
    }
}
