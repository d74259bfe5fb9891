package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/// A state that follows from the record alone: the same entries always give the same state.
interface Fold {
    /// Its name in snapshots, with the version of its rules: another version is folded anew.
    String name();

    /// The key under which the event counts; empty: it does not concern this fold. All entries of one key are kept
    /// or dropped together.
    Optional<String> key(long seq, Event event);

    /// Takes in an event that [#key] has a key for. It looks at nothing but its arguments.
    void apply(State.Change state, long seq, Instant time, Event event);

    /// True if what stands under the key can no longer matter after `now`, so that retention may drop it.
    boolean isOver(String key, Json.Obj value, Instant now);

    /// Drops what retention drops: what is over and was last changed at or before `through`.
    default void retain(FoldState state, long through, Instant now) {
        var over = new ArrayList<String>();
        state.cells().forEach((key, cell) -> {
            if (cell.seq() <= through && isOver(key, cell.value(), now)) over.add(key);
        });
        over.forEach(state::remove);
    }
}
