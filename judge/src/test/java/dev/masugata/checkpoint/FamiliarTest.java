package dev.masugata.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FamiliarTest {
    private final Familiar familiar = new Familiar();

    private static Session session(String agent, Session.Kind kind) {
        return new Session("s-" + agent, new Principal.Agent(agent, "alice", Set.of()), "", kind);
    }

    private static Action call(String model) {
        var url = HttpUrl.of("https://provider.invalid/").orElseThrow();
        return new Action.ModelCall(
                "p", model, "chat", new Action.HttpRequest(url, "POST", List.of(), HttpBody.NONE), Map.of(),
                Action.ModelCall.Tokens.NONE);
    }

    private List<String> look(String agent, String model, String address) {
        return familiar.look(session(agent, Session.Kind.TOKEN), call(model), Circumstance.at(address)).stream()
                .map(Finding::rule).toList();
    }

    private void went(String agent, String model, String address) {
        familiar.went(session(agent, Session.Kind.TOKEN), call(model), Circumstance.at(address));
    }

    @Test
    void theFirstCallIsTheMeasure() {
        assertEquals(List.of(), look("a", "m", "192.0.2.1"));
        went("a", "m", "192.0.2.1");
        assertEquals(List.of(), look("a", "m", "192.0.2.1"));
        assertEquals(List.of("identity/new-model"), look("a", "n", "192.0.2.1"));
        assertEquals(List.of("identity/new-place"), look("a", "m", "192.0.2.2"));
        assertEquals(List.of("identity/new-place-and-model"), look("a", "n", "192.0.2.2"));
        // What was asked and did not go is not familiar.
        assertEquals(List.of("identity/new-place-and-model"), look("a", "n", "192.0.2.2"));
        assertEquals(List.of(), look("b", "n", "192.0.2.2"));
    }

    @Test
    void aRunIsAtItsPlace() {
        went("a", "m", "192.0.2.1");
        assertEquals(List.of(), familiar.look(session("a", Session.Kind.SEALED), call("n"), Circumstance.at("sealed")));
    }

    @Test
    void itsMemoryHasAnEnd() {
        for (int i = 0; i < Familiar.KNOWN_MAX + 10; i++) went("a", "m" + i, "10.0." + i / 250 + "." + i % 250);
        assertEquals(List.of("identity/new-place-and-model"), look("a", "m" + (Familiar.KNOWN_MAX + 5), "10.0.1.12"));
        for (int i = 0; i < Familiar.AGENTS_MAX + 5; i++) went("agent" + i, "m", "10.0.0.1");
        assertEquals(List.of(), look("agent" + (Familiar.AGENTS_MAX + 3), "n", "10.0.0.2"), "it has no measure");
    }
}
