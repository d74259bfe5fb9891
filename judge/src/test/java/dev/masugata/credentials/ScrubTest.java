package dev.masugata.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScrubTest {
    private static final String SECRET = "tok/9+x\"Q&7 zz-K";

    private static String scrubbed(String text) {
        return new Scrub(List.of(SECRET)).text(text);
    }

    private static List<String> writings() {
        var bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        return List.of(
                "as it is " + SECRET + ".",
                Base64.getEncoder().encodeToString(("a" + SECRET + "b").getBytes(StandardCharsets.UTF_8)),
                Base64.getEncoder().encodeToString(("user:" + SECRET).getBytes(StandardCharsets.UTF_8)),
                Base64.getEncoder().encodeToString(("abc" + SECRET + "defg").getBytes(StandardCharsets.UTF_8)),
                Base64.getUrlEncoder().encodeToString(("ab" + SECRET).getBytes(StandardCharsets.UTF_8)),
                "hex " + HexFormat.of().formatHex(bytes),
                "HEX " + HexFormat.of().withUpperCase().formatHex(bytes),
                "q=tok%2F9%2Bx%22Q%267+zz-K&r=1",
                "q=tok%2f9%2bx%22Q%267%20zz-K",
                "{\"echo\":\"tok/9+x\\\"Q&7 zz-K\"}",
                "{\"echo\":\"tok\\/9+x\\\"Q&7 zz-K\"}",
                "<b>tok/9+x&quot;Q&amp;7 zz-K</b>");
    }

    @Test
    void theSecretIsTakenOutHoweverItIsWritten() {
        for (var text : writings()) assertTrue(scrubbed(text).contains("[masked: credential]"), text);
    }

    @Test
    void whatIsLikeItStays() {
        for (var text : List.of("tok/9+x\"Q&7 zz-", "tok/9+x\"Q&7 zz-L", "", "tok", "[masked]"))
            assertEquals(text, scrubbed(text));
        assertEquals("abc abc", new Scrub(List.of("abc")).text("abc abc"), "too short to be told from anything");
    }

    /// However the answer is split, the same goes out, and nothing of the secret before it was known to be one.
    @Test
    void everySplitSaysTheSame() {
        for (var text : writings()) {
            var bytes = ("<" + text + "|" + text + ">").getBytes(StandardCharsets.UTF_8);
            var whole = scrubbed(new String(bytes, StandardCharsets.UTF_8));
            for (int at = 0; at <= bytes.length; at++) {
                var scrub = new Scrub(List.of(SECRET));
                var out = new ByteArrayOutputStream();
                out.writeBytes(scrub.accept(Arrays.copyOfRange(bytes, 0, at)));
                out.writeBytes(scrub.accept(Arrays.copyOfRange(bytes, at, bytes.length)));
                out.writeBytes(scrub.finish());
                assertEquals(whole, out.toString(StandardCharsets.UTF_8), "split at " + at);
                assertEquals(2, scrub.found());
            }
            var scrub = new Scrub(List.of(SECRET));
            var out = new ByteArrayOutputStream();
            for (byte one : bytes) out.writeBytes(scrub.accept(new byte[] {one}));
            out.writeBytes(scrub.finish());
            assertEquals(whole, out.toString(StandardCharsets.UTF_8));
        }
    }

    @Test
    void ofTwoTheLongerCounts() {
        var scrub = new Scrub(List.of("secret-1", "secret-1-and-more"));
        assertFalse(scrub.text("x secret-1-and-more y").contains("and-more"));
        assertEquals("x [masked: credential]-and y", scrub.text("x secret-1-and y"));
    }
}
