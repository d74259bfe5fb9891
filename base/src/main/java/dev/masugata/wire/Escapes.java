package dev.masugata.wire;

import dev.masugata.wire.JsonException.Code;
import java.nio.charset.StandardCharsets;

/// The escapes of RFC 8259 section 7.
final class Escapes {
    private Escapes() {}

    /// The text of a string's bytes `[from, to)`, known to be UTF-8 outside of its escapes.
    static String resolve(byte[] bytes, int from, int to, int start) {
        var text = new StringBuilder(to - from);
        int at = from;
        while (at < to) {
            int run = at;
            while (at < to && bytes[at] != '\\') at++;
            text.append(new String(bytes, run, at - run, StandardCharsets.UTF_8));
            if (at == to) break;
            if (bytes[at + 1] != 'u') {
                text.append(simple(bytes[at + 1], at - start));
                at += 2;
                continue;
            }
            char unit = unit(bytes, at, to, start);
            text.append(unit);
            at += 6;
            if (!Character.isSurrogate(unit)) continue;
            boolean escapeFollows = at + 1 < to && bytes[at] == '\\' && bytes[at + 1] == 'u';
            char low = Character.isHighSurrogate(unit) && escapeFollows ? unit(bytes, at, to, start) : 0;
            if (!Character.isLowSurrogate(low))
                throw new JsonException(Code.LONE_SURROGATE, at - 6 - start, "half a surrogate pair");
            text.append(low);
            at += 6;
        }
        return text.toString();
    }

    private static char simple(byte escape, int offset) {
        return switch (escape) {
            case '"', '\\', '/' -> (char) escape;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw new JsonException(Code.SYNTAX, offset, "an escape that JSON does not know");
        };
    }

    private static char unit(byte[] bytes, int at, int to, int start) {
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            int digit = i < to ? Character.digit((char) (bytes[i] & 0xFF), 16) : -1;
            // Character.digit knows other scripts' digits too, none of them below U+0100.
            if (digit < 0) throw new JsonException(Code.SYNTAX, at - start, "`\\u` needs four hexadecimal digits");
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }
}
