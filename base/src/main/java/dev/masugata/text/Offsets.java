package dev.masugata.text;

/// Where the characters of one reading stood in the text it was read from.
sealed interface Offsets {
    int from(int at);

    int to(int at);

    /// Character for character.
    record Same() implements Offsets {
        @Override
        public int from(int at) {
            return at;
        }

        @Override
        public int to(int at) {
            return at;
        }
    }

    /// All of the reading comes from all of one piece.
    record Piece(int from, int to) implements Offsets {
        @Override
        public int from(int at) {
            return from;
        }

        @Override
        public int to(int at) {
            return to;
        }
    }

    /// Each character knows where it began; it ends where the next one that began later does. What was left out
    /// belongs to the character before it.
    final class Each implements Offsets {
        private final int[] starts;
        private final int length;
        private final int end;

        /// @param length how many of `starts` count
        /// @param end    where the last one ends
        Each(int[] starts, int length, int end) {
            this.starts = starts;
            this.length = length;
            this.end = end;
        }

        @Override
        public int from(int at) {
            return at < length ? starts[at] : end;
        }

        @Override
        public int to(int at) {
            if (at == 0) return from(0);
            int next = at;
            while (next < length && starts[next] <= starts[at - 1]) next++;
            return from(next);
        }
    }
}
