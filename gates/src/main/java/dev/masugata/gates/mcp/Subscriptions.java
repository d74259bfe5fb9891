package dev.masugata.gates.mcp;

import dev.masugata.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Who of a session's clients wants to hear what its servers say on their own account.
final class Subscriptions {
    /// Listeners of one session at once: every conversation that is kept is one, and every stream of a modern client.
    static final int LISTENERS_MAX = 2_000;

    /// Hears what a server said. Must not block.
    interface Listener {
        void told(String server, String method, Json.Obj params);
    }

    private final Map<String, List<Listener>> bySession = new ConcurrentHashMap<>();

    /// @return what ends it; empty when the session has too many
    Optional<Runnable> add(String session, Listener listener) {
        var all = bySession.compute(session, (_, known) -> {
            var listeners = known == null ? new CopyOnWriteArrayList<Listener>() : known;
            if (listeners.size() < LISTENERS_MAX) listeners.add(listener);
            return listeners;
        });
        if (!all.contains(listener)) return Optional.empty();
        return Optional.of(() -> remove(session, listener));
    }

    private void remove(String session, Listener listener) {
        bySession.computeIfPresent(session, (_, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    void tell(String session, String server, String method, Json.Obj params) {
        for (var listener : bySession.getOrDefault(session, List.of())) listener.told(server, method, params);
    }
}
