package dev.masugata.text;

import java.util.HexFormat;

/// Base64, base64url (RFC 4648) and hex, also over the ends of lines.
final class Blobs implements Decoder {
    static final int BASE64_CHARS = 24;
    static final int HEX_CHARS = 32;

    /// `--------` and `aaaaaaaa` are of the alphabet too, and are no encoding.
    private static final int DISTINCT = 6;

    private static final byte[] VALUES = new byte[128];

    static {
        java.util.Arrays.fill(VALUES, (byte) -1);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) VALUES[alphabet.charAt(i)] = (byte) i;
        VALUES['-'] = 62;
        VALUES['_'] = 63;
    }

    @Override
    public void decode(String text, Found found) {
        // Every run that is long enough holds a character at a multiple of its length: the others need no look.
        int at = BASE64_CHARS - 1;
        int done = 0;
        while (at < text.length()) {
            if (value(text.charAt(at)) < 0) {
                at += BASE64_CHARS;
                continue;
            }
            int from = at;
            while (from > done && value(text.charAt(from - 1)) >= 0) from--;
            int end = endOfRun(text, at);
            if (end - from >= BASE64_CHARS) {
                if (found.full()) return;
                end = endOfLines(text, end);
                piece(text, from, end, found);
            }
            done = end;
            at = end + BASE64_CHARS;
        }
    }

    private static int value(char c) {
        return c < 128 ? VALUES[c] : -1;
    }

    private static int endOfRun(String text, int from) {
        int end = from;
        while (end < text.length() && value(text.charAt(end)) >= 0) end++;
        return end;
    }

    /// Runs in the lines that follow belong to the first, as long as each line is as long as the one before it; the
    /// last may be shorter.
    private static int endOfLines(String text, int end) {
        int last = -1;
        int stop = end;
        while (true) {
            int next = stop;
            while (next < text.length() && (text.charAt(next) == '\r' || text.charAt(next) == '\n')) next++;
            if (next == stop) return stop;
            while (next < text.length() && text.charAt(next) == ' ') next++;
            int run = endOfRun(text, next);
            boolean whole = run == text.length() || text.charAt(run) == '\n' || text.charAt(run) == '\r'
                    || text.charAt(run) == '=' || text.charAt(run) == '"';
            if (run == next || !whole || last >= 0 && run - next > last) return stop;
            last = run - next;
            stop = run;
        }
    }

    private static void piece(String text, int from, int to, Found found) {
        int digits = 0;
        long seen = 0;
        boolean hex = true;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int value = value(c);
            if (value < 0) continue;
            digits++;
            seen |= 1L << value;
            hex &= HexFormat.isHexDigit(c);
        }
        if (Long.bitCount(seen) < DISTINCT) return;
        if (hex && digits >= HEX_CHARS) {
            found.bytes("hex", from, to, bytes(text, from, to, digits, 4));
            return;
        }
        int padded = to;
        while (padded < text.length() && padded < to + 2 && text.charAt(padded) == '=') padded++;
        found.bytes("base64", from, padded, bytes(text, from, to, digits, 6));
    }

    /// @param each bits of a digit
    private static byte[] bytes(String text, int from, int to, int digits, int each) {
        var bytes = new byte[(int) ((long) digits * each / 8)];
        int count = 0;
        int held = 0;
        int bits = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (value(c) < 0) continue;
            held = held << each | (each == 4 ? HexFormat.fromHexDigit(c) : value(c));
            bits += each;
            if (bits < 8) continue;
            bits -= 8;
            bytes[count++] = (byte) (held >> bits);
            held &= (1 << bits) - 1;
        }
        return bytes;
    }
}
