package dev.masugata.checkpoint;

import dev.masugata.ledger.Pins;
import dev.masugata.model.Action;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Which tools may be shown and called: those whose definition, word for word, an operator approved, or took over as it
/// was first seen by saying so beforehand.
public final class ToolPins {
    private final Journal journal;
    private final Checkpoint checkpoint;
    private final Runnable pinned;
    private final AtomicBoolean unsettled = new AtomicBoolean();

    /// @param pinned called when a tool was pinned by its first use: policies know tools by their schemas
    public ToolPins(Journal journal, Checkpoint checkpoint, Runnable pinned) {
        this.journal = journal;
        this.checkpoint = checkpoint;
        this.pinned = pinned;
    }

    /// An approved tool.
    public record Pinned(ToolClass toolClass) {}

    /// That a server's definitions count as they are first seen. It confirms no class: that is what configuration says.
    public interface FirstUse {
        ToolClass classOf(String tool, Json definition);
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
        var server = qualified.substring(0, slash);
        var tool = qualified.substring(slash + 1);
        var pin = journal.pins().of(server, tool);
        if (pin.isEmpty() || !pin.get().seen().equals(hash)) journal.changed(Pins.seen(server, tool, hash, definition));
        if (pin.isEmpty() && firstUse.isPresent() && isHarmless(server, definition)) {
            var toolClass = firstUse.get().classOf(tool, definition);
            journal.changed(Pins.approved(new Principal.House(), server, tool, hash, toolClass));
            unsettled.set(true);
            return Optional.of(new Pinned(toolClass));
        }
        return pin.filter(it -> it.isApproved() && it.definition().equals(hash)).map(it -> new Pinned(it.toolClass()));
    }

    /// Nothing serious was found in what the server says.
    private boolean isHarmless(String server, Json definition) {
        var lists = new Action.Message(Action.Kind.TOOL_LIST, server, "tools/list", Json.EMPTY);
        var said = new Action.Delivery(lists, Json.object("tools", new Json.Arr(List.of(definition))));
        return checkpoint.inspect(said).findings().stream()
                .noneMatch(it -> it.severity().compareTo(Severity.HIGH) >= 0);
    }

    /// Makes policy know what was pinned since; to be called before a call of it is judged.
    public void settle() {
        if (unsettled.getAndSet(false)) pinned.run();
    }
}
