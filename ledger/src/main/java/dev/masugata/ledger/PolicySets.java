package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.Optional;

/// Which policy set is live, and in which entry the text of each set that ever was lies.
public final class PolicySets {
    static final Fold FOLD = new Folding();
    private static final String LIVE = "live";
    private static final String SET = "set/";

    private final State state;

    PolicySets(State state) {
        this.state = state;
    }

    /// @param seq the entry that made it live; its payload is the set's text
    public record Live(String digest, long seq, String by, Instant at) {}

    /// The live set; empty: none ever was.
    public Optional<Live> live() {
        return state.at(LIVE).map(it -> new Live(
                Words.text(it, "digest"), Words.number(it, "seq"), Words.text(it, "by"), Words.instant(it, "at")));
    }

    /// The entry whose payload is the text of the set with this digest.
    public Optional<Long> entryOf(String digest) {
        return state.at(SET + digest).map(it -> Words.number(it, "seq"));
    }

    /// @param text the whole set, to be replayed later: neither erasure nor retention takes it
    public static Event.Changed live(Principal by, String digest, Json text) {
        return new Event.Changed("", by.id(), Event.Subject.POLICY, digest, "live", Json.EMPTY, text);
    }

    private static final class Folding implements Fold {
        @Override
        public String name() {
            return "policies/1";
        }

        @Override
        public Optional<String> key(long seq, Event event) {
            return Changes.nameOf(event, Event.Subject.POLICY).map(digest -> SET + digest);
        }

        @Override
        public void apply(State.Change state, long seq, Instant time, Event event) {
            var it = (Event.Changed) event;
            if (!it.change().equals("live")) return;
            state.put(SET + it.name(), Json.object("seq", Json.of(seq)));
            state.put(LIVE, Changes.by(Json.object("digest", it.name()).with("seq", seq), it, time));
        }

        @Override
        public boolean isOver(String key, Json.Obj value, Instant now) {
            return false;
        }
    }
}
