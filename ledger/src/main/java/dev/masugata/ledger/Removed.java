package dev.masugata.ledger;

import java.util.List;

/// What an erasure or a retention did.
///
/// @param seqs        the entries that record it; empty: there was nothing to do
/// @param count       payloads erased, or entries dropped
/// @param overwritten false if somebody was reading for so long that the database's log still holds copies; it is
///                    emptied at the next removal or stop
public record Removed(List<Long> seqs, long count, boolean overwritten) {
    public Removed {
        seqs = List.copyOf(seqs);
    }
}
