package dev.masugata.inspect.guard;

import java.util.List;

/// Text to the tokens that a model was trained on.
///
/// What looks like a special token in the text (`[SEP]`) is text: nobody who writes it ends the model's input with it.
///
/// @param mark   stands before each word that white space precedes (`▁`); empty: it has none
/// @param first  true if it stands before the first word too
/// @param before ids before the tokens of each window
/// @param after  ids behind them
record Tokenizer(
        Normalization normalization, String mark, boolean first, Vocabulary vocabulary, List<Long> before,
        List<Long> after) {
    /// A longer word is cut in pieces of so many characters.
    static final int WORD_CHARS = 1_000;

    Tokenizer {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /// @param most tokens; the rest of the text is left out
    Tokens tokens(String text, int most) {
        var out = new Tokens(most);
        var word = new Word();
        boolean fresh = true;
        for (int at = 0; at < text.length() && out.whole(); ) {
            int to = Normalization.clusterEnd(text, at);
            var written = normalization.of(text.substring(at, to));
            for (int i = 0; i < written.length(); ) {
                int c = written.codePointAt(i);
                i += Character.charCount(c);
                if (normalization.isSpace(c)) {
                    cut(word, out);
                    fresh = true;
                    continue;
                }
                if (normalization.isDropped(c)) continue;
                boolean alone = normalization.standsAlone(c);
                if (alone || word.length() >= WORD_CHARS) cut(word, out);
                if (fresh) begin(word, out, at);
                fresh = false;
                word.add(c, at, to);
                if (alone) cut(word, out);
            }
            at = to;
        }
        cut(word, out);
        return out;
    }

    private void begin(Word word, Tokens out, int at) {
        if (first || out.count() > 0) mark.codePoints().forEach(c -> word.add(c, at, at));
    }

    private void cut(Word word, Tokens out) {
        if (word.length() > 0) vocabulary.cut(word, out);
        word.clear();
    }

    /// The largest id that a window may hold.
    long highest() {
        long most = vocabulary.highest();
        for (var id : before) most = Math.max(most, id);
        for (var id : after) most = Math.max(most, id);
        return most;
    }
}
