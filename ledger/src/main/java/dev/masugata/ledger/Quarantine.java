package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What may not be used until a person releases it: servers by `server`, tools by `server/tool`.
public final class Quarantine {
    static final Fold FOLD = new Folding();

    private final State state;

    Quarantine(State state) {
        this.state = state;
    }

    public record Quarantined(String name, String why, String by, Instant at) {}

    public Set<String> names() {
        var names = new TreeSet<String>();
        state.forEach((name, _) -> names.add(name));
        return names;
    }

    public Optional<Quarantined> of(String name) {
        return state.at(name).map(it -> new Quarantined(
                name, Words.text(it, "why"), Words.text(it, "by"), Words.instant(it, "at")));
    }

    public static Event.Changed quarantined(Principal by, String name, String why) {
        return changed(by, name, "quarantined", Json.object("why", why));
    }

    public static Event.Changed released(Principal by, String name) {
        return changed(by, name, "released", Json.EMPTY);
    }

    private static Event.Changed changed(Principal by, String name, String change, Json.Obj detail) {
        return new Event.Changed("", by.id(), Event.Subject.QUARANTINE, name, change, detail, Json.NULL);
    }

    private static final class Folding implements Fold {
        @Override
        public String name() {
            return "quarantine/1";
        }

        @Override
        public Optional<String> key(long seq, Event event) {
            return Changes.nameOf(event, Event.Subject.QUARANTINE);
        }

        @Override
        public void apply(State.Change state, long seq, Instant time, Event event) {
            var it = (Event.Changed) event;
            switch (it.change()) {
                case "quarantined" -> state.put(
                        it.name(), Changes.by(Json.object("why", Words.text(it.detail(), "why")), it, time));
                case "released" -> state.remove(it.name());
                case String _ -> {}
            }
        }

        @Override
        public boolean isOver(String key, Json.Obj value, Instant now) {
            return false;
        }
    }
}
