package dev.masugata.inspect.guard;

import java.util.Arrays;

/// A text's tokens, and where in it each stands.
final class Tokens {
    private final int most;
    private long[] ids = new long[64];
    private int[] from = new int[64];
    private int[] to = new int[64];
    private int count;
    private boolean whole = true;

    /// @param most more are not kept
    Tokens(int most) {
        this.most = most;
    }

    void add(long id, int begin, int end) {
        if (count == most) {
            whole = false;
            return;
        }
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
            from = Arrays.copyOf(from, 2 * count);
            to = Arrays.copyOf(to, 2 * count);
        }
        ids[count] = id;
        from[count] = begin;
        to[count] = end;
        count++;
    }

    int count() {
        return count;
    }

    /// False if the text has more than are here.
    boolean whole() {
        return whole;
    }

    long id(int token) {
        return ids[token];
    }

    int from(int token) {
        return from[token];
    }

    int to(int token) {
        return to[token];
    }
}
