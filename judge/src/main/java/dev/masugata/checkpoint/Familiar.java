package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// From where each agent calls models, and which: a stolen token is used from a new place, for what its thief is after.
/// Known since this gate began; the first call of an agent is the measure for those after it.
final class Familiar {
    /// Addresses and models that are remembered of one agent, and agents in all.
    static final int KNOWN_MAX = 256;

    static final int AGENTS_MAX = 10_000;

    private record Known(Set<String> addresses, Set<String> models) {}

    private final Map<String, Known> agents = new HashMap<>();

    /// What is new about a call.
    synchronized List<Finding> look(Session session, Action action, Circumstance circumstance) {
        if (!(action instanceof Action.ModelCall call) || session.kind() == Session.Kind.SEALED || call.model()
                .isEmpty())
            return List.of();
        var known = agents.get(session.agent().name());
        if (known == null) return List.of();
        boolean place = !known.addresses.contains(circumstance.address());
        boolean model = !known.models.contains(call.target());
        if (place && model) return List.of(new Finding("identity/new-place-and-model", Severity.HIGH, ""));
        if (place) return List.of(new Finding("identity/new-place", Severity.LOW, ""));
        return model ? List.of(new Finding("identity/new-model", Severity.INFO, "")) : List.of();
    }

    /// It went: from here on it is known.
    synchronized void went(Session session, Action action, Circumstance circumstance) {
        if (!(action instanceof Action.ModelCall call) || session.kind() == Session.Kind.SEALED || call.model()
                .isEmpty())
            return;
        var known = agents.get(session.agent().name());
        if (known == null) {
            if (agents.size() >= AGENTS_MAX) return;
            agents.put(session.agent().name(), known = new Known(new HashSet<>(), new HashSet<>()));
        }
        if (known.addresses.size() < KNOWN_MAX) known.addresses.add(circumstance.address());
        if (known.models.size() < KNOWN_MAX) known.models.add(call.target());
    }
}
