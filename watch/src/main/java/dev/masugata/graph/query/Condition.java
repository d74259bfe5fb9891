package dev.masugata.graph.query;

import java.util.List;

/// What must be so of a match. Every condition is true or false: a comparison with what is not known is false.
public sealed interface Condition {
    Condition TRUE = new And(List.of());

    record And(List<Condition> all) implements Condition {}

    record Or(List<Condition> any) implements Condition {}

    record Not(Condition it) implements Condition {}

    /// True if any value of the field compares so.
    ///
    /// @param value a [String], [Long], [Double] or [Boolean]
    record Compare(String variable, String field, Operator operator, Object value) implements Condition {}

    /// True if the field has a value.
    record Known(String variable, String field) implements Condition {}

    /// True if there is a match of the part, which names one known node at least.
    record Exists(Question.Part part) implements Condition {}

    enum Operator {
        EQUAL("="), LESS("<"), AT_MOST("<="), MORE(">"), AT_LEAST(">="), CONTAINS("CONTAINS"),
        STARTS_WITH("STARTS WITH"), ENDS_WITH("ENDS WITH"), MATCHES("=~");

        final String word;

        Operator(String word) {
            this.word = word;
        }

        boolean isOfText() {
            return switch (this) {
                case CONTAINS, STARTS_WITH, ENDS_WITH, MATCHES -> true;
                case EQUAL, LESS, AT_MOST, MORE, AT_LEAST -> false;
            };
        }
    }
}
