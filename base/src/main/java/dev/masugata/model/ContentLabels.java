package dev.masugata.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the content of one server is, by configuration: for all of it, for a tool, for a field of a tool's answer.
///
/// Labels are `untrusted` (anybody may have written it), `secret`, `personal`, `internal`. Content without `untrusted`
/// is trusted for what it says; content without the others is public.
///
/// @param base  for all that no rule is about
/// @param rules the more exact ones; of those that fit the longest field wins
public record ContentLabels(Set<String> base, List<Rule> rules) {
    /// The labels that there are.
    public static final Set<String> KNOWN = Set.of("untrusted", "secret", "personal", "internal");
    /// What a server's content is where nobody said anything.
    public static final ContentLabels UNTRUSTED = new ContentLabels(Set.of("untrusted"), List.of());

    /// @param tool  the tool's name
    /// @param field a JSON Pointer (RFC 6901) into the answer, `*` for any one step; empty for all of it
    public record Rule(String tool, String field, Set<String> labels) {
        public Rule {
            labels = Set.copyOf(labels);
            if (!field.isEmpty() && !field.startsWith("/"))
                throw new IllegalArgumentException("a field is a JSON Pointer: it begins with `/`");
        }

        private boolean fits(String place) {
            if (field.isEmpty()) return true;
            var wanted = field.split("/", -1);
            var steps = place.split("/", -1);
            if (steps.length < wanted.length) return false;
            for (int i = 1; i < wanted.length; i++)
                if (!wanted[i].equals("*") && !wanted[i].equals(steps[i])) return false;
            return true;
        }
    }

    public ContentLabels {
        base = Set.copyOf(base);
        rules = List.copyOf(rules);
        if (!KNOWN.containsAll(base) || rules.stream().anyMatch(it -> !KNOWN.containsAll(it.labels())))
            throw new IllegalArgumentException("labels are " + KNOWN);
    }

    public static ContentLabels of(String... base) {
        return new ContentLabels(Set.of(base), List.of());
    }

    /// The same content, of which more is to be said everywhere. What is no label of content says nothing of it.
    public ContentLabels and(Set<String> more) {
        var known = new HashSet<>(more);
        known.retainAll(KNOWN);
        if (known.isEmpty()) return this;
        return new ContentLabels(joined(base, known), rules.stream()
                .map(it -> new Rule(it.tool(), it.field(), joined(it.labels(), known)))
                .toList());
    }

    private static Set<String> joined(Set<String> one, Set<String> other) {
        var both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }

    /// What stands at one place of an answer.
    ///
    /// @param target `server/tool`, or a server for what belongs to no tool
    public Set<String> of(String target, String place) {
        if (target.indexOf('/') < 0) return all(target);
        var tool = target.substring(target.indexOf('/') + 1);
        Rule best = null;
        for (var rule : rules) {
            boolean closer = best == null || rule.field().length() > best.field().length();
            if (closer && rule.tool().equals(tool) && rule.fits(place)) best = rule;
        }
        return best == null ? base : best.labels();
    }

    /// All that an answer of the tool can hold.
    public Set<String> all(String target) {
        var all = new HashSet<String>();
        if (target.indexOf('/') < 0) {
            // What belongs to no tool may hold what any of them has.
            all.addAll(base);
            rules.forEach(rule -> all.addAll(rule.labels()));
            return Set.copyOf(all);
        }
        var tool = target.substring(target.indexOf('/') + 1);
        boolean whole = false;
        for (var rule : rules) {
            if (!rule.tool().equals(tool)) continue;
            all.addAll(rule.labels());
            whole |= rule.field().isEmpty();
        }
        if (!whole) all.addAll(base);
        return Set.copyOf(all);
    }
}
