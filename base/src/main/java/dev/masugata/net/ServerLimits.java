package dev.masugata.net;

import java.time.Duration;

/// What one server takes from its clients.
///
/// @param bodyBytes of one request, whatever a handler would take; more is 413
/// @param head time for a request's head, from its first byte (or the connection) to its end; then 408
/// @param idle time a connection may wait for its next request
/// @param pace how slowly a request's body may come; then 408
/// @param stall time a client may take nothing of an answer; then it is cut
/// @param connections open at once; more are closed unheard
/// @param perAddress of these from one address (IPv6: one /64)
public record ServerLimits(
        HeadLimits headers,
        long bodyBytes,
        Duration head,
        Duration idle,
        Pace pace,
        Duration stall,
        int connections,
        int perAddress) {
    public static final long BODY_BYTES = 64L * 1024 * 1024;
    public static final Duration HEAD = Duration.ofSeconds(10);
    public static final Duration IDLE = Duration.ofSeconds(75);
    public static final Duration STALL = Duration.ofSeconds(60);
    public static final Pace PACE = new Pace(Duration.ofSeconds(30), Duration.ofSeconds(30), 1024);
    public static final int CONNECTIONS = 8_192;
    public static final int PER_ADDRESS = 4_096;

    /// How long a client may still send after the last words of a connection that closes.
    static final Duration LINGER = Duration.ofSeconds(1);

    public static final ServerLimits DEFAULT =
            new ServerLimits(HeadLimits.DEFAULT, BODY_BYTES, HEAD, IDLE, PACE, STALL, CONNECTIONS, PER_ADDRESS);

    public ServerLimits {
        if (bodyBytes < 0 || !head.isPositive() || !idle.isPositive() || !stall.isPositive())
            throw new IllegalArgumentException("each time limit must be above zero");
        if (connections < 1 || perAddress < 1) throw new IllegalArgumentException("at least one connection is needed");
    }

    public ServerLimits withHeaders(HeadLimits it) {
        return new ServerLimits(it, bodyBytes, head, idle, pace, stall, connections, perAddress);
    }

    public ServerLimits withBodyBytes(long it) {
        return new ServerLimits(headers, it, head, idle, pace, stall, connections, perAddress);
    }

    public ServerLimits withHead(Duration it) {
        return new ServerLimits(headers, bodyBytes, it, idle, pace, stall, connections, perAddress);
    }

    public ServerLimits withIdle(Duration it) {
        return new ServerLimits(headers, bodyBytes, head, it, pace, stall, connections, perAddress);
    }

    public ServerLimits withPace(Pace it) {
        return new ServerLimits(headers, bodyBytes, head, idle, it, stall, connections, perAddress);
    }

    public ServerLimits withStall(Duration it) {
        return new ServerLimits(headers, bodyBytes, head, idle, pace, it, connections, perAddress);
    }

    public ServerLimits withConnections(int most, int mostPerAddress) {
        return new ServerLimits(headers, bodyBytes, head, idle, pace, stall, most, mostPerAddress);
    }
}
