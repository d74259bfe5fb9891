package dev.masugata.scan;

import java.util.Optional;

/// Text that a person does not see and a model reads: its kind, and where it begins.
final class Hidden {
    /// Empty lines, or spaces, before something goes on: nobody scrolls so far.
    static final int PADDING_LINES = 300;
    static final int PADDING_SPACES = 1_000;
    /// Invisible characters near each other that are no emoji any more.
    static final int INVISIBLE = 8;

    private Hidden() {}

    /// @param check the catalog entry
    record Sign(String check, int offset, String what) {}

    static Optional<Sign> first(String text) {
        var padding = padding(text);
        return padding.isPresent() ? padding : invisible(text);
    }

    private static Optional<Sign> padding(String text) {
        int lines = 0;
        int spaces = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') lines++;
            if (Character.isWhitespace(c) || c == '\u00a0') spaces++;
            else {
                if (lines > PADDING_LINES || spaces - lines > PADDING_SPACES)
                    return Optional.of(new Sign("EVA-003", i, "after " + Math.max(lines, spaces) + " blanks"));
                lines = 0;
                spaces = 0;
            }
        }
        return Optional.empty();
    }

    private static Optional<Sign> invisible(String text) {
        int run = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069)
                return Optional.of(new Sign("EVA-002", i, "turned writing"));
            run = unseen(c) ? run + 1 : 0;
            if (run >= INVISIBLE) return Optional.of(new Sign("EVA-001", i, "invisible characters"));
            i += Character.charCount(c);
        }
        return Optional.empty();
    }

    private static boolean unseen(int c) {
        return c >= 0xe0000 && c <= 0xe007f || c >= 0xe0100 && c <= 0xe01ef || c >= 0xfe00 && c <= 0xfe0f
                || c == 0x200b || c == 0x200c || c == 0x200d || c == 0x2060 || c == 0xfeff || c >= 0x2061
                        && c <= 0x2064;
    }

    /// A name in letters of two scripts that look alike.
    static boolean mixed(String name) {
        boolean latin = name.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN);
        return latin && name.codePoints().anyMatch(c -> {
            var script = Character.UnicodeScript.of(c);
            return script == Character.UnicodeScript.CYRILLIC || script == Character.UnicodeScript.GREEK;
        });
    }
}
