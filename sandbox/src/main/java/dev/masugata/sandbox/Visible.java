package dev.masugata.sandbox;

/// Text from inside a seal, made safe to look at: nothing in it acts on a terminal or changes the order of reading.
final class Visible {
    private Visible() {}

    /// One line; tabs stay.
    static String text(String line) {
        if (line.codePoints().noneMatch(Visible::acts)) return line;
        var out = new StringBuilder(line.length() + 16);
        line.codePoints().forEach(point -> {
            if (!acts(point)) out.appendCodePoint(point);
            else out.append(point < 0x100 ? "\\x%02x".formatted(point) : "\\u{%x}".formatted(point));
        });
        return out.toString();
    }

    /// Control characters but the tab, and the format characters (bidirectional controls, zero width, tags).
    private static boolean acts(int point) {
        return point != '\t'
                && switch (Character.getType(point)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE -> true;
                    default -> false;
                };
    }
}
