package dev.masugata.model;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import dev.masugata.wire.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The body of a message: the bytes that leave, and what they say as far as it can be read. What they say is made here,
/// of these bytes, so nobody can say something else of them.
public final class HttpBody {
    /// Bytes of a compressed body, unpacked, that are read.
    public static final int UNPACKED_BYTES_MAX = 16 * 1024 * 1024;
    /// Fields of a form that are read one by one.
    static final int FORM_FIELDS_MAX = 1_000;

    public static final HttpBody NONE = new HttpBody(new byte[0], Json.NULL, false, Form.NONE);

    /// How what it says was read.
    public enum Form {
        NONE, JSON, FIELDS, TEXT, UNREAD
    }

    private final byte[] bytes;
    private final Json says;
    private final boolean unread;
    private final Form form;

    private HttpBody(byte[] bytes, Json says, boolean unread, Form form) {
        this.bytes = bytes;
        this.says = says;
        this.unread = unread;
        this.form = form;
    }

    /// @param type     of `Content-Type`, or empty
    /// @param encoding of `Content-Encoding`, or empty
    public static HttpBody of(byte[] bytes, String type, String encoding) {
        if (bytes.length == 0) return NONE;
        var own = bytes.clone();
        var unpacked = unpacked(own, encoding);
        if (unpacked.isEmpty()) return unread(own);
        var plain = unpacked.get();
        var media = type.toLowerCase(Locale.ROOT);
        int end = media.indexOf(';');
        var name = (end < 0 ? media : media.substring(0, end)).strip();
        if (name.equals("application/json") || name.endsWith("+json")) {
            var read = json(plain);
            if (read != null) return new HttpBody(own, read, false, Form.JSON);
        }
        var text = text(plain);
        if (text == null) return unread(own);
        if (name.equals("application/x-www-form-urlencoded")) {
            var fields = fields(text);
            if (fields != null) return new HttpBody(own, fields, false, Form.FIELDS);
        }
        return new HttpBody(own, Json.of(text), false, Form.TEXT);
    }

    private static HttpBody unread(byte[] bytes) {
        var says = Json.object("bytes", Json.of(bytes.length)).with("sha256", Sha256.hex(bytes));
        return new HttpBody(bytes, says, true, Form.UNREAD);
    }

    /// The bytes without their encoding; the same array where there is none.
    ///
    /// @return empty where it cannot be undone here, or would be more than [#UNPACKED_BYTES_MAX]
    public static Optional<byte[]> unpacked(byte[] bytes, String encoding) {
        var name = encoding.strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals("identity")) return Optional.of(bytes);
        if (!name.equals("gzip") && !name.equals("x-gzip")) return Optional.empty();
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            var plain = in.readNBytes(UNPACKED_BYTES_MAX + 1);
            return plain.length > UNPACKED_BYTES_MAX ? Optional.empty() : Optional.of(plain);
        } catch (IOException broken) {
            // What cannot be unpacked cannot be read: it is judged as that.
            return Optional.empty();
        }
    }

    private static @Nullable Json json(byte[] plain) {
        try {
            return JsonReader.read(plain, Limits.DEFAULT.withBytes(Math.max(plain.length, 1)));
        } catch (JsonException notOurs) {
            // It is looked at as the text it is.
            return null;
        }
    }

    private static @Nullable String text(byte[] plain) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(plain)).toString();
            return text.indexOf('\0') >= 0 ? null : text;
        } catch (CharacterCodingException binary) {
            return null;
        }
    }

    private static Json.@Nullable Obj fields(String text) {
        var parts = text.split("&", -1);
        if (parts.length > FORM_FIELDS_MAX) return null;
        var fields = Json.EMPTY;
        try {
            for (var part : parts) {
                int equals = part.indexOf('=');
                var name = URLDecoder.decode(equals < 0 ? part : part.substring(0, equals), StandardCharsets.UTF_8);
                var value = equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
                fields = fields.with(name, fields.string(name).map(it -> it + "\n" + value).orElse(value));
            }
            return fields;
        } catch (IllegalArgumentException notEncoded) {
            return null;
        }
    }

    /// A copy of the bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    public int size() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /// What it says: parsed JSON, the fields of a form, a text; of what cannot be read its size and digest.
    public Json says() {
        return says;
    }

    public Form form() {
        return form;
    }

    /// True if nobody could look into it.
    public boolean isUnread() {
        return unread;
    }

    /// SHA-256 of the bytes, hex.
    public String digest() {
        return Sha256.hex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HttpBody it && Arrays.equals(bytes, it.bytes) && says.equals(it.says);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Never what it says.
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
