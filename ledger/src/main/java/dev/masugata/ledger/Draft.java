package dev.masugata.ledger;

/// An entry's bytes without what only the writer knows, and the places where it puts that in: the number of the
/// group's first entry (where the event refers to it), the entry's own number, its time.
///
/// @param refAt -1: it does not refer to its group's first entry
record Draft(byte[] bytes, int refAt, int seqAt, int timeAt) {

    byte[] finish(long first, long seq, byte[] stamp) {
        int refDigits = refAt < 0 ? 0 : digits(first);
        int seqDigits = digits(seq);
        var entry = new byte[bytes.length + refDigits + seqDigits + stamp.length];
        int at = 0;
        int from = 0;
        if (refAt >= 0) {
            System.arraycopy(bytes, 0, entry, 0, refAt);
            at = number(first, refDigits, entry, refAt);
            from = refAt;
        }
        System.arraycopy(bytes, from, entry, at, seqAt - from);
        at = number(seq, seqDigits, entry, at + seqAt - from);
        System.arraycopy(bytes, seqAt, entry, at, timeAt - seqAt);
        at += timeAt - seqAt;
        System.arraycopy(stamp, 0, entry, at, stamp.length);
        at += stamp.length;
        System.arraycopy(bytes, timeAt, entry, at, bytes.length - timeAt);
        return entry;
    }

    /// Writes a number, and says where it ends.
    private static int number(long number, int digits, byte[] into, int at) {
        for (int i = at + digits - 1; i >= at; i--, number /= 10) into[i] = (byte) ('0' + number % 10);
        return at + digits;
    }

    private static int digits(long number) {
        int digits = 1;
        for (; number >= 10; number /= 10) digits++;
        return digits;
    }
}
