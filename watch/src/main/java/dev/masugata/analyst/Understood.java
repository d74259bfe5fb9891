package dev.masugata.analyst;

import java.util.List;

/// What became of a question in words.
public sealed interface Understood {
    /// @param query      what is asked of the graph
    /// @param paraphrase what that means, in the language of the question
    record Asked(String query, String paraphrase) implements Understood {}

    /// Nothing was asked: these words are not known, or it is not clear what is meant.
    ///
    /// @param words those that were not understood; empty: all were, but they make no one question
    record Unclear(List<String> words, String says) implements Understood {}
}
