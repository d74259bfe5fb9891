package dev.masugata.net;

import java.time.Duration;

/// How long a call may take.
///
/// @param connect from asking for a connection to having one, with name, dial and handshake
/// @param head from having sent the head to having that of the answer
/// @param stall between two parts of the answer, and while the other side takes nothing of the request
/// @param total of everything, the answer's body included
public record Timeouts(Duration connect, Duration head, Duration stall, Duration total) {
    public static final Duration CONNECT = Duration.ofSeconds(10);
    public static final Duration HEAD = Duration.ofMinutes(5);
    public static final Duration STALL = Duration.ofMinutes(2);
    public static final Duration TOTAL = Duration.ofHours(1);

    public static final Timeouts DEFAULT = new Timeouts(CONNECT, HEAD, STALL, TOTAL);

    public Timeouts {
        if (!connect.isPositive() || !head.isPositive() || !stall.isPositive() || !total.isPositive())
            throw new IllegalArgumentException("each timeout must be above zero");
    }

    public Timeouts withTotal(Duration it) {
        return new Timeouts(connect, head, stall, it);
    }

    public Timeouts withStall(Duration it) {
        return new Timeouts(connect, head, it, total);
    }
}
