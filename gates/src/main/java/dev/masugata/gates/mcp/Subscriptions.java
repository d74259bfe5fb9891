package dev.masugata.gates.mcp;

import dev.masugata.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Who of a session's clients wants to hear what its servers say on their own account.
final class Subscriptions {
    /// Listeners of one session at once.
    static final int LISTENERS_MAX = 1_000;

    /// Hears what a server said. Must not block.
    interface Listener {
        void told(String server, String method, Json.Obj params);
    }

    private final Map<String, List<Listener>> bySession = new ConcurrentHashMap<>();

    /// @return what ends it
    /// @throws IllegalStateException when the session has too many
    Runnable add(String session, Listener listener) {
        bySession.compute(session, (_, known) -> {
            var all = known == null ? new CopyOnWriteArrayList<Listener>() : known;
            if (all.size() >= LISTENERS_MAX) throw new IllegalStateException("too many listeners in one session");
            all.add(listener);
            return all;
        });
        return () -> bySession.computeIfPresent(session, (_, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    boolean isHeard(String session) {
        return bySession.containsKey(session);
    }

    void tell(String session, String server, String method, Json.Obj params) {
        for (var listener : bySession.getOrDefault(session, List.of())) listener.told(server, method, params);
    }
}
