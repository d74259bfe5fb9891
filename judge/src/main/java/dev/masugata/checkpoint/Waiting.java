package dev.masugata.checkpoint;

import java.time.Duration;

/// How long a caller will wait for a person, and how it is kept informed meanwhile.
///
/// @param patience zero: not at all
/// @param pulse    told about every five seconds while waiting; it may throw when the caller has gone
public record Waiting(Duration patience, Pulse pulse) {
    public static final Waiting NONE = new Waiting(Duration.ZERO, (_, _) -> {});

    /// A sign of life for the caller.
    public interface Pulse {
        /// @param approval the approval that is waited for
        void beat(String approval, Duration waited);
    }
}
