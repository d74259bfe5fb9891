package dev.masugata.gates.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.masugata.gates.mcp.RequestStates.Rest;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestStatesTest {
    private final RequestStates states = new RequestStates(new SecureRandom());

    private static Session session(String id, String agent, String user) {
        return new Session(id, new Principal.Agent(agent, user, Set.of()), "", Session.Kind.TOKEN);
    }

    private static final Session ALICES = session("s-1", "coder", "alice");
    private static final Rest SERVERS = new Rest.Servers(Optional.of("theirs"));

    private String sealed() {
        return states.seal(ALICES, "files", "digest", SERVERS);
    }

    @Test
    void opensForItsRequestOnce() {
        var state = sealed();
        assertEquals(Optional.of(SERVERS), states.open(ALICES, "files", "digest", state));
        assertEquals(Optional.empty(), states.open(ALICES, "files", "digest", state));
    }

    @Test
    void opensForNobodyAndNothingElse() {
        var state = sealed();
        assertEquals(Optional.empty(), states.open(session("s-2", "coder", "alice"), "files", "digest", state));
        assertEquals(Optional.empty(), states.open(session("s-1", "other", "alice"), "files", "digest", state));
        assertEquals(Optional.empty(), states.open(session("s-1", "coder", "bob"), "files", "digest", state));
        assertEquals(Optional.empty(), states.open(ALICES, "mail", "digest", state));
        assertEquals(Optional.empty(), states.open(ALICES, "files", "another", state));
        // Whoever tries in vain takes nothing from whom it is for.
        assertEquals(Optional.of(SERVERS), states.open(ALICES, "files", "digest", state));
    }

    @Test
    void opensNothingThatWasChangedOrMadeUp() {
        var state = sealed();
        for (int i = 0; i < state.length(); i++) {
            char other = state.charAt(i) == 'A' ? 'B' : 'A';
            var changed = state.substring(0, i) + other + state.substring(i + 1);
            // The last character may hold bits that belong to no byte.
            if (i < state.length() - 1)
                assertEquals(Optional.empty(), states.open(ALICES, "files", "digest", changed), "at " + i);
        }
        for (var made : new String[] {"", "A", "no state at all", "%%%"})
            assertEquals(Optional.empty(), states.open(ALICES, "files", "digest", made));
        var foreign = new RequestStates(new SecureRandom()).seal(ALICES, "files", "digest", SERVERS);
        assertEquals(Optional.empty(), states.open(ALICES, "files", "digest", foreign));
    }

    @Test
    void saysNothingOfWhatItHolds() {
        assertNotEquals(sealed(), sealed());
    }

    @Test
    void anEndedSessionHasNone() {
        var state = sealed();
        states.end("s-1");
        assertEquals(Optional.empty(), states.open(ALICES, "files", "digest", state));
    }

    @Test
    void theOldestOfASessionGoFirst() {
        var all = new ArrayList<String>();
        for (int i = 0; i <= RequestStates.SESSION_MAX; i++) all.add(sealed());
        assertEquals(Optional.empty(), states.open(ALICES, "files", "digest", all.getFirst()));
        assertEquals(Optional.of(SERVERS), states.open(ALICES, "files", "digest", all.get(1)));
        assertEquals(Optional.of(SERVERS), states.open(ALICES, "files", "digest", all.getLast()));
    }
}
