package dev.masugata.ledger;

import dev.masugata.model.Event;

/// What an entry's bytes say.
///
/// @param micros  the entry's time, in microseconds since 1970
/// @param event   with the payload that was given to the reader
/// @param payload the payload's keyed hash in hex; empty: there was none
record Recorded(long seq, long micros, Event event, String payload) {}
