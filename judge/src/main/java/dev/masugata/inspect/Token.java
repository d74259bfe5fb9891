package dev.masugata.inspect;

/// What the pattern matched, unless it is plainly made up: the alphabet, one letter over and over, `EXAMPLE`.
final class Token implements Scanner {
    /// Bits for each character; of hex drawn by lot it is about 3.6.
    private static final double ENTROPY = 2.8;

    @Override
    public void scan(Span span, Hits hits) {
        var value = span.text().substring(span.from(), span.to());
        if (Randomness.entropy(value) >= ENTROPY && !Placeholders.is(value)) hits.at(span.from(), span.to());
    }
}
