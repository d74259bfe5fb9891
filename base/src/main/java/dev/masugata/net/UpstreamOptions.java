package dev.masugata.net;

import java.time.Duration;
import java.util.Optional;

/// How an [Upstream] behaves.
///
/// @param authorities certificates to trust instead of the system's, as PEM; certificates and host names are always
///     verified
/// @param perDestination connections to one destination (and pool) at once
/// @param connections in all at once
/// @param idle how long an unused connection is kept; below the 5 s after which a Node server closes its own
/// @param bodyBytes of one answer
/// @param headers of one answer
public record UpstreamOptions(
        Optional<byte[]> authorities,
        int perDestination,
        int connections,
        Duration idle,
        long bodyBytes,
        HeadLimits headers,
        Timeouts timeouts) {
    public static final int PER_DESTINATION = 256;
    public static final int CONNECTIONS = 2_048;
    public static final Duration IDLE = Duration.ofSeconds(4);
    public static final long BODY_BYTES = 4L * 1024 * 1024 * 1024;
    public static final HeadLimits HEADERS = new HeadLimits(8 * 1024, 64 * 1024, 200);

    /// Interim answers (1xx) before the real one.
    static final int INTERIM = 8;

    /// Addresses of one name that are tried.
    static final int ADDRESSES = 8;

    public static final UpstreamOptions DEFAULT = new UpstreamOptions(
            Optional.empty(), PER_DESTINATION, CONNECTIONS, IDLE, BODY_BYTES, HEADERS, Timeouts.DEFAULT);

    public UpstreamOptions {
        if (perDestination < 1 || connections < 1 || bodyBytes < 0 || !idle.isPositive())
            throw new IllegalArgumentException("each limit must be above zero");
    }

    public UpstreamOptions withAuthorities(byte[] pem) {
        return new UpstreamOptions(Optional.of(pem), perDestination, connections, idle, bodyBytes, headers, timeouts);
    }

    public UpstreamOptions withConnections(int each, int all) {
        return new UpstreamOptions(authorities, each, all, idle, bodyBytes, headers, timeouts);
    }

    public UpstreamOptions withIdle(Duration it) {
        return new UpstreamOptions(authorities, perDestination, connections, it, bodyBytes, headers, timeouts);
    }

    public UpstreamOptions withBodyBytes(long it) {
        return new UpstreamOptions(authorities, perDestination, connections, idle, it, headers, timeouts);
    }

    public UpstreamOptions withHeaders(HeadLimits it) {
        return new UpstreamOptions(authorities, perDestination, connections, idle, bodyBytes, it, timeouts);
    }

    public UpstreamOptions withTimeouts(Timeouts it) {
        return new UpstreamOptions(authorities, perDestination, connections, idle, bodyBytes, headers, it);
    }
}
