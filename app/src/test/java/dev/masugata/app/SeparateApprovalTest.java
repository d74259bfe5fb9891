package dev.masugata.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.app.config.ConfigFile;
import dev.masugata.app.config.Managed;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may approve, where the owner of the machine wants another person than the one a session is for.
class SeparateApprovalTest {
    private static final Principal.Operator ALICE = new Principal.Operator("alice");

    @TempDir
    Path base;

    private House house(Managed managed) throws Exception {
        var home = Home.of(Optional.of(Files.createTempDirectory(base, "home")));
        home.make();
        var installation = Files.createTempDirectory(base, "installed");
        return new House(home, ConfigFile.defaults().under(managed), ALICE, installation);
    }

    private static String held(House house, String user) {
        var agent = new Principal.Agent("coder", user, Set.of());
        var session = house.sessions.begin(ALICE, agent, "", Session.Kind.TOKEN, Json.EMPTY);
        var expires = house.clock.instant().plus(Duration.ofHours(1));
        var because = List.of(new Reason("hold-writes", "a write"));
        long held = house.ledger.append(new Event.Held(
                session.id(), agent.id(), 1, Action.Kind.TOOL_CALL, "files/write", "covers-" + user, "write it?",
                because, expires, Json.NULL));
        return "a-" + held;
    }

    private static Json.Obj answer(House house, String id, boolean approved) throws Refused {
        var request = Json.object("id", id).with("approved", Json.of(approved));
        return new ApprovalOrders(house, new KnownSessions(house)).answer(ALICE, request);
    }

    @Test
    void whoASessionIsForOnlyDeniesInIt() throws Exception {
        var managed = new Managed(Optional.of(Path.of("/etc/masugata/managed.yaml")), List.of(), true, List.of());
        try (var house = house(managed)) {
            var own = held(house, "alice");
            var refused = assertThrows(Refused.class, () -> answer(house, own, true));
            assertEquals(1, refused.code);
            assertTrue(String.valueOf(refused.getMessage()).contains("wants another person"), refused.getMessage());
            assertEquals("denied", answer(house, own, false).string("answer").orElseThrow());
            assertEquals("approved", answer(house, held(house, "bob"), true).string("answer").orElseThrow());
        }
    }

    @Test
    void withoutThatRuleTheyApprove() throws Exception {
        try (var house = house(Managed.NONE)) {
            assertEquals("approved", answer(house, held(house, "alice"), true).string("answer").orElseThrow());
        }
    }
}
