package dev.masugata.inspect;

import dev.masugata.model.Finding;
import java.util.List;

/// A text that comes in pieces: each piece is taken, and what is settled is given out, covered where it must be.
///
/// For one text, used by one thread at a time.
public interface TextReading {
    /// Takes a piece, which may end within a character.
    ///
    /// @return what may go out now
    String accept(String piece);

    /// The text is at its end.
    ///
    /// @return what is left to go out
    String finish();

    /// How many characters of what came are settled: they went out, or were covered.
    int released();

    /// What was found so far in what is settled.
    List<Finding> settled();

    /// What was seen in all; after [#finish()].
    Inspection inspection();

    /// True if nothing more comes out, and what was said so far is not all: the text is to be refused.
    boolean isCut();
}
