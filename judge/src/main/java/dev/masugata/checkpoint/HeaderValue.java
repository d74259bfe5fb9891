package dev.masugata.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// A value of a message as a header says it (MCP 2026-07-28, Streamable HTTP, Value Encoding): plain where it is plain
/// ASCII, else `=?base64?...?=`.
public final class HeaderValue {
    private static final String BEGIN = "=?base64?";
    private static final String END = "?=";

    private HeaderValue() {}

    public static String encoded(String value) {
        boolean edges = !value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)));
        boolean plain = value.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
        if (plain && !edges && !value.isEmpty() && !isEncoded(value)) return value;
        return BEGIN + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + END;
    }

    /// What the header says; empty where it cannot be read.
    public static Optional<String> decoded(String header) {
        if (!isEncoded(header)) return Optional.of(header).filter(it -> it.chars().allMatch(c -> c == '\t' || c >= 0x20 && c < 0x7F));
        try {
            var text = header.substring(BEGIN.length(), header.length() - END.length());
            // One writing for one value: padding that is missing is not made up.
            if (text.length() % 4 != 0) return Optional.empty();
            var bytes = Base64.getDecoder().decode(text);
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (IllegalArgumentException | CharacterCodingException unreadable) {
            return Optional.empty();
        }
    }

    private static boolean isEncoded(String value) {
        return value.length() >= BEGIN.length() + END.length() && value.startsWith(BEGIN) && value.endsWith(END);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
