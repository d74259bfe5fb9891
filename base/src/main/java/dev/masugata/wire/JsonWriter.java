package dev.masugata.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// Writes JSON. Untouched values leave with the bytes they came in; the rest is written compactly.
public final class JsonWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    private final boolean canonical;

    private JsonWriter(boolean canonical) {
        this.canonical = canonical;
    }

    /// The value as it is sent: the bytes it was read from where it is untouched.
    public static byte[] bytes(Json value) {
        var writer = new JsonWriter(false);
        writer.write(value);
        return writer.out.toByteArray();
    }

    /// As [#bytes], as text.
    public static String text(Json value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /// One form for one meaning, for digests: members sorted by UTF-16 code units, no white space, shortest
    /// escapes, numbers as RFC 8785 (JCS) writes them.
    public static byte[] canonical(Json value) {
        var writer = new JsonWriter(true);
        writer.write(value);
        return writer.out.toByteArray();
    }

    private void write(Json value) {
        var source = value.source();
        if (!canonical && source != null) {
            out.write(source.bytes(), source.from(), source.to() - source.from());
            return;
        }
        switch (value) {
            case Json.Obj(var members, _) -> {
                var sorted = canonical ? new TreeMap<>(members) : members;
                var separator = '{';
                for (var member : sorted.entrySet()) {
                    out.write(separator);
                    string(member.getKey());
                    out.write(':');
                    write(member.getValue());
                    separator = ',';
                }
                if (sorted.isEmpty()) out.write('{');
                out.write('}');
            }
            case Json.Arr(var items, _) -> {
                var separator = '[';
                for (var item : items) {
                    out.write(separator);
                    write(item);
                    separator = ',';
                }
                if (items.isEmpty()) out.write('[');
                out.write(']');
            }
            case Json.Str(var text, _) -> string(text);
            case Json.Num number -> ascii(canonical ? CanonicalNumber.of(number) : number.literal());
            case Json.Bool(var it) -> ascii(Boolean.toString(it));
            case Json.Null _ -> ascii("null");
        }
    }

    private void string(String text) {
        var escaped = new StringBuilder(text.length() + 8).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\b' -> escaped.append("\\b");
                case '\f' -> escaped.append("\\f");
                default -> {
                    if (c < 0x20) escaped.append(String.format("\\u%04x", (int) c));
                    else escaped.append(c);
                }
            }
        }
        var bytes = escaped.append('"').toString().getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) out.write(text.charAt(i));
    }
}
