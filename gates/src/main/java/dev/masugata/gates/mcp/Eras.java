package dev.masugata.gates.mcp;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// In which way each server was found to speak. It is a property of the server, so it is asked once (MCP 2026-07-28,
/// Versioning).
final class Eras {
    enum Era {
        UNKNOWN,
        /// Every request by itself: 2026-07-28 and later.
        MODERN,
        /// With a handshake: 2024-11-05 to 2025-11-25.
        LEGACY,
        /// With a handshake, over HTTP with a stream of events beside it: 2024-11-05.
        SSE
    }

    private final Map<String, Era> known = new ConcurrentHashMap<>();

    Era of(String server) {
        return known.getOrDefault(server, Era.UNKNOWN);
    }

    void learn(String server, Era era) {
        known.put(server, era);
    }

    void forget(String server) {
        known.remove(server);
    }
}
