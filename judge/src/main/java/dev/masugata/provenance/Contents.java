package dev.masugata.provenance;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What others said in a session, oldest first, so kept that a value is looked for in thousands of texts without
/// reading them.
///
/// Not safe for several threads; [Provenance] guards it.
final class Contents {
    private @Nullable Span[] spans = new Span[16];
    /// Of each span the letters of all its readings.
    private long[] letters = new long[16];
    private int from;
    private int to;
    private int trusted;
    private int confidential;
    private int suspicious;

    void addLast(Span span) {
        if (to == spans.length) makeRoom();
        spans[to] = span;
        letters[to++] = span.letters();
        count(span, 1);
    }

    Span removeFirst() {
        var gone = at(0);
        spans[from++] = null;
        count(gone, -1);
        return gone;
    }

    private void count(Span span, int by) {
        if (span.source().integrity().isPositive()) trusted += by;
        if (span.source().isConfidential()) confidential += by;
        if (span.suspicious()) suspicious += by;
    }

    /// Moves what is left to the front, into twice the room where half of it is in use.
    private void makeRoom() {
        int size = size();
        int room = 2 * size > spans.length ? 2 * spans.length : spans.length;
        spans = Arrays.copyOf(Arrays.copyOfRange(spans, from, to), room);
        letters = Arrays.copyOf(Arrays.copyOfRange(letters, from, to), room);
        from = 0;
        to = size;
    }

    int size() {
        return to - from;
    }

    /// The place of the next span that may hold one of some pieces, by their letters.
    ///
    /// @param after a place that this gave before, or -1
    /// @param any   the letters of each piece
    /// @return -1 when there is none
    int next(int after, long[] any) {
        for (int at = from + after + 1; at < to; at++)
            for (long some : any) if (Letters.mayHold(letters[at], some)) return at - from;
        return -1;
    }

    Span at(int place) {
        return Objects.requireNonNull(spans[from + place]);
    }

    boolean hasTrusted() {
        return trusted > 0;
    }

    boolean hasStrangers() {
        return trusted < size();
    }

    boolean hasConfidential() {
        return confidential > 0;
    }

    boolean hasSuspicious() {
        return suspicious > 0;
    }
}
