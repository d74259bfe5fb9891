package dev.masugata.wire;

import dev.masugata.wire.JsonException.Code;

/// Well-formed UTF-8 (RFC 3629 section 4; The Unicode Standard, table 3-7).
final class Utf8 {
    private Utf8() {}

    /// How many bytes the character at `at` takes, which begins with a byte beyond ASCII.
    static int sequence(byte[] bytes, int at, int end, int start) {
        int lead = bytes[at] & 0xFF;
        int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > end) throw invalid(at, start);
        int second = bytes[at + 1] & 0xFF;
        // The narrowed second byte rules out overlong forms, surrogates and what lies beyond U+10FFFF.
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) throw invalid(at, start);
        for (int i = 2; i < length; i++) if ((bytes[at + i] & 0xC0) != 0x80) throw invalid(at, start);
        return length;
    }

    private static JsonException invalid(int at, int start) {
        return new JsonException(Code.INVALID_UTF8, at - start, "bytes that are not UTF-8");
    }
}
