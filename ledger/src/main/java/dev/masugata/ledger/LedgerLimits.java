package dev.masugata.ledger;

import java.time.Duration;

/// How much the ledger takes.
///
/// @param maxBytes      size of the database file; at it nothing more is written
/// @param operatorBytes of `maxBytes`, what only operators' and the house's events may use
/// @param reserveBytes  disk space put aside, given back when the disk is full so that operators' events still go in
/// @param sessionEvents events that one session may record; outside of sessions, one principal in a day
/// @param sessionBytes  bytes of entries and payloads, likewise
/// @param sessionAtOnce events of one session that may wait to be written
/// @param batchEvents   events written with one fsync
/// @param headEvery     checkpoints are signed no oftener, but at the stop and on request
public record LedgerLimits(
        long maxBytes, long operatorBytes, long reserveBytes, long sessionEvents, long sessionBytes, int sessionAtOnce,
        int batchEvents, Duration headEvery) {

    /// Bytes of one entry: C2SP tlog-tiles writes an entry's length in 16 bits.
    public static final int ENTRY_BYTES = 65_535;
    /// Bytes of one payload.
    public static final int PAYLOAD_BYTES = 8 * 1024 * 1024;
    /// Events that can be recorded as one group.
    public static final int GROUP_EVENTS = 500;
    /// Appends of all callers that may wait to be written; who comes later waits for room.
    public static final int QUEUE = 8192;

    private static final long MIB = 1024 * 1024;

    public static final LedgerLimits DEFAULT = new LedgerLimits(
            64 * 1024 * MIB, 16 * MIB, 8 * MIB, 1_000_000, 1024 * MIB, 1024, 500, Duration.ofSeconds(1));

    public LedgerLimits {
        if (maxBytes < MIB || operatorBytes < 0 || operatorBytes >= maxBytes || reserveBytes < 0)
            throw new IllegalArgumentException("a ledger has at least 1 MiB, and more than its operators' part");
        if (sessionEvents < 1 || sessionBytes < 1 || sessionAtOnce < 1 || batchEvents < 1)
            throw new IllegalArgumentException("each limit must be at least 1");
    }

    public LedgerLimits withSize(long most, long forOperators, long reserve) {
        return new LedgerLimits(
                most, forOperators, reserve, sessionEvents, sessionBytes, sessionAtOnce, batchEvents, headEvery);
    }

    public LedgerLimits withSession(long events, long bytes, int atOnce) {
        return new LedgerLimits(
                maxBytes, operatorBytes, reserveBytes, events, bytes, atOnce, batchEvents, headEvery);
    }

    public LedgerLimits withBatch(int events) {
        return new LedgerLimits(
                maxBytes, operatorBytes, reserveBytes, sessionEvents, sessionBytes, sessionAtOnce, events, headEvery);
    }

    public LedgerLimits withHeadEvery(Duration every) {
        return new LedgerLimits(
                maxBytes, operatorBytes, reserveBytes, sessionEvents, sessionBytes, sessionAtOnce, batchEvents, every);
    }
}
