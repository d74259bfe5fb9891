package dev.masugata.ledger;

import java.util.List;
import java.util.Optional;

/// What a look at the whole record found.
///
/// @param events     entries that were ever recorded
/// @param dropped    of these, those that retention dropped; their hashes remain
/// @param erased     payloads that were erased or dropped
/// @param unsigned   the last entries that no checkpoint on disk covers yet: none after an orderly stop
/// @param checkpoint the signed checkpoint over all entries if nothing is wrong, else that of the head file
/// @param anchored   true if somebody outside of this machine has witnessed a checkpoint
/// @param tagged     false if the key outside the database could not be read, so that forged events could not be told
/// @param bad        what is wrong, that of the lowest entry first, at the end what belongs to no entry; at most
///                   [#MOST]
public record VerifyReport(
        long events, long dropped, long erased, long unsigned, String checkpoint, boolean anchored, boolean tagged,
        List<Bad> bad) {

    /// Faults that are listed.
    public static final int MOST = 100;

    public VerifyReport {
        bad = List.copyOf(bad);
    }

    /// Something that is not as it was recorded.
    ///
    /// @param seq      the entry; where a fault cannot be laid to one entry, the last of those among which it lies;
    ///                 0: to none
    /// @param what     which part of it
    /// @param expected what the record, or the key, demands
    /// @param found    what is there
    public record Bad(long seq, String what, String expected, String found) {
        private static final int LONGEST = 200;

        public Bad {
            expected = shorten(expected);
            found = shorten(found);
        }

        private static String shorten(String text) {
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        }

        @Override
        public String toString() {
            var where = seq == 0 ? "" : "entry " + seq + ": ";
            return where + what + ": expected `" + expected + "`, found `" + found + "`";
        }
    }

    public boolean holds() {
        return bad.isEmpty();
    }

    /// What is wrong at the lowest entry.
    public Optional<Bad> first() {
        return bad.stream().findFirst();
    }
}
