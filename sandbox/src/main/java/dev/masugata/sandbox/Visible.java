package dev.masugata.sandbox;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Text from inside a seal, made safe to look at: nothing in it acts on a terminal or changes the order of reading.
public final class Visible {
    private Visible() {}

    /// One line; tabs stay.
    public static String text(String line) {
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

    /// Raw bytes in an ISO 8859-1 string: as UTF-8 where they are that, else byte by byte.
    static String bytes(String raw) {
        var bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return text(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            var out = new StringBuilder();
            for (var one : bytes)
                out.append(one >= 0x20 && one < 0x7f ? Character.toString(one) : "\\x%02x".formatted(one & 0xff));
            return out.toString();
        }
    }
}
