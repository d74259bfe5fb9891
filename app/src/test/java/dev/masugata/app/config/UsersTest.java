package dev.masugata.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.model.Principal;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// An agent has no group that its user has not.
class UsersTest {
    private static final Users USERS = new Users(Map.of("alice", Set.of("hr", "all"), "bob", Set.of()));

    private static Set<String> bound(Users users, String user, String... groups) {
        return users.bound(new Principal.Agent("a", user, Set.of(groups))).groups();
    }

    @Test
    void theGroupsAreThoseOfBoth() {
        assertEquals(Set.of("hr"), bound(USERS, "alice", "hr", "engineering"));
        assertEquals(Set.of(), bound(USERS, "alice", "engineering"));
        assertEquals(Set.of(), bound(USERS, "bob", "hr"));
    }

    @Test
    void anAgentOfWhichNothingIsSaidActsWithItsUsers() {
        assertEquals(Set.of("hr", "all"), bound(USERS, "alice"));
    }

    @Test
    void aUserWhoIsNotListedWhereSomeAreHasNone() {
        assertEquals(Set.of(), bound(USERS, "mallory", "hr"));
        assertEquals(Set.of("hr"), bound(Users.NONE, "mallory", "hr"));
    }
}
