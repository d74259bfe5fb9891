package dev.masugata.ledger;

import dev.masugata.model.Event;
import java.time.Instant;

/// An event in its place in the record.
///
/// @param seq   from 1 on, without gaps
/// @param time  never before that of the entry ahead; microseconds count
/// @param event with its payload, if that is [Payload#KEPT]; else [dev.masugata.wire.Json#NULL] stands for it
public record Entry(long seq, Instant time, Event event, Payload payload) {}
