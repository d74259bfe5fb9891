package dev.masugata.inspect;

/// A private key between its BEGIN and its END, if one is there: lines of base64, not a sentence about them.
final class KeyBlock implements Scanner {
    /// Base64 in a row; lines of keys have 64 to 76.
    private static final int ROW = 32;

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        int row = 0;
        for (int i = span.from(); i < span.to(); i++) {
            row = isBase64(text.charAt(i)) ? row + 1 : 0;
            if (row < ROW || Randomness.entropy(text.substring(i + 1 - ROW, i + 1)) < 3) continue;
            hits.at(span.from(), span.to());
            return;
        }
    }

    private static boolean isBase64(char c) {
        return Randomness.isLetter(c) || Randomness.isDigit(c) || c == '+' || c == '/';
    }
}
