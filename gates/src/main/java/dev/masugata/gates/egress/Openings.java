package dev.masugata.gates.egress;

import dev.masugata.checkpoint.Slot;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Session;
import dev.masugata.policy.HostRule;
import java.util.List;
import java.util.Optional;

/// What operators opened and lent beside the allow list of the configuration.
public interface Openings {
    /// Hosts opened for this session, now.
    List<HostRule> granted(Session session);

    /// The credential that belongs to a place, if one is configured for it.
    Optional<Lent> credential(HttpUrl url, String method);

    /// @param name   as configuration calls it
    /// @param header where it goes, in lower case
    record Lent(String name, String header, Slot slot) {}
}
