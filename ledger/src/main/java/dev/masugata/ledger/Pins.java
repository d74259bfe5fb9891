package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which tool definitions people confirmed. A pin is named `server/tool`.
public final class Pins {
    static final Fold FOLD = new Folding();

    private final State state;

    /// Each call of a tool asks for its pin.
    private final AsRead<Pin> known = new AsRead<>();

    Pins(State state) {
        this.state = state;
    }

    /// @param definition the hash of the approved definition; empty: none is
    /// @param content    the hash of the approved definition without its name; empty: it is not on record
    /// @param toolClass  what was confirmed with it
    /// @param by         who approved or revoked last; empty: nobody yet
    /// @param seq        the entry that did
    /// @param review     when somebody is to look at it again; empty: never
    /// @param seen       the hash of the definition that the server offered last
    /// @param seenSeq    the entry whose payload holds that definition; 0: none
    /// @param seenContent the hash of that one without its name
    /// @param held       why that one is held back, if it is
    public record Pin(
            String name, String definition, String content, ToolClass toolClass, String by, Instant at, long seq,
            Optional<Instant> review, String seen, long seenSeq, String seenContent, Optional<Held> held) {

        public boolean isApproved() {
            return !definition.isEmpty();
        }

        /// True if what the server offers now is what was approved, and nothing holds it back.
        public boolean isUsable() {
            return state() == PinState.APPROVED;
        }

        public PinState state() {
            if (held.isPresent()) return held.get().state();
            if (!isApproved()) return PinState.NEW;
            return definition.equals(seen) ? PinState.APPROVED : PinState.CHANGED;
        }

        /// False for what is pinned beside tools: prompts, templates, instructions, programs. No tool has a `:` in its
        /// name.
        public boolean isTool() {
            return name.indexOf(':') < 0;
        }

        public String server() {
            return name.substring(0, name.indexOf('/'));
        }

        /// Its name without its server's.
        public String tool() {
            return name.substring(name.indexOf('/') + 1);
        }

        /// True if the day has come on which somebody is to look at it again. It stays usable.
        public boolean isReviewDue(Instant now) {
            return isApproved() && review.filter(it -> !it.isAfter(now)).isPresent();
        }
    }

    /// @param why never empty
    public record Held(PinState state, List<Reason> why) {
        public Held {
            if (!state.isQuarantined()) throw new IllegalArgumentException("`" + state.word() + "` holds nothing back");
            why = List.copyOf(why);
        }
    }

    public Optional<Pin> of(String server, String tool) {
        var name = server + "/" + tool;
        return state.at(name).map(it -> known.of(name, it, Pins::read));
    }

    /// All pins, by name.
    public List<Pin> all() {
        var all = new ArrayList<Pin>();
        state.forEach((name, it) -> all.add(read(name, it)));
        all.sort(Comparator.comparing(Pin::name));
        return all;
    }

    /// True if exactly this definition is approved.
    public boolean isApproved(String server, String tool, String definition) {
        return of(server, tool).filter(it -> it.isApproved() && it.definition().equals(definition)).isPresent();
    }

    /// A server offers a definition that it did not offer before. The definition itself is the payload.
    ///
    /// @param content the hash of it without its name
    public static Event.Changed seen(String server, String tool, String hash, String content, Json definition) {
        var detail = Json.object("definition", hash).with("content", content);
        return changed(new Principal.House(), server, tool, "seen", detail, definition);
    }

    /// What a server offers is held back.
    public static Event.Changed quarantined(String server, String tool, String hash, Held held) {
        var detail = Json.object("definition", hash)
                .with("state", held.state().word())
                .with("why", Words.reasons(held.why()));
        return changed(new Principal.House(), server, tool, "quarantined", detail, Json.NULL);
    }

    /// A person confirms a definition and what the tool can do at worst.
    ///
    /// @param review when somebody is to look at it again, if ever
    public static Event.Changed approved(
            Principal by, String server, String tool, String hash, ToolClass toolClass, Optional<Instant> review) {
        var detail = Json.object("definition", hash).with("class", toolClass.word());
        if (review.isPresent()) detail = detail.with("review", review.get().toString());
        return changed(by, server, tool, "approved", detail, Json.NULL);
    }

    public static Event.Changed revoked(Principal by, String server, String tool) {
        return changed(by, server, tool, "revoked", Json.EMPTY, Json.NULL);
    }

    private static Event.Changed changed(
            Principal by, String server, String tool, String change, Json.Obj detail, Json payload) {
        return new Event.Changed("", by.id(), Event.Subject.PIN, server + "/" + tool, change, detail, payload);
    }

    private static Pin read(String name, Json.Obj it) {
        var held = it.object("held");
        boolean same = Words.text(held, "definition").equals(Words.text(it, "seen"));
        return new Pin(
                name, Words.text(it, "definition"), Words.text(it, "content"), Words.toolClass(it, "class"),
                Words.text(it, "by"), Words.instant(it, "at"), Words.number(it, "seq"),
                // A day that cannot be read has come.
                it.string("review").filter(day -> !day.isEmpty()).map(_ -> Words.instant(it, "review")),
                Words.text(it, "seen"), Words.number(it, "seenSeq"), Words.text(it, "seenContent"),
                held.members().isEmpty() || !same ? Optional.empty() : Optional.of(held(held)));
    }

    private static Held held(Json.Obj it) {
        var state = PinState.of(Words.text(it, "state"));
        return new Held(state.isQuarantined() ? state : PinState.SUSPECT, Words.reasons(it, "why"));
    }

    private static final class Folding implements Fold {
        private static final Json.Obj NEW = Json.object("definition", "").with("class", ToolClass.UNCONFIRMED.word());

        @Override
        public String name() {
            return "pins/2";
        }

        @Override
        public Optional<String> key(long seq, Event event) {
            return Changes.nameOf(event, Event.Subject.PIN);
        }

        @Override
        public void apply(State.Change state, long seq, Instant time, Event event) {
            var it = (Event.Changed) event;
            var pin = state.at(it.name()).orElse(NEW);
            switch (it.change()) {
                case "seen" -> state.put(it.name(), pin
                        .with("seen", Words.text(it.detail(), "definition")).with("seenSeq", seq)
                        .with("seenContent", Words.text(it.detail(), "content")));
                case "quarantined" -> state.put(it.name(), pin.with("held", it.detail()));
                case "approved" ->
                        state.put(it.name(), approved(Changes.by(pin, it, time).with("seq", seq), it.detail()));
                case "revoked" -> state.put(it.name(), Changes.by(pin, it, time).with("seq", seq)
                        .with("definition", "").with("content", "").with("review", "")
                        .with("class", ToolClass.UNCONFIRMED.word()));
                case String _ -> {}
            }
        }

        private static Json.Obj approved(Json.Obj pin, Json.Obj detail) {
            var definition = Words.text(detail, "definition");
            boolean seen = Words.text(pin, "seen").equals(definition);
            boolean held = Words.text(pin.object("held"), "definition").equals(definition);
            return (held ? pin.without("held") : pin)
                    .with("definition", definition)
                    .with("content", seen ? Words.text(pin, "seenContent") : "")
                    .with("class", Words.text(detail, "class"))
                    .with("review", Words.text(detail, "review"));
        }

        @Override
        public boolean isOver(String key, Json.Obj value, Instant now) {
            return false;
        }
    }
}
