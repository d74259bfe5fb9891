package dev.masugata.inspect;

/// Letters of both cases and digits, as drawn by lot: no digest in hex, no path, no name.
final class MixedToken implements Scanner {
    private static final double ENTROPY = 4.0;

    @Override
    public void scan(Span span, Hits hits) {
        var value = span.text().substring(span.from(), span.to());
        boolean upper = value.chars().anyMatch(c -> Randomness.isUpper((char) c));
        boolean lower = value.chars().anyMatch(c -> c >= 'a' && c <= 'z');
        boolean digit = value.chars().anyMatch(c -> Randomness.isDigit((char) c));
        if (!upper || !lower || !digit || Randomness.entropy(value) < ENTROPY) return;
        if (Randomness.words(value) < 0.5 && !Placeholders.is(value)) hits.at(span.from(), span.to());
    }
}
