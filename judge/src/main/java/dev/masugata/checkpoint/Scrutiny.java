package dev.masugata.checkpoint;

import dev.masugata.definition.Check;
import dev.masugata.definition.Claims;
import dev.masugata.definition.Covered;
import dev.masugata.definition.Definition;
import dev.masugata.definition.Likeness;
import dev.masugata.definition.Structure;
import dev.masugata.ledger.PinState;
import dev.masugata.ledger.Pins;
import dev.masugata.ledger.Pins.Pin;
import dev.masugata.model.Action;
import dev.masugata.model.Finding;
import dev.masugata.model.Reason;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at a definition that nobody approved: what it was before, whose it looks like, and what the four checks find.
final class Scrutiny {
    /// Reasons kept of one definition; the findings are all on record.
    static final int REASONS_MAX = 16;

    static final String CHANGED = "pin/changed";
    static final String RENAMED = "pin/renamed";

    private final Checkpoint checkpoint;
    private final ToolPins.Known known;
    private final Likeness likeness = new Likeness();
    private final List<Check> checks;

    Scrutiny(Checkpoint checkpoint, ToolPins.Known known) {
        this.checkpoint = checkpoint;
        this.known = known;
        this.checks = List.of(new Structure(), new Covered(), this::inspected, new Claims(), this::unsigned);
    }

    /// Why it is held back; empty if nothing is found.
    ///
    /// @param pins all that there are
    Optional<Pins.Held> of(Definition definition, List<Pin> pins) {
        var why = new ArrayList<Reason>();
        var state = PinState.NEW;
        if (findings(definition, why)) state = PinState.SUSPECT;
        if (why.addAll(renamed(definition, pins))) state = PinState.RENAMED;
        boolean changed = isApproved(definition, pins);
        if (why.addAll(alike(definition, pins, changed))) state = PinState.SHADOWS;
        if (changed) {
            why.add(new Reason(CHANGED, "another definition was approved under this name"));
            state = PinState.CHANGED;
        }
        // What it is comes first, then what was seen in it.
        var first = why.reversed().stream().distinct().limit(REASONS_MAX).toList();
        return state.isQuarantined() ? Optional.of(new Pins.Held(state, first)) : Optional.empty();
    }

    private static boolean isApproved(Definition definition, List<Pin> pins) {
        var name = definition.server() + "/" + definition.name();
        return pins.stream().anyMatch(it -> it.isApproved() && it.name().equals(name));
    }

    /// @param approved that its name is another's, too, was known when the one before was approved
    private List<Reason> alike(Definition definition, List<Pin> pins, boolean approved) {
        if (!definition.isTool()) return List.of();
        return likeness.of(definition, others(definition, pins), own(definition, pins)).stream()
                .filter(it -> !approved || !it.id().equals(Likeness.SAME_NAME))
                .toList();
    }

    private boolean findings(Definition definition, List<Reason> why) {
        return why.addAll(checks.stream()
                .flatMap(it -> it.check(definition).stream())
                .filter(it -> it.severity().compareTo(Severity.MEDIUM) >= 0)
                .map(it -> new Reason(it.rule(), it.place().isEmpty() ? "the whole of it" : it.place()))
                .toList()
                .reversed());
    }

    /// What the inspectors see in it.
    private List<Finding> inspected(Definition definition) {
        var lists = new Action.Message(Action.Kind.TOOL_LIST, definition.server(), "tools/list", Json.EMPTY);
        var said = new Action.Delivery(lists, Json.object("tools", new Json.Arr(List.of(definition.whole()))));
        return checkpoint.inspect(said).forTheRecord().stream()
                .map(it -> new Finding(it.rule(), it.severity(), it.place().replaceFirst("^/tools/0", "")))
                .toList();
    }

    /// Where the operator named keys, what they did not sign.
    List<Finding> unsigned(Definition definition) {
        return known.signature(definition.server()).map(it -> it.check(definition)).orElse(List.of());
    }

    /// The same content under another name: of what was approved, taken back, or held back.
    private static List<Reason> renamed(Definition definition, List<Pin> pins) {
        var content = definition.content();
        if (content.isEmpty()) return List.of();
        return pins.stream()
                .filter(it -> !it.tool().equals(definition.name()))
                .filter(it -> it.isApproved() && it.content().equals(content) || isRefused(it) && it.seenContent()
                        .equals(content))
                .map(it -> new Reason(RENAMED, "`" + it.name() + "` said the same under another name"))
                .toList();
    }

    private static boolean isRefused(Pin pin) {
        return pin.held().isPresent() || !pin.isApproved() && !pin.by().isEmpty();
    }

    /// What it may speak of: tools of its own server that somebody approved. One that only has the name of another's
    /// does not make the name its own.
    private static Set<String> own(Definition definition, List<Pin> pins) {
        return pins.stream()
                .filter(it -> it.isApproved() && it.server().equals(definition.server()))
                .map(Pin::tool)
                .collect(Collectors.toSet());
    }

    /// The tools of the other servers. Who was held back for passing as another makes nobody else its copy.
    private List<Likeness.Other> others(Definition definition, List<Pin> pins) {
        var servers = known.servers();
        return pins.stream()
                .filter(it -> it.isTool() && servers.contains(it.server()) && !it.server().equals(definition.server()))
                .filter(it -> it.isApproved() || it.state() != PinState.SHADOWS && it.state() != PinState.RENAMED)
                .map(it -> new Likeness.Other(it.server(), it.tool()))
                .toList();
    }
}
