package dev.masugata.app;

import dev.masugata.app.config.ConfigFile;
import dev.masugata.definition.Likeness;
import dev.masugata.ledger.PinState;
import dev.masugata.ledger.Pins.Pin;
import dev.masugata.model.Reason;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What an operator wants approved.
///
/// @param name   `SERVER` or `SERVER/TOOL`
/// @param anyway although something speaks against it
/// @param review when somebody is to look again; empty: never
/// @param isReview true if the operator said so, and not configuration
/// @param shown  what the operator was shown of what is quarantined: the hash of each definition, by its name
record ApproveOrder(
        String name, boolean anyway, Optional<ToolClass> toolClass, Optional<Instant> review, boolean isReview,
        Map<String, String> shown) {

    static ApproveOrder of(Json.Obj request, Instant now, Optional<Duration> reviewed) {
        var said = request.string("reviewIn").flatMap(ConfigFile::duration);
        var shown = new LinkedHashMap<String, String>();
        request.object("shown").members().forEach((tool, hash) -> {
            if (hash instanceof Json.Str(var text, _)) shown.put(tool, text);
        });
        return new ApproveOrder(
                request.string("name").orElse(""),
                request.isTrue("anyway"),
                request.string("class").flatMap(ConfigFile::toolClass),
                said.or(() -> reviewed).map(now::plus),
                said.isPresent(),
                Map.copyOf(shown));
    }

    String server() {
        return isNamed() ? name.substring(0, name.indexOf('/')) : name;
    }

    /// True for one tool.
    private boolean isNamed() {
        return name.contains("/");
    }

    boolean means(Pin pin) {
        return isNamed() ? pin.name().equals(name) : pin.server().equals(name);
    }

    boolean wasShown(Pin pin) {
        return pin.seen().equals(shown.get(pin.name()));
    }

    /// Why it is not approved although it was shown. What passes for another must be meant, not be among others; what
    /// is not signed as configuration demands is not approved at all.
    Optional<String> refuses(Pin pin) {
        if (pin.held().isEmpty()) return Optional.empty();
        var why = pin.held().get().why();
        if (why.stream().anyMatch(it -> it.id().startsWith("signature/")))
            return Optional.of("`" + pin.name() + "` is not signed by a key of `mcp.servers." + pin.server()
                    + ".signed`");
        boolean passesAsAnother = pin.state() == PinState.RENAMED
                || why.stream()
                        .anyMatch(it -> it.id().equals(Likeness.LOOK_ALIKE) || it.id().equals(Likeness.NAMES_ANOTHER));
        if (!passesAsAnother || isNamed() || anyway) return Optional.empty();
        return Optional.of("`" + pin.name() + "` is held back: " + why.stream().map(Reason::text)
                .collect(Collectors.joining("; "))
                + "; to approve it, name it: masugata tools approve " + pin.name());
    }
}
