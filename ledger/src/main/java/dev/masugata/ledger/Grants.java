package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What operators opened for a time, for one session or for all: a host, for example.
public final class Grants {
    static final Fold FOLD = new Folding();

    private final State state;

    Grants(State state) {
        this.state = state;
    }

    /// @param session for which session; empty: for all
    /// @param name    what is granted, in the words of the room that asks
    public record Grant(String session, String name, Instant until, String by, Instant at) {}

    /// True if it is granted to the session, or to all, at that time.
    public boolean isGranted(String session, String name, Instant now) {
        return of(session, name).filter(it -> now.isBefore(it.until())).isPresent()
                || of("", name).filter(it -> now.isBefore(it.until())).isPresent();
    }

    /// What is granted at that time, oldest first.
    public List<Grant> all(Instant now) {
        var all = new ArrayList<Grant>();
        state.forEach((key, it) -> all.add(read(it)));
        all.removeIf(it -> !now.isBefore(it.until()));
        all.sort(Comparator.comparing(Grant::at).thenComparing(Grant::name));
        return all;
    }

    private Optional<Grant> of(String session, String name) {
        return state.at(key(session, name)).map(Grants::read);
    }

    /// @param session for which session; empty: for all
    public static Event.Changed granted(Principal by, String session, String name, Instant until) {
        var detail = Json.object("until", until.toString());
        return new Event.Changed(session, by.id(), Event.Subject.GRANT, name, "granted", detail, Json.NULL);
    }

    public static Event.Changed revoked(Principal by, String session, String name) {
        return new Event.Changed(session, by.id(), Event.Subject.GRANT, name, "revoked", Json.EMPTY, Json.NULL);
    }

    /// A session's name has no space, so two grants never share a key.
    private static String key(String session, String name) {
        return session + " " + name;
    }

    private static Grant read(Json.Obj it) {
        return new Grant(
                Words.text(it, "session"), Words.text(it, "name"), Words.instant(it, "until"), Words.text(it, "by"),
                Words.instant(it, "at"));
    }

    private static final class Folding implements Fold {
        @Override
        public String name() {
            return "grants/1";
        }

        @Override
        public Optional<String> key(long seq, Event event) {
            return Changes.nameOf(event, Event.Subject.GRANT).map(name -> Grants.key(event.session(), name));
        }

        @Override
        public void apply(State.Change state, long seq, Instant time, Event event) {
            var it = (Event.Changed) event;
            var key = Grants.key(it.session(), it.name());
            switch (it.change()) {
                case "granted" -> state.put(key, Changes.by(
                        Json.object("session", it.session()).with("name", it.name())
                                .with("until", Words.instant(it.detail(), "until").toString()),
                        it, time));
                case "revoked" -> state.remove(key);
                case String _ -> {}
            }
        }

        @Override
        public boolean isOver(String key, Json.Obj value, Instant now) {
            return !now.isBefore(read(value).until());
        }
    }
}
