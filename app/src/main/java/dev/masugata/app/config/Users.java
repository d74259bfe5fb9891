package dev.masugata.app.config;

import dev.masugata.model.Principal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What groups users belong to. An agent never has more than its user.
///
/// @param groups by user; empty: nothing is said of any, and what an agent's entry says counts alone
public record Users(Map<String, Set<String>> groups) {
    /// Nothing is said of any user.
    public static final Users NONE = new Users(Map.of());

    public Users {
        groups = Map.copyOf(groups);
    }

    /// The agent with the rights it has together with its user: the groups of both. An agent of which nothing is said
    /// acts with its user's; a user that is not listed, where some are, has none.
    public Principal.Agent bound(Principal.Agent agent) {
        if (groups.isEmpty()) return agent;
        var both = new HashSet<>(groups.getOrDefault(agent.user(), Set.of()));
        if (!agent.groups().isEmpty()) both.retainAll(agent.groups());
        return new Principal.Agent(agent.name(), agent.user(), both);
    }
}
