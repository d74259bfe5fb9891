package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
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
    /// @param toolClass  what was confirmed with it
    /// @param by         who approved or revoked last; empty: nobody yet
    /// @param seq        the entry that did
    /// @param seen       the hash of the definition that the server offered last
    /// @param seenSeq    the entry whose payload holds that definition; 0: none
    public record Pin(
            String name, String definition, ToolClass toolClass, String by, Instant at, long seq, String seen,
            long seenSeq) {

        public boolean isApproved() {
            return !definition.isEmpty();
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
    public static Event.Changed seen(String server, String tool, String hash, Json definition) {
        return changed(new Principal.House(), server, tool, "seen", Json.object("definition", hash), definition);
    }

    /// A person confirms a definition and what the tool can do at worst.
    public static Event.Changed approved(Principal by, String server, String tool, String hash, ToolClass toolClass) {
        var detail = Json.object("definition", hash).with("class", toolClass.word());
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
        return new Pin(
                name, Words.text(it, "definition"), Words.toolClass(it, "class"), Words.text(it, "by"),
                Words.instant(it, "at"), Words.number(it, "seq"), Words.text(it, "seen"), Words.number(it, "seenSeq"));
    }

    private static final class Folding implements Fold {
        private static final Json.Obj NEW = Json.object("definition", "").with("class", ToolClass.UNCONFIRMED.word());

        @Override
        public String name() {
            return "pins/1";
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
                        .with("seen", Words.text(it.detail(), "definition")).with("seenSeq", seq));
                case "approved" -> state.put(it.name(), Changes.by(pin, it, time).with("seq", seq)
                        .with("definition", Words.text(it.detail(), "definition"))
                        .with("class", Words.text(it.detail(), "class")));
                case "revoked" -> state.put(it.name(), Changes.by(pin, it, time).with("seq", seq)
                        .with("definition", "").with("class", ToolClass.UNCONFIRMED.word()));
                case String _ -> {}
            }
        }

        @Override
        public boolean isOver(String key, Json.Obj value, Instant now) {
            return false;
        }
    }
}
