package dev.masugata.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds canonical JSON (RFC 8785) straight as bytes. Whoever calls it gives the members in sorted order.
final class CanonicalBytes {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[512];
    private int length;

    int length() {
        return length;
    }

    byte[] take() {
        return Arrays.copyOf(bytes, length);
    }

    /// ASCII that is JSON already.
    CanonicalBytes raw(String json) {
        room(json.length());
        for (int i = 0; i < json.length(); i++) bytes[length++] = (byte) json.charAt(i);
        return this;
    }

    CanonicalBytes raw(byte[] json) {
        room(json.length);
        System.arraycopy(json, 0, bytes, length, json.length);
        length += json.length;
        return this;
    }

    CanonicalBytes number(long value) {
        return raw(Long.toString(value));
    }

    CanonicalBytes string(String text) {
        room(text.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') return rest(text, i);
            bytes[length++] = (byte) c;
        }
        bytes[length++] = '"';
        return this;
    }

    /// The rest of a string, from the first character on that is not plain ASCII.
    private CanonicalBytes rest(String text, int from) {
        for (int i = from; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            room(8 + text.length() - i);
            switch (c) {
                case '"', '\\' -> escape((byte) c);
                case '\b' -> escape((byte) 'b');
                case '\t' -> escape((byte) 't');
                case '\n' -> escape((byte) 'n');
                case '\f' -> escape((byte) 'f');
                case '\r' -> escape((byte) 'r');
                default -> scalar(c);
            }
        }
        bytes[length++] = '"';
        return this;
    }

    private void escape(byte c) {
        bytes[length++] = '\\';
        bytes[length++] = c;
    }

    private void scalar(int c) {
        if (c < 0x20) {
            raw("\\u00");
            bytes[length++] = HEX[c >> 4];
            bytes[length++] = HEX[c & 0xF];
        } else if (c < 0x80) {
            bytes[length++] = (byte) c;
        } else if (c < 0x800) {
            bytes[length++] = (byte) (0xC0 | c >> 6);
            tail(c);
        } else if (c < 0x10000) {
            if (Character.isSurrogate((char) c))
                throw new IllegalArgumentException("a text holds half a surrogate pair");
            bytes[length++] = (byte) (0xE0 | c >> 12);
            tail(c >> 6);
            tail(c);
        } else {
            bytes[length++] = (byte) (0xF0 | c >> 18);
            tail(c >> 12);
            tail(c >> 6);
            tail(c);
        }
    }

    private void tail(int c) {
        bytes[length++] = (byte) (0x80 | c & 0x3F);
    }

    private void room(int more) {
        if (bytes.length - length < more) bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
}
