package dev.masugata.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class HttpBodyTest {
    private static HttpBody of(String text, String type) {
        return HttpBody.of(text.getBytes(StandardCharsets.UTF_8), type, "");
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void whatItSaysIsReadByItsType() {
        assertEquals(Json.object("a", "b"), of("{\"a\":\"b\"}", "application/json; charset=utf-8").says());
        assertEquals(Json.object("a", "b c").with("d", ""), of("a=b+c&d", "application/x-www-form-urlencoded").says());
        assertEquals(Json.of("a=b"), of("a=b", "text/plain").says());
        assertEquals(Json.of("{broken"), of("{broken", "application/json").says(), "as the text it is");
        assertEquals(HttpBody.Form.TEXT, of("{\"a\":1,\"a\":2}", "application/json").form(), "two readings are none");
        assertEquals(HttpBody.NONE, of("", "application/json"));
    }

    @Test
    void whatIsPackedIsReadToo() throws IOException {
        var bytes = packed("{\"a\":\"b\"}".getBytes(StandardCharsets.UTF_8));
        var body = HttpBody.of(bytes, "application/json", "gzip");
        assertEquals(Json.object("a", "b"), body.says());
        assertArrayEquals(bytes, body.bytes(), "what leaves stays packed");
        assertFalse(body.isUnread());
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        assertTrue(HttpBody.of(new byte[] {0, 1, (byte) 0xFF}, "application/octet-stream", "").isUnread());
        assertTrue(HttpBody.of(new byte[] {1, 2}, "text/plain", "br").isUnread());
        assertTrue(HttpBody.of(new byte[] {1, 2}, "text/plain", "gzip").isUnread(), "it says it is packed");
        assertTrue(of("a\0b", "text/plain").isUnread());
        var bomb = packed(new byte[HttpBody.UNPACKED_BYTES_MAX + 1]);
        assertTrue(HttpBody.of(bomb, "text/plain", "gzip").isUnread());
        assertEquals(Optional.empty(), HttpBody.unpacked(bomb, "gzip"));
    }

    @Test
    void nobodyChangesItLater() {
        var bytes = "abc".getBytes(StandardCharsets.UTF_8);
        var body = HttpBody.of(bytes, "text/plain", "");
        bytes[0] = 'x';
        body.bytes()[1] = 'x';
        assertArrayEquals("abc".getBytes(StandardCharsets.UTF_8), body.bytes());
        assertFalse(body.toString().contains("abc"));
    }
}
