package dev.masugata.analyst;

import java.util.ArrayList;
import java.util.List;

/// Says a question back, of the plan and not of the words: what differs from what was meant can be seen.
final class Paraphrase {
    private Paraphrase() {}

    static String of(Reading reading, Asking.Plan plan, Lexicon lexicon, boolean japanese, String query) {
        var there = reading.mentions.stream().filter(it -> !it.negated).toList();
        var parts = new ArrayList<String>();
        for (var way : plan.ways()) parts.add(chain(way, lexicon, japanese));
        var conditions = new ArrayList<String>();
        there.forEach(it -> conditions.addAll(conditions(it, lexicon, japanese)));
        for (var way : plan.without()) {
            var missing = reading.mentions.stream().filter(it -> it.kind.equals(way.to())).findFirst().orElseThrow();
            var its = conditions(missing, lexicon, japanese);
            conditions.add((japanese ? "次がない: " : "without ") + chain(way, lexicon, japanese)
                    + (its.isEmpty() ? "" : " (" + String.join(", ", its) + ")"));
        }
        var names = there.stream().filter(it -> !it.implied).map(it -> lexicon.called(it.kind, japanese)).toList();
        return japanese ? japanese(reading, names, parts, conditions, lexicon)
                : english(reading, names, parts, conditions, lexicon);
    }

    private static String english(
            Reading reading, List<String> names, List<String> parts, List<String> conditions, Lexicon lexicon) {
        var said = new StringBuilder();
        if (reading.counted.isPresent())
            said.append("how many different ").append(lexicon.called(reading.counted.get().kind, false))
                    .append("s there are")
                    .append(reading.each.map(it -> ", for each " + lexicon.called(it.kind, false)).orElse(""))
                    .append(reading.most ? ", the most first" : "");
        else said.append("each different ").append(String.join(" with ", names));
        if (reading.reach) said.append(", over any relations, within 4 hops");
        else if (!parts.isEmpty()) said.append(", as in ").append(String.join(" and ", parts));
        if (!conditions.isEmpty()) said.append("; where ").append(String.join(" and ", conditions));
        if (reading.hours > 0) said.append("; seen in the last ").append(reading.hours).append(" hours");
        if (reading.limit > 0) said.append("; at most ").append(reading.limit).append(" rows");
        return said.toString();
    }

    private static String japanese(
            Reading reading, List<String> names, List<String> parts, List<String> conditions, Lexicon lexicon) {
        var said = new StringBuilder();
        if (reading.counted.isPresent())
            said.append(reading.each.map(it -> lexicon.called(it.kind, true) + "ごとの").orElse(""))
                    .append(lexicon.called(reading.counted.get().kind, true)).append("の数")
                    .append(reading.most ? "(多い順)" : "");
        else said.append(String.join("と", names)).append("の組(重複なし)");
        if (reading.reach) said.append("。関係は問わず4段以内");
        else if (!parts.isEmpty()) said.append("。つながり: ").append(String.join("、", parts));
        if (!conditions.isEmpty()) said.append("。条件: ").append(String.join("、", conditions));
        if (reading.hours > 0) said.append("。過去").append(reading.hours).append("時間");
        if (reading.limit > 0) said.append("。最大").append(reading.limit).append("行");
        return said.toString();
    }

    private static String chain(Ways.Way way, Lexicon lexicon, boolean japanese) {
        var steps = way.steps();
        var said = new StringBuilder(lexicon.called(steps.getFirst().from(), japanese));
        for (var step : steps)
            said.append(" ").append(step.kind().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')).append(" ")
                    .append(lexicon.called(step.to(), japanese));
        return said.toString();
    }

    private static List<String> conditions(Mention it, Lexicon lexicon, boolean japanese) {
        var name = lexicon.called(it.kind, japanese);
        var said = new ArrayList<String>();
        it.filters.forEach((field, values) ->
                said.add(name + "." + field + (japanese ? " が " : " is ") + any(values, japanese)));
        it.not.forEach((field, values) -> said.add(name + "." + field + (japanese ? " が次でない: "
                : " is not known to be ") + any(values, japanese)));
        return said;
    }

    private static String any(List<Object> values, boolean japanese) {
        return String.join(japanese ? "か" : " or ", values.stream().map(Object::toString).toList());
    }
}
