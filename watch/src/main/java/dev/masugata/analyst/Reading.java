package dev.masugata.analyst;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// From words to what is meant: which things, what must be so of them, what is counted. No word is passed over.
final class Reading {
    /// It is not clear what is meant.
    static final class Unclear extends RuntimeException {
        Unclear(String says) {
            super(says);
        }
    }

    private final List<Word> words;
    private final boolean japanese;
    private final Ways ways;
    final List<Mention> mentions = new ArrayList<>();
    /// Fields of which the question names values with `or` between.
    final Set<String> anyOf = new LinkedHashSet<>();
    final Set<String> softly = new LinkedHashSet<>();
    final Set<String> relations = new LinkedHashSet<>();
    Optional<Mention> counted = Optional.empty();
    Optional<Mention> each = Optional.empty();
    boolean most;
    boolean reach;
    int limit;
    int hours;

    Reading(List<Word> words, boolean japanese, Ways ways) {
        this.words = words;
        this.japanese = japanese;
        this.ways = ways;
        things();
        for (int at = 0; at < words.size(); at++) word(at);
        if (mentions.isEmpty()) throw new Unclear("name a thing: agents, servers, tools, credentials, sessions ...");
        if (mentions.stream().allMatch(it -> it.negated)) throw new Unclear("say of what there should be none");
        count();
    }

    private void things() {
        for (int at = 0; at < words.size(); at++)
            switch (words.get(at)) {
                case Word.Kind(var kind) -> mention(kind, at);
                case Word.Named(var kind, var name) -> mention(kind, at).filter("name", name, false);
                case Word.Filter _, Word.Relation _, Word.Number _, Word.Lately _, Word.Sign _, Word.Unknown _ -> {}
            }
    }

    private Mention mention(String kind, int at) {
        for (var it : mentions) if (it.kind.equals(kind)) return it;
        var mention = new Mention(kind, at);
        mentions.add(mention);
        return mention;
    }

    private void word(int at) {
        switch (words.get(at)) {
            case Word.Filter it -> filter(it, at);
            case Word.Relation(var relation, var soft) -> (soft ? softly : relations).add(relation);
            case Word.Number(var number) -> limit = number;
            case Word.Lately(var lately) -> hours = lately;
            case Word.Kind _, Word.Named _, Word.Unknown _ -> {}
            case Word.Sign sign -> sign(sign, at);
        }
    }

    private void sign(Word.Sign sign, int at) {
        switch (sign) {
            case WAY -> reach = true;
            case MOST -> most = true;
            case NOT -> not(at);
            case OR -> or(at);
            case EACH -> each = Optional.of(beside(at, "each"));
            case COUNT -> counted = Optional.of(beside(at, "how many"));
            case FILLER -> {}
        }
    }

    /// `or` between two values of one field is the only one that is understood.
    private void or(int at) {
        boolean between = at > 0 && at + 1 < words.size() && words.get(at - 1) instanceof Word.Filter one
                && words.get(at + 1) instanceof Word.Filter other && one.field().equals(other.field());
        if (between) anyOf.add(((Word.Filter) words.get(at - 1)).field());
        else throw new Unclear("`or` is understood between two values of one thing, such as `critical or high`");
    }

    /// What stands behind a `not` in English, before it in Japanese.
    private void not(int at) {
        for (int i = japanese ? at - 1 : at + 1; i >= 0 && i < words.size(); i += japanese ? -1 : 1) {
            switch (words.get(i)) {
                case Word.Kind(var kind) -> {
                    mention(kind, i).negated = true;
                    return;
                }
                case Word.Named(var kind, _) -> {
                    mention(kind, i).negated = true;
                    return;
                }
                case Word.Filter it -> {
                    // Of `agents without critical vulnerabilities` the vulnerabilities are what is not there.
                    if (!japanese && i + 1 < words.size() && words.get(i + 1) instanceof Word.Kind(var kind)
                            && ways.hasField(kind, it.field()) && mentions.getFirst() != mention(kind, i + 1)) {
                        mention(kind, i + 1).negated = true;
                        return;
                    }
                    return; // the filter itself asks whether it is negated
                }
                case Word.Relation _, Word.Number _, Word.Lately _, Word.Sign _, Word.Unknown _ -> {}
            }
        }
        throw new Unclear("what should not be so?");
    }

    private boolean isNegated(int at) {
        int beside = japanese ? at + 1 : at - 1;
        if (beside < 0 || beside >= words.size() || words.get(beside) != Word.Sign.NOT) return false;
        // Where the thing itself is negated, its filters are not.
        return mentions.stream().noneMatch(it -> it.negated && it.at == at + 1);
    }

    private void filter(Word.Filter it, int at) {
        holder(it, at).filter(it.field(), it.value(), isNegated(at) != it.not());
    }

    /// The thing that comes next, else the nearest before, else the nearest behind, of those that have such a field.
    private Mention holder(Word.Filter it, int at) {
        int next = at + 1;
        while (next < words.size() && (words.get(next) instanceof Word.Filter || words.get(next) instanceof Word.Sign))
            next++;
        var able = mentions.stream().filter(m -> ways.hasField(m.kind, it.field())).toList();
        if (able.isEmpty()) return missing(it, at);
        for (var mention : able) if (mention.at == next) return mention;
        Mention best = able.getFirst();
        for (var mention : able) {
            boolean before = mention.at < at;
            boolean bestBefore = best.at < at;
            if (before && !bestBefore || before == bestBefore && Math.abs(mention.at - at) < Math.abs(best.at - at))
                best = mention;
        }
        return best;
    }

    private Mention missing(Word.Filter it, int at) {
        if (it.of().size() == 1 || mentions.isEmpty() && it.of().size() > 0 && it.field().equals("severity")) {
            return mention(it.of().getFirst(), at);
        }
        var near = it.of().stream()
                .filter(kind -> mentions.stream().anyMatch(m -> ways.between(m.kind, kind, Set.of()).isPresent()))
                .toList();
        if (near.size() == 1) return mention(near.getFirst(), at);
        throw new Unclear("`" + it.field() + "` can be said of " + String.join(", ", it.of())
                + "; name the one that you mean");
    }

    private Mention beside(int at, String what) {
        for (int i = japanese ? at - 1 : at + 1; i >= 0 && i < words.size(); i += japanese ? -1 : 1)
            if (words.get(i) instanceof Word.Kind(var kind)) return mention(kind, i);
        for (int i = japanese ? at + 1 : at - 1; i >= 0 && i < words.size(); i += japanese ? 1 : -1)
            if (words.get(i) instanceof Word.Kind(var kind)) return mention(kind, i);
        throw new Unclear(what + " of which thing?");
    }

    private void count() {
        if (most && counted.isEmpty() && mentions.size() == 2) {
            // `agents with the most credentials`, `the top 3 agents by credentials`
            counted = Optional.of(mentions.stream().filter(it -> !it.equals(each.orElse(mentions.getFirst())))
                    .findFirst().orElseThrow());
            if (japanese && each.isEmpty()) {
                counted = Optional.of(mentions.getFirst());
                each = Optional.of(mentions.getLast());
            }
        }
        if (most && counted.isEmpty())
            throw new Unclear("most of what? name what is counted, such as `agents with the most credentials`");
        if (most && each.isEmpty() && mentions.size() == 2)
            each = mentions.stream().filter(it -> it != counted.get()).findFirst();
        if (each.isPresent() && counted.isEmpty())
            counted = mentions.stream().filter(it -> it != each.get() && !it.negated).findFirst();
        if (each.isPresent() && counted.isEmpty()) throw new Unclear("for each, how many of what?");
        if (counted.isPresent() && counted.get().negated) throw new Unclear("what is not there cannot be counted");
        if (most && each.isEmpty()) throw new Unclear("the most of which thing?");
    }
}
