package dev.masugata.checkpoint;

import dev.masugata.ledger.Pins;
import dev.masugata.model.Session;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.util.Optional;

/// Which tools may be shown and called: those whose definition, word for word, an operator approved.
public final class ToolPins {
    private final Journal journal;

    public ToolPins(Journal journal) {
        this.journal = journal;
    }

    /// An approved tool.
    public record Pinned(ToolClass toolClass) {}

    /// Meets a tool as its server describes it now.
    ///
    /// @param qualified  `server/tool`
    /// @param hash       of the whole definition
    /// @param definition kept for the operator to look at, when it was not seen before
    /// @return what was approved; empty while this definition is not
    public Optional<Pinned> meet(Session session, String qualified, String hash, Json definition) {
        int slash = qualified.indexOf('/');
        var server = qualified.substring(0, slash);
        var tool = qualified.substring(slash + 1);
        var pin = journal.pins().of(server, tool);
        if (pin.isEmpty() || !pin.get().seen().equals(hash)) journal.changed(Pins.seen(server, tool, hash, definition));
        return pin.filter(it -> it.isApproved() && it.definition().equals(hash)).map(it -> new Pinned(it.toolClass()));
    }
}
