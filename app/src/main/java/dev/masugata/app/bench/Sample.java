package dev.masugata.app.bench;

/// What one stretch of load has shown.
///
/// @param seconds how long it took, until the last answer
/// @param nanos   the time of each call, ascending; at a fixed rate from when it should have been sent
/// @param failed  calls that were not answered as they should be; they are not among the others
/// @param fault   what was wrong with one of them; empty if none failed
record Sample(double seconds, long[] nanos, int failed, String fault) {
    int calls() {
        return nanos.length;
    }

    double rate() {
        return calls() / seconds;
    }

    /// Milliseconds that so many of a hundred calls took at most.
    double millis(double percent) {
        if (nanos.length == 0) return Double.NaN;
        return nanos[(int) Math.min(nanos.length - 1, nanos.length * percent / 100)] / 1e6;
    }
}
