package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.model.Action;
import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A member's name may be a secret itself: then no place in the record names it, and two of them stay two members.
class RecordedPlacesTest {
    private static Finding at(String place, String rule) {
        return new Finding(rule, Severity.HIGH, place, 0, 3, "f");
    }

    @Test
    void aSecretNameIsInNoPlace() {
        var seen = Inspection.of(List.of(
                at("/k/KEY1#", "secret/word"), at("/k/KEY1/text", "injection/word"), at("/k/other", "injection/word")));
        assertEquals(
                List.of("/k/[masked]#", "/k/[masked]/text", "/k/other"),
                seen.forTheRecord().stream().map(Finding::place).toList());
        var harmless = Inspection.of(List.of(at("/k/name#", "hidden/tags")));
        assertEquals(harmless.findings(), harmless.forTheRecord());
    }

    @Test
    void twoCoveredNamesStayTwoMembers() {
        var asked = new Action.Message(Action.Kind.TOOL_CALL, "s", "tools/call", Json.EMPTY);
        var message = Json.object("KEY", "one").with("YEK", "two");
        var findings = List.of(at("/KEY#", "secret/word"), at("/YEK#", "secret/word"));
        var covered = (Action.Delivery) Redaction.of(new Action.Delivery(asked, message), findings, Set.of("secret"),
                Set.of());
        assertEquals(List.of("one", "two"), covered.message().members().values().stream()
                .map(it -> ((Json.Str) it).value()).toList());
    }
}
