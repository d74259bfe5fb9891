package dev.masugata.inspect.guard;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The likeliest way to cut a word (Viterbi; Kudo, "Subword Regularization", 2018).
///
/// @param pieces  by their text
/// @param bytes   a token for each byte, for what no piece covers; or null
/// @param lowest  the score of the rarest piece
/// @param longest characters of the longest piece
record Unigram(Map<String, Piece> pieces, long unknown, long @Nullable [] bytes, double lowest, int longest)
        implements Vocabulary {
    /// How much worse than the rarest piece a character is that no piece covers.
    private static final double UNKNOWN_PENALTY = 10;

    /// @param score the logarithm of how likely it is
    record Piece(long id, double score) {}

    static Unigram of(Map<String, Piece> pieces, long unknown, long @Nullable [] bytes) {
        int longest = pieces.keySet().stream().mapToInt(String::length).max().orElse(1);
        double lowest = pieces.values().stream().mapToDouble(Piece::score).min().orElse(0);
        return new Unigram(pieces, unknown, bytes, lowest, longest);
    }

    @Override
    public void cut(Word word, Tokens out) {
        var text = word.text();
        int length = text.length();
        var best = new double[length + 1];
        var begins = new int[length + 1];
        var ids = new long[length + 1];
        Arrays.fill(best, 1, length + 1, Double.NEGATIVE_INFINITY);
        for (int at = 0; at < length; at = text.offsetByCodePoints(at, 1)) {
            int next = text.offsetByCodePoints(at, 1);
            reach(best, begins, ids, at, next, lowest - UNKNOWN_PENALTY, -1);
            for (int to = at + 1; to <= Math.min(length, at + longest); to++) {
                var piece = pieces.get(text.substring(at, to));
                if (piece != null) reach(best, begins, ids, at, to, piece.score(), piece.id());
            }
        }
        var cuts = new int[length + 1];
        int count = 0;
        for (int at = length; at > 0; at = begins[at]) cuts[count++] = at;
        for (int i = count - 1, from = 0; i >= 0; from = cuts[i], i--) {
            boolean goesOn = ids[cuts[i]] < 0 && i < count - 1 && ids[cuts[i + 1]] < 0;
            int begin = word.from(from);
            int end = word.to(cuts[i]);
            if (ids[cuts[i]] >= 0) out.add(ids[cuts[i]], begin, end);
            else if (bytes != null) spelled(bytes, text.substring(from, cuts[i]), begin, end, out);
            else if (!goesOn) out.add(unknown, begin, end);
        }
    }

    private static void reach(double[] best, int[] begins, long[] ids, int at, int to, double score, long id) {
        if (best[at] + score <= best[to]) return;
        best[to] = best[at] + score;
        begins[to] = at;
        ids[to] = id;
    }

    private static void spelled(long[] bytes, String text, int from, int to, Tokens out) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) out.add(bytes[b & 0xFF], from, to);
    }

    @Override
    public long highest() {
        long most = Math.max(unknown, pieces.values().stream().mapToLong(Piece::id).max().orElse(0));
        return bytes == null ? most : Math.max(most, Arrays.stream(bytes).max().orElse(0));
    }
}
