package dev.masugata.inspect.guard;

/// Cuts a word into the tokens of a model.
sealed interface Vocabulary permits WordPiece, Unigram {
    void cut(Word word, Tokens out);

    /// The largest id that it gives out.
    long highest();
}
