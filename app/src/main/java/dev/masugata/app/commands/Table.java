package dev.masugata.app.commands;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Columns as wide as their widest cell. Control characters in cells are shown, never sent to the terminal.
final class Table {
    private final List<String[]> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(heads);
    }

    void row(String... cells) {
        for (int i = 0; i < cells.length; i++) cells[i] = plain(cells[i]);
        rows.add(cells);
    }

    /// @param nothing what is said where there is no row
    void print(PrintStream out, String nothing) {
        if (rows.size() == 1) {
            out.println(nothing);
            return;
        }
        var widths = new int[rows.getFirst().length];
        for (var row : rows) for (int i = 0; i < row.length; i++) widths[i] = Math.max(widths[i], row[i].length());
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.length; i++)
                line.append(row[i]).append(i + 1 < row.length ? " ".repeat(widths[i] - row[i].length() + 2) : "");
            out.println(line.toString().stripTrailing());
        }
    }

    /// The text with every character that could move a cursor, hide or turn text made visible.
    static String plain(String text) {
        var plain = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean hidden = Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                    || Character.getType(c) == Character.SURROGATE
                    || Character.getType(c) == Character.UNASSIGNED;
            if (hidden) plain.append(String.format("\\u{%x}", c));
            else plain.appendCodePoint(c);
        });
        return plain.toString();
    }
}
