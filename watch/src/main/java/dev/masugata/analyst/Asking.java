package dev.masugata.analyst;

import dev.masugata.graph.Estate;
import dev.masugata.graph.Schema;
import dev.masugata.graph.query.BadQuestion;
import dev.masugata.graph.query.Parser;
import dev.masugata.text.Nearest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Questions in words, English or Japanese, to questions of the graph. No model takes part.
public final class Asking {
    /// Characters of one question.
    public static final int CHARS_MAX = 500;

    private static final Pattern JAPANESE = Pattern.compile("[\\p{IsHiragana}\\p{IsKatakana}\\p{IsHan}]");

    private final Lexicon lexicon = Lexicon.shipped();
    private final Words words;
    private final Ways ways;
    private final Instant now;

    public Asking(Schema shipped, Estate estate, Instant now) {
        words = new Words(lexicon, estate);
        ways = new Ways(shipped, estate);
        this.now = now;
    }

    public Understood understand(String question) {
        if (question.length() > CHARS_MAX)
            return new Understood.Unclear(List.of(), "a question has at most " + CHARS_MAX + " characters");
        var said = words.of(question);
        var unknown = said.stream()
                .filter(Word.Unknown.class::isInstance).map(it -> ((Word.Unknown) it).text()).distinct().toList();
        if (!unknown.isEmpty()) return new Understood.Unclear(unknown, notUnderstood(unknown));
        boolean japanese = JAPANESE.matcher(question).find();
        try {
            var reading = new Reading(said, japanese, ways);
            var plan = plan(reading);
            var query = query(reading, plan);
            Parser.parse(query, ways.allowed());
            return new Understood.Asked(query, Paraphrase.of(reading, plan, lexicon, japanese, query));
        } catch (Reading.Unclear | BadQuestion unclear) {
            return new Understood.Unclear(List.of(), String.valueOf(unclear.getMessage()));
        }
    }

    private String notUnderstood(List<String> unknown) {
        var said = new ArrayList<String>();
        for (var word : unknown)
            said.add("`" + word + "`" + Nearest.of(word, lexicon.all()).map(it -> " (did you mean `" + it + "`?)")
                    .orElse(""));
        return "not understood: " + String.join(", ", said) + "; nothing was asked";
    }

    /// How the things hang together, and what there must not be.
    record Plan(List<Ways.Way> ways, List<Ways.Way> without) {}

    /// Joins the two things that lie nearest, until all are one.
    private Plan plan(Reading reading) {
        for (var relation : reading.relations) other(reading, relation);
        var there = reading.mentions.stream().filter(it -> !it.negated).toList();
        var joined = new ArrayList<>(List.of(there.getFirst().kind));
        var chosen = new ArrayList<Ways.Way>();
        while (joined.size() < there.size()) chosen.add(nearest(there, joined, reading));
        var without = new ArrayList<Ways.Way>();
        for (var it : reading.mentions) if (it.negated) without.add(to(it, there, reading));
        checkUsed(reading, chosen, without);
        return new Plan(chosen, without);
    }

    /// `which hosts were denied`: what denies no host but a session's is not named and is meant.
    private void other(Reading reading, String relation) {
        if (reading.mentions.size() > 1) return;
        var one = reading.mentions.getFirst().kind;
        var others = ways.others(one, relation);
        if (others.isEmpty()) return;
        if (others.size() > 1)
            throw new Reading.Unclear("`" + relation + "` leads from " + one + " to " + String.join(" and to ", others)
                    + "; name the one that you mean");
        var implied = new Mention(others.getFirst(), Integer.MAX_VALUE);
        // `what did s-1 call` asks for what is not named.
        implied.implied = !reading.mentions.getFirst().filters.containsKey("name");
        reading.mentions.add(implied);
    }

    private Ways.Way nearest(List<Mention> there, List<String> joined, Reading reading) {
        Ways.Way best = null;
        for (var one : joined)
            for (var other : there) {
                if (joined.contains(other.kind)) continue;
                var way = way(one, other.kind, reading);
                if (way.isPresent() && (best == null || way.get().steps().size() < best.steps().size()))
                    best = way.get();
            }
        if (best == null) {
            var left = there.stream().filter(it -> !joined.contains(it.kind)).findFirst().orElseThrow().kind;
            throw new Reading.Unclear("nothing is known that connects " + left + " with " + joined.getFirst());
        }
        joined.add(best.to());
        return best;
    }

    private Ways.Way to(Mention it, List<Mention> there, Reading reading) {
        return there.stream().flatMap(one -> way(one.kind, it.kind, reading).stream())
                .min(java.util.Comparator.comparingInt(way -> way.steps().size()))
                .orElseThrow(() -> new Reading.Unclear("nothing is known that connects " + it.kind + " with "
                + there.getFirst().kind));
    }

    private Optional<Ways.Way> way(String one, String other, Reading reading) {
        var named = new LinkedHashSet<>(reading.relations);
        named.addAll(reading.softly);
        return ways.between(one, other, named);
    }

    /// A relation that was said and takes no part would be a word passed over.
    private static void checkUsed(Reading reading, List<Ways.Way> chosen, List<Ways.Way> without) {
        var used = new HashSet<String>();
        chosen.forEach(way -> way.steps().forEach(step -> used.add(step.kind())));
        without.forEach(way -> way.steps().forEach(step -> used.add(step.kind())));
        for (var relation : reading.relations)
            if (!used.contains(relation))
                throw new Reading.Unclear("`" + relation + "` fits no two of the things that were named ("
                        + String.join(", ", reading.mentions.stream().map(it -> it.kind).toList()) + ")");
        if (reading.hours > 0 && used.isEmpty())
            throw new Reading.Unclear(
                    "time is about what was seen between two things; name both, such as sessions and hosts");
        if (reading.reach && chosen.size() != 1)
            throw new Reading.Unclear("to reach is between two things; name two");
    }

    private String query(Reading reading, Plan plan) {
        if (reading.reach) return path(reading, plan.ways().getFirst());
        var there = reading.mentions.stream().filter(it -> !it.negated).toList();
        var query = new StringBuilder("MATCH ").append(there.getFirst().kind);
        plan.ways().forEach(way -> query.append(", ").append(way.text()));
        var conditions = new ArrayList<String>();
        there.forEach(it -> conditions.addAll(it.conditions(reading.anyOf)));
        for (var way : plan.without()) {
            var missing = reading.mentions.stream().filter(it -> it.kind.equals(way.to())).findFirst().orElseThrow();
            var its = missing.conditions(reading.anyOf);
            conditions.add("NOT EXISTS (" + way.text() + (its.isEmpty() ? "" : " WHERE " + String.join(" AND ", its))
                    + ")");
        }
        if (!conditions.isEmpty()) query.append(" WHERE ").append(String.join(" AND ", conditions));
        if (reading.hours > 0)
            query.append(" SINCE '").append(now.minus(Duration.ofHours(reading.hours)).truncatedTo(ChronoUnit.SECONDS))
                    .append("'");
        return query.append(returned(reading, there)).toString();
    }

    private static String path(Reading reading, Ways.Way way) {
        var from = way.forward() ? way.from() : way.to();
        var to = way.forward() ? way.to() : way.from();
        var conditions = new ArrayList<String>();
        reading.mentions.forEach(it -> conditions.addAll(it.conditions(reading.anyOf)));
        return "PATH " + from + " TO " + to + " WITHIN 4 HOPS"
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                + (reading.limit > 0 ? " LIMIT " + reading.limit : "");
    }

    private static String returned(Reading reading, List<Mention> there) {
        var limit = reading.limit > 0 ? " LIMIT " + reading.limit : "";
        if (reading.counted.isEmpty())
            return " RETURN DISTINCT "
                    + String.join(", ", there.stream().filter(it -> !it.implied).map(it -> it.kind).toList()) + limit;
        var count = "count(DISTINCT " + reading.counted.get().kind + ")";
        if (reading.each.isEmpty()) return " RETURN " + count;
        var many = " RETURN " + reading.each.get().kind + ", " + count + " AS many";
        return many + (reading.most ? " ORDER BY many DESC" : "")
                + (reading.most && limit.isEmpty() ? " LIMIT 10" : limit);
    }

}
