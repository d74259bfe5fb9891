package dev.masugata.analyst;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A kind of node that a question speaks of, and what must be so of it.
final class Mention {
    final String kind;
    /// Its place among the words.
    final int at;
    boolean negated;
    /// The question does not name it; a relation that it names needs it.
    boolean implied;
    /// Values by field; several: any of them.
    final Map<String, List<Object>> filters = new LinkedHashMap<>();
    final Map<String, List<Object>> not = new LinkedHashMap<>();

    Mention(String kind, int at) {
        this.kind = kind;
        this.at = at;
    }

    void filter(String field, Object value, boolean isNot) {
        var of = isNot ? not : filters;
        var values = of.computeIfAbsent(field, _ -> new ArrayList<>());
        if (!values.contains(value)) values.add(value);
    }

    /// @param anyOf fields of which any of the values is enough. A thing has one severity and may have many traits: so
    ///              two severities are always alternatives, two traits only where the question says so.
    List<String> conditions(java.util.Set<String> anyOf) {
        var conditions = new ArrayList<String>();
        filters.forEach((field, values) -> {
            if (!field.equals("traits") || anyOf.contains(field)) conditions.add(condition(field, values));
            else values.forEach(value -> conditions.add(condition(field, List.of(value))));
        });
        not.forEach((field, values) -> conditions.add("NOT " + condition(field, values)));
        return conditions;
    }

    private String condition(String field, List<Object> values) {
        var texts = values.stream().map(Mention::text).toList();
        if (texts.size() == 1) return kind + "." + field + " = " + texts.getFirst();
        return kind + "." + field + " IN [" + String.join(", ", texts) + "]";
    }

    private static String text(Object value) {
        if (!(value instanceof String it)) return value.toString();
        return "'" + it.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
