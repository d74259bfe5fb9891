package dev.masugata.checkpoint;

import dev.masugata.definition.Definition;
import dev.masugata.definition.Signature;
import dev.masugata.ledger.PinState;
import dev.masugata.ledger.Pins;
import dev.masugata.ledger.Pins.Pin;
import dev.masugata.model.Finding;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Which tools may be shown and called: those whose definition, word for word, an operator approved, or took over as it
/// was first seen by saying so beforehand. What is not is looked at once, and quarantined where something is wrong with
/// it.
public final class ToolPins {
    /// The name under which a server's program is pinned; no tool can have it.
    public static final String PROGRAM = "program:";
    /// Definitions whose signature is known to be good.
    static final int SIGNED_MAX = 10_000;

    private final Journal journal;
    private final Checkpoint checkpoint;
    private final Known known;
    private final Scrutiny scrutiny;
    private final Runnable pinned;
    private final AtomicBoolean unsettled = new AtomicBoolean();
    private final Set<String> signed = ConcurrentHashMap.newKeySet();

    /// @param pinned called when a tool was pinned by its first use: policies know tools by their schemas
    public ToolPins(Journal journal, Checkpoint checkpoint, Known known, Runnable pinned) {
        this.journal = journal;
        this.checkpoint = checkpoint;
        this.known = known;
        this.scrutiny = new Scrutiny(checkpoint, known);
        this.pinned = pinned;
    }

    /// An approved tool.
    public record Pinned(ToolClass toolClass) {}

    /// That a server's definitions count as they are first seen. It confirms no class: that is what configuration says.
    public interface FirstUse {
        ToolClass classOf(String tool, Json definition);
    }

    /// What configuration says of servers.
    public interface Known {
        /// Those that it names.
        Set<String> servers();

        /// By which keys a server's definitions must be signed; empty: they need not be.
        Optional<Signature> signature(String server);
    }

    /// Meets a tool as its server describes it now.
    ///
    /// @param qualified  `server/tool`
    /// @param hash       of the whole definition
    /// @param definition kept for the operator to look at, when it was not seen before
    /// @param firstUse   empty: only what an operator approves counts
    /// @return what was approved; empty while this definition is not
    public Optional<Pinned> meet(
            Session session, String qualified, String hash, Json definition, Optional<FirstUse> firstUse) {
        int slash = qualified.indexOf('/');
        var it = new Definition(qualified.substring(0, slash), qualified.substring(slash + 1), definition);
        var pin = pin(it);
        boolean met = pin.isPresent() && pin.get().seen().equals(hash);
        if (!met || pin.get().isUsable() && !isSigned(it, hash)) pin = look(session, it, hash, firstUse);
        return pin.filter(at -> at.isUsable() && at.definition().equals(hash)).map(at -> new Pinned(at.toolClass()));
    }

    /// Looks at a definition because an operator asks: what became known since it was met counts, too.
    public void lookAgain(Session session, String server, String name, String hash, Json definition) {
        var it = new Definition(server, name, definition);
        if (pin(it).filter(at -> at.isUsable() || at.held().isPresent()).isEmpty())
            look(session, it, hash, Optional.empty());
    }

    private Optional<Pin> pin(Definition definition) {
        return journal.pins().of(definition.server(), definition.name());
    }

    /// One at a time: what is pinned by its first use is known to the next that is looked at.
    private synchronized Optional<Pin> look(Session session, Definition definition, String hash,
            Optional<FirstUse> firstUse) {
        var server = definition.server();
        var before = pin(definition);
        if (before.isEmpty() || !before.get().seen().equals(hash))
            journal.changed(Pins.seen(server, definition.name(), hash, definition.content(), definition.whole()));
        boolean approved = before.filter(it -> it.isApproved() && it.definition().equals(hash)).isPresent();
        var held = approved ? unsigned(definition) : scrutiny.of(definition, journal.pins().all());
        if (held.isPresent()) quarantine(session, definition, hash, held.get());
        else if (before.isEmpty() && firstUse.isPresent()) {
            var toolClass = firstUse.get().classOf(definition.name(), definition.whole());
            journal.changed(
                    Pins.approved(new Principal.House(), server, definition.name(), hash, toolClass, Optional.empty()));
            unsettled.set(true);
        }
        return pin(definition);
    }

    private void quarantine(Session session, Definition definition, String hash, Pins.Held held) {
        if (pin(definition).flatMap(Pin::held).equals(Optional.of(held))) return;
        for (var reason : held.why())
            checkpoint.saw(session, "server:" + definition.server(),
                    new Finding(reason.id(), Severity.HIGH, place(reason)));
        journal.changed(Pins.quarantined(definition.server(), definition.name(), hash, held));
    }

    private static String place(Reason reason) {
        return reason.text().startsWith("/") ? reason.text() : "";
    }

    // --- signatures -------------------------------------------------------------------------------------------------

    /// What was approved before keys were named needs their signature all the same.
    private boolean isSigned(Definition definition, String hash) {
        if (known.signature(definition.server()).isEmpty()) return true;
        var key = definition.server() + "/" + definition.name() + " " + hash;
        if (signed.contains(key)) return true;
        if (!scrutiny.unsigned(definition).isEmpty()) return false;
        if (signed.size() >= SIGNED_MAX) signed.clear();
        signed.add(key);
        return true;
    }

    private Optional<Pins.Held> unsigned(Definition definition) {
        var why = scrutiny.unsigned(definition).stream().map(it -> new Reason(it.rule(), "the whole of it")).toList();
        return why.isEmpty() ? Optional.empty() : Optional.of(new Pins.Held(PinState.SUSPECT, why));
    }

    /// Makes policy know what was pinned since; to be called before a call of it is judged.
    public void settle() {
        if (unsettled.getAndSet(false)) pinned.run();
    }

    // --- programs ---------------------------------------------------------------------------------------------------

    /// Meets the program of a server as it lies on this machine now.
    ///
    /// @param digest over all that is run
    /// @param about  what that is, for the operator to look at
    /// @return false where another one was approved: it must not be started
    public synchronized boolean mayStart(Session session, String server, String digest, Json about, boolean firstUse) {
        var pin = journal.pins().of(server, PROGRAM);
        if (pin.isEmpty() || !pin.get().seen().equals(digest))
            journal.changed(Pins.seen(server, PROGRAM, digest, "", about));
        if (pin.isEmpty() && firstUse)
            journal.changed(Pins.approved(
                    new Principal.House(), server, PROGRAM, digest, ToolClass.UNCONFIRMED, Optional.empty()));
        if (pin.isEmpty() || !pin.get().isApproved() || pin.get().definition().equals(digest)) return true;
        var why = new Reason(Scrutiny.CHANGED, "another program was approved for this server");
        var held = new Pins.Held(PinState.CHANGED, List.of(why));
        quarantine(session, new Definition(server, PROGRAM, about), digest, held);
        return false;
    }
}
