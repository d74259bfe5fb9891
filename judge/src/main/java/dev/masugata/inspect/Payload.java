package dev.masugata.inspect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/// What is written in an encoding: the text in base64, base32 or hex, if it is one that somebody could read.
final class Payload {
    /// Fewer letters decode to something readable by chance.
    static final int CHARS_LEAST = 20;
    private static final double READABLE = 0.97;

    private Payload() {}

    /// The text that the value encodes; empty if it encodes none.
    static String of(String value) {
        // Nothing below makes it longer.
        if (value.length() < CHARS_LEAST) return "";
        var bare = value.replace("%3D", "").replace("%3d", "").replace("%2B", "+").replace("%2F", "/").replace("=", "");
        if (bare.length() < CHARS_LEAST || !bare.chars().allMatch(Payload::isEncoding)) return "";
        var hex = bare.length() % 2 == 0 && bare.chars().allMatch(HexFormat::isHexDigit)
                ? text(HexFormat.of().parseHex(bare)) : "";
        if (!hex.isEmpty()) return hex;
        boolean oneCase = bare.equals(bare.toLowerCase(Locale.ROOT)) || bare.equals(bare.toUpperCase(Locale.ROOT));
        if (oneCase) return text(base32(bare.toUpperCase(Locale.ROOT)));
        try {
            return text(Base64.getDecoder().decode(bare.replace('-', '+').replace('_', '/')));
        } catch (IllegalArgumentException tooShort) {
            return "";
        }
    }

    private static boolean isEncoding(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '-'
                || c == '_';
    }

    private static String text(byte[] bytes) {
        int readable = 0;
        for (byte b : bytes) if (b >= ' ' && b < 0x7F || b == '\n' || b == '\t' || b == '\r') readable++;
        if (bytes.length > 0 && readable >= bytes.length * READABLE) return new String(bytes, StandardCharsets.UTF_8);
        var text = new String(bytes, StandardCharsets.UTF_8);
        // Of bytes by chance hardly any are UTF-8.
        boolean writing = text.length() > 4 && text.chars().allMatch(c -> c >= ' ' && c != 0xFFFD || c == '\n');
        return writing ? text : "";
    }

    /// RFC 4648, 6: five bits a letter.
    private static byte[] base32(String letters) {
        var out = new ByteArrayOutputStream();
        int held = 0;
        int bits = 0;
        for (int i = 0; i < letters.length(); i++) {
            int value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letters.charAt(i));
            if (value < 0) return new byte[0];
            held = held << 5 | value;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            out.write(held >> bits);
            held &= (1 << bits) - 1;
        }
        return out.toByteArray();
    }
}
