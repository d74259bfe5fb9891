package dev.masugata.gates.egress;

import dev.masugata.checkpoint.Slot;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Session;
import dev.masugata.policy.HostRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What operators opened and lent beside the allow list of the configuration.
public interface Openings {
    /// Hosts opened for this session, now.
    List<HostRule> granted(Session session);

    /// The credential that belongs to a place, if one is configured for it.
    Optional<Lent> credential(HttpUrl url, String method);

    /// @param name      as configuration calls it
    /// @param headers   that it sets, in lower case; what a caller puts there is dropped
    /// @param parameter of the query that it sets; no caller may
    record Lent(String name, Set<String> headers, Optional<String> parameter, Slot slot) {}
}
