package dev.masugata.checkpoint;

import java.time.Duration;

/// The checkpoint's limits.
///
/// @param judging      inspection and policy together; past it the action is denied
/// @param permitLife   from the decision to the first byte
/// @param holdExpiry   how long an approval may be waited for; then it counts as denied
/// @param holdsOpenMax approvals that wait in one session at once
/// @param payloadBytesMax what is kept of one action's content in the record
public record Settings(Duration judging, Duration permitLife, Duration holdExpiry, int holdsOpenMax, int payloadBytesMax) {
    public static final Settings DEFAULT =
            new Settings(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofHours(1), 3, 64 * 1024);
}
