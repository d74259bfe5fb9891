package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.wire.JsonWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// All folds with their states.
final class Folds {
    /// The folds, in the order in which each event passes them.
    static final List<Fold> ALL = List.of(
            Approvals.FOLD, Pins.FOLD, Sessions.FOLD, Agents.FOLD, PolicySets.FOLD, Quarantine.FOLD, Grants.FOLD,
            Spending.FOLD);

    /// Names and versions of all folds: a snapshot made by others is not used.
    static final String NAMES = ALL.stream().map(Fold::name).collect(Collectors.joining(","));

    private final Map<Fold, FoldState> states = new HashMap<>();
    private final Standing committed;
    private final Standing working;

    Folds() {
        ALL.forEach(fold -> states.put(fold, new FoldState()));
        committed = standing(fold -> state(fold).committed());
        working = standing(this::state);
    }

    private static Standing standing(Function<Fold, State> of) {
        return new Standing(
                new Approvals(of.apply(Approvals.FOLD)), new Pins(of.apply(Pins.FOLD)),
                new Sessions(of.apply(Sessions.FOLD)), new Agents(of.apply(Agents.FOLD)),
                new PolicySets(of.apply(PolicySets.FOLD)), new Quarantine(of.apply(Quarantine.FOLD)),
                new Grants(of.apply(Grants.FOLD)), new Spending(of.apply(Spending.FOLD)));
    }

    FoldState state(Fold fold) {
        var state = states.get(fold);
        if (state == null) throw new IllegalArgumentException("`" + fold.name() + "` is not in the list of folds");
        return state;
    }

    /// As of the last commit; for any thread.
    Standing committed() {
        return committed;
    }

    /// With the open transaction's changes; for the writer.
    Standing working() {
        return working;
    }

    /// A copy of what is committed, to try things on.
    Folds copyOfCommitted() {
        var copy = new Folds();
        ALL.forEach(fold -> copy.state(fold).load(state(fold).committedCells()));
        return copy;
    }

    /// False if no fold takes the event in: quick, for most are such.
    static boolean mayConcern(Event event) {
        return switch (event) {
            case Event.Asked _, Event.Done _, Event.Found _ -> false;
            case Event.Decided _ -> Approvals.isUse(event);
            case Event.Held _, Event.Answered _, Event.Changed _ -> true;
        };
    }

    void apply(long seq, Instant time, Event event) {
        var retained = Retained.through(event);
        for (var fold : ALL) {
            var state = state(fold);
            state.applying(seq);
            if (retained.isPresent()) fold.retain(state, retained.get(), time);
            else if (fold.key(seq, event).isPresent()) fold.apply(state, seq, time, event);
        }
    }

    /// True if the event's key is known to some fold: its entry is needed to fold anew.
    boolean needs(long seq, Event event) {
        return ALL.stream().anyMatch(fold -> fold.key(seq, event).flatMap(state(fold)::at).isPresent());
    }

    /// What a retention up to `through` would drop at that time.
    Set<Dropped> over(long through, Instant now) {
        var over = new HashSet<Dropped>();
        for (var fold : ALL) {
            var copy = new FoldState();
            copy.load(state(fold).cells());
            fold.retain(copy, through, now);
            copy.changed().keySet().forEach(key -> over.add(new Dropped(fold, key)));
        }
        return over;
    }

    record Dropped(Fold fold, String key) {}

    boolean changed() {
        return ALL.stream().anyMatch(fold -> !state(fold).changed().isEmpty());
    }

    void commit() {
        states.values().forEach(FoldState::commit);
    }

    void rollback() {
        states.values().forEach(FoldState::rollback);
    }

    /// A row of a snapshot.
    record Row(String fold, String key, byte[] state, long seq) {
        static Row of(Fold fold, String key, State.Cell cell) {
            return new Row(fold.name(), key, JsonWriter.canonical(cell.value()), cell.seq());
        }

        byte[] tag(MacKey.Tagger tagger) {
            return tagger.snapshot(fold, key, seq, state);
        }
    }

    static Optional<Fold> named(String name) {
        return ALL.stream().filter(fold -> fold.name().equals(name)).findFirst();
    }
}
