package dev.masugata.inspect;

/// A look that a pattern cannot take: a check digit, a grammar, a count. Without state, and in time that grows with the
/// length of the span only.
public interface Scanner {
    /// @param span what the detection's pattern matched, or the surroundings of its keyword, or a whole reading
    /// @param hits takes what is it
    void scan(Span span, Hits hits);

    /// False only if no span that begins in `[from, to)` holds what it looks for: then no pattern is matched there.
    default boolean mayHold(String text, int from, int to) {
        return true;
    }

    /// What a scanner looks at: `[from, to)` of one reading. It may look around.
    ///
    /// @param notes what was worked out of the reading already, by this scanner or another
    record Span(Passage passage, String text, int from, int to, Notes notes) {
        /// Of a longer name the end counts.
        private static final int NAME_CHARS = 64;

        /// The words that may say what a value is: what stands beside it, and before a value that is all of its string
        /// the name that it is given under.
        ///
        /// @param before characters before the value, and `after` behind it
        String around(int at, int end, int before, int after) {
            var near = text.substring(Math.max(0, at - before), at) + " "
                    + text.substring(end, Math.min(text.length(), end + after));
            var place = passage.place();
            int name = Math.max(place.lastIndexOf('/') + 1, place.length() - NAME_CHARS);
            return place.substring(name).replace('_', ' ') + " " + near;
        }
    }

    /// Takes what was found, in positions of the span's text.
    interface Hits {
        void at(int from, int to);
    }
}
