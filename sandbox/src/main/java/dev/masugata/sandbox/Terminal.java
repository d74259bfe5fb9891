package dev.masugata.sandbox;

/// A window of a terminal, in character cells.
///
/// @param rows 1 to 4096
/// @param columns 1 to 4096
public record Terminal(int rows, int columns) {
    /// The most rows or columns that a window may have.
    public static final int MOST = 4096;

    public Terminal {
        if (rows < 1 || rows > MOST || columns < 1 || columns > MOST)
            throw new IllegalArgumentException(
                    "a terminal has 1 to " + MOST + " rows and columns, not " + rows + "x" + columns);
    }
}
