package dev.masugata.graph;

import java.time.Duration;

/// What a question may cost. What exceeds one is refused or ended with that reason, never answered in part in silence.
public final class GraphLimits {
    /// Characters of one question.
    public static final int QUERY_CHARS_MAX = 10_000;
    /// Nodes and relations that one pattern names.
    public static final int PATTERN_MAX = 24;
    /// Comparisons of one question.
    public static final int CONDITIONS_MAX = 64;
    /// Brackets within brackets of its conditions.
    public static final int NESTING_MAX = 32;
    /// Values of one list.
    public static final int LIST_MAX = 1_000;
    /// Hops of one path, or of one repeated relation.
    public static final int HOPS_MAX = 12;
    /// Rows of one answer.
    public static final int ROWS_MAX = 10_000;
    /// Rows where the question says no `LIMIT`.
    public static final int ROWS_USUAL = 1_000;
    /// Time of one question.
    public static final Duration TIME_MAX = Duration.ofSeconds(5);
    /// Characters of one regular expression; it runs in linear time.
    public static final int REGEX_CHARS_MAX = 500;

    private GraphLimits() {}
}
