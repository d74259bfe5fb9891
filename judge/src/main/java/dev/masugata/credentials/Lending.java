package dev.masugata.credentials;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which credential fills the slot of requests to one server, and for whom.
public sealed interface Lending {
    /// Requests carry none.
    record Nothing() implements Lending {}

    /// The same for every caller.
    record Everybodys(Credential credential) implements Lending {}

    /// That of the caller's group: the server sees each department as itself.
    record ByGroup(Map<String, Credential> credentials) implements Lending {
        public ByGroup {
            credentials = Map.copyOf(credentials);
            if (credentials.isEmpty()) throw new IllegalArgumentException("a map of groups names one at least");
        }
    }

    /// How it came out for one caller.
    sealed interface Choice {
        /// @param credential empty: the request carries none
        /// @param groups     for which it was chosen; empty where it is everybody's
        record Lent(Optional<Credential> credential, Set<String> groups) implements Choice {
            public Lent {
                groups = Set.copyOf(groups);
            }
        }

        /// There is not exactly one: nobody could say in whose name the request would be.
        record Unclear(String why) implements Choice {}
    }

    /// What is lent to a caller.
    ///
    /// @param groups what the caller belongs to, its agent and its user alike
    default Choice to(Set<String> groups) {
        return switch (this) {
            case Nothing _ -> new Choice.Lent(Optional.empty(), Set.of());
            case Everybodys(var credential) -> new Choice.Lent(Optional.of(credential), Set.of());
            case ByGroup(var credentials) -> chosen(credentials, groups);
        };
    }

    private static Choice chosen(Map<String, Credential> credentials, Set<String> groups) {
        var matching = new TreeSet<>(groups);
        matching.retainAll(credentials.keySet());
        var distinct = matching.stream().map(credentials::get).collect(Collectors.toSet());
        return switch (distinct.size()) {
            case 0 -> new Choice.Unclear("none of the caller's groups has a credential for it");
            case 1 -> new Choice.Lent(Optional.of(distinct.iterator().next()), matching);
            default -> new Choice.Unclear("the caller's groups " + String.join(", ", matching)
                    + " have different credentials for it");
        };
    }
}
