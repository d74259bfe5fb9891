package dev.masugata.inspect;

/// A look that a pattern cannot take: a check digit, a grammar, a count. Without state, and in time that grows with the
/// length of the span only.
public interface Scanner {
    /// @param span what the detection's pattern matched, or the surroundings of its keyword, or a whole reading
    /// @param hits takes what is it
    void scan(Span span, Hits hits);

    /// What a scanner looks at: `[from, to)` of one reading. It may look around.
    record Span(Passage passage, String text, int from, int to) {}

    /// Takes what was found, in positions of the span's text.
    interface Hits {
        void at(int from, int to);
    }
}
