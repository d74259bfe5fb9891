package dev.masugata.graph.query;

/// How many nodes there are, so that a question begins where there are fewest.
interface Statistics {
    long ofKind(String kind);

    long withValue(String field, Object value);
}
