package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which sessions there were, whose, and what they have touched. Labels only rise; a stop holds until it is lifted.
public final class Sessions {
    /// The name that means every session, to stop them all.
    public static final String EVERY = "*";

    static final Fold FOLD = new Folding();

    private final State state;

    Sessions(State state) {
        this.state = state;
    }

    /// @param kind    [Session.Kind] in lower case
    /// @param ended   [Instant#EPOCH]: it has not ended
    /// @param stopped by its own name; see [Sessions#isStopped] for stops of all
    /// @param more    what the start recorded beside this
    public record Known(
            String id, String agent, String user, Set<String> groups, String purpose, String kind, Instant started,
            Instant ended, boolean stopped, Set<String> labels, Json.Obj more) {

        public boolean isEnded() {
            return !ended.equals(Instant.EPOCH);
        }
    }

    public Optional<Known> of(String id) {
        return id.equals(EVERY) ? Optional.empty() : state.at(id).map(it -> read(id, it));
    }

    /// All that are remembered, oldest first.
    public List<Known> all() {
        var all = new ArrayList<Known>();
        state.forEach((id, it) -> {
            if (!id.equals(EVERY)) all.add(read(id, it));
        });
        all.sort(Comparator.comparing(Known::started).thenComparing(Known::id));
        return all;
    }

    public Set<String> labels(String id) {
        return state.at(id).map(it -> Words.texts(it, "labels")).orElse(Set.of());
    }

    /// True if an operator stopped the session, or all of them.
    public boolean isStopped(String id) {
        return state.at(id).filter(it -> it.isTrue("stopped")).isPresent()
                || state.at(EVERY).filter(it -> it.isTrue("stopped")).isPresent();
    }

    /// @param more facts to keep with the session that need not be erasable
    public static Event.Changed started(Principal by, Session session, Json.Obj more) {
        var agent = session.agent();
        var detail = Json.object("agent", agent.name()).with("user", agent.user())
                .with("groups", Json.strings(new TreeSet<>(agent.groups()))).with("purpose", session.purpose())
                .with("kind", session.kind().name().toLowerCase(Locale.ROOT))
                .with("more", more);
        return changed(by, session.id(), "started", detail);
    }

    public static Event.Changed ended(Principal by, String session) {
        return changed(by, session, "ended", Json.EMPTY);
    }

    /// @param session its id, or [#EVERY]
    public static Event.Changed stopped(Principal by, String session) {
        return changed(by, session, "stopped", Json.EMPTY);
    }

    /// @param session its id, or [#EVERY]
    public static Event.Changed resumed(Principal by, String session) {
        return changed(by, session, "resumed", Json.EMPTY);
    }

    /// A person said what the session is for, on a channel of the gate's own. Kept for those who read the record;
    /// nothing
    /// is decided by reading it.
    ///
    /// @param as `user` or `operator`
    public static Event.Changed said(Principal by, String session, String as, String text) {
        var detail = Json.object("as", as).with("chars", Json.of(text.length()));
        return new Event.Changed(session, by.id(), Event.Subject.SESSION, session, "said", detail,
                Json.object("text", text));
    }

    /// The session has touched something of this label.
    public static Event.Changed raised(Principal by, String session, String label, Json.Obj why) {
        return new Event.Changed(session, by.id(), Event.Subject.LABEL, label, "raised", why, Json.NULL);
    }

    private static Event.Changed changed(Principal by, String session, String change, Json.Obj detail) {
        var in = session.equals(EVERY) ? "" : session;
        return new Event.Changed(in, by.id(), Event.Subject.SESSION, session, change, detail, Json.NULL);
    }

    private static Known read(String id, Json.Obj it) {
        return new Known(
                id, Words.text(it, "agent"), Words.text(it, "user"), Words.texts(it, "groups"),
                Words.text(it, "purpose"), Words.text(it, "kind"), Words.instant(it, "started"),
                Words.instant(it, "ended"), it.isTrue("stopped"), Words.texts(it, "labels"), it.object("more"));
    }

    private static final class Folding implements Fold {
        @Override
        public String name() {
            return "sessions/1";
        }

        @Override
        public Optional<String> key(long seq, Event event) {
            if (event instanceof Event.Changed it && it.subject() == Event.Subject.LABEL)
                return Optional.of(it.session());
            return Changes.nameOf(event, Event.Subject.SESSION);
        }

        @Override
        public void apply(State.Change state, long seq, Instant time, Event event) {
            var it = (Event.Changed) event;
            var id = key(seq, event).orElseThrow();
            var session = state.at(id).orElse(Json.EMPTY);
            switch (it.change()) {
                case "raised" -> state.put(id, raised(session, it.name()));
                case "started" -> state.put(id, started(session, it.detail(), time));
                case "ended" -> state.put(id, session.with("ended", time.toString()));
                case "stopped" -> state.put(id, session.with("stopped", Json.TRUE));
                case "resumed" -> state.put(id, session.without("stopped"));
                case String _ -> {}
            }
        }

        private static Json.Obj raised(Json.Obj session, String label) {
            var labels = Words.texts(session, "labels");
            labels.add(label);
            return session.with("labels", Json.strings(labels));
        }

        /// A second start of one id lowers no label and lifts no stop.
        private static Json.Obj started(Json.Obj session, Json.Obj detail, Instant time) {
            var fresh = session.without("ended").with("started", time.toString());
            for (var name : List.of("agent", "user", "groups", "purpose", "kind", "more")) {
                var value = detail.at(name);
                if (value.isPresent()) fresh = fresh.with(name, value.get());
            }
            return fresh;
        }

        @Override
        public boolean isOver(String key, Json.Obj value, Instant now) {
            return value.at("ended").isPresent();
        }
    }
}
