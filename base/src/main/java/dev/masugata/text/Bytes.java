package dev.masugata.text;

import java.nio.charset.StandardCharsets;

/// Bytes as the text that they are, or that stands in them.
final class Bytes {
    /// The share of characters that must be writing for the whole to be a text.
    private static final double SHARE = 0.9;

    /// Writing in a row within other bytes that is read too; by chance it is there once in many millions.
    private static final int RUN = 16;

    private Bytes() {}

    /// The text, or nothing if it is none. What is partly text gives the parts that are.
    static String text(byte[] bytes) {
        if (isNoise(bytes)) return "";
        var whole = new String(bytes, isWide(bytes) ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
        int writing = 0;
        int points = 0;
        for (int i = 0; i < whole.length(); points++) {
            int point = whole.codePointAt(i);
            if (isWriting(point)) writing++;
            i += Character.charCount(point);
        }
        if (points > 0 && writing >= points * SHARE) return whole;
        return parts(bytes);
    }

    /// So many bytes that stand in no text that it is none, and no writing in a row among them: no need to look closer.
    private static boolean isNoise(byte[] bytes) {
        int controls = 0;
        int zeros = 0;
        int broken = 0;
        int run = 0;
        int longest = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == 0) zeros++;
            if (b < 0 && !isContinued(bytes, i)) broken++;
            if (b < 0 || b >= ' ' && b < 0x7F || b == '\n' || b == '\r' || b == '\t') {
                run = b > 0 ? run + 1 : 0;
                longest = Math.max(longest, run);
            } else {
                controls++;
                run = 0;
            }
        }
        boolean none = controls - zeros > bytes.length * (1 - SHARE)
                || zeros == 0 && broken > bytes.length * (1 - SHARE);
        return none && longest < RUN;
    }

    /// In UTF-8 (RFC 3629, 3) no byte stands alone that is not of ASCII: one before it or behind it belongs to it.
    private static boolean isContinued(byte[] bytes, int at) {
        boolean lead = (bytes[at] & 0xC0) == 0xC0;
        int other = lead ? at + 1 : at - 1;
        if (other < 0 || other == bytes.length) return false;
        return lead ? (bytes[other] & 0xC0) == 0x80 : bytes[other] < 0;
    }

    /// UTF-16 as Windows writes it: of ASCII, every second byte is zero.
    private static boolean isWide(byte[] bytes) {
        int zeros = 0;
        for (int i = 1; i < bytes.length; i += 2) if (bytes[i] == 0) zeros++;
        return bytes.length >= 8 && zeros >= bytes.length / 2 * SHARE;
    }

    static boolean isWriting(int point) {
        if (point < 0x7F) return point >= ' ' || point == '\n' || point == '\r' || point == '\t';
        if (point == 0xFFFD || point < 0xA0) return false;
        int type = Character.getType(point);
        return type != Character.UNASSIGNED && type != Character.PRIVATE_USE && type != Character.SURROGATE;
    }

    private static String parts(byte[] bytes) {
        var parts = new StringBuilder();
        int begin = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i < bytes.length && bytes[i] > 0 && isWriting(bytes[i])) continue;
            if (i - begin >= RUN)
                parts.append(new String(bytes, begin, i - begin, StandardCharsets.US_ASCII)).append('\n');
            begin = i + 1;
        }
        return parts.toString();
    }
}
