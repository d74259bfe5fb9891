package dev.masugata.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands in a text under an encoding is read, and it is known where it stood.
class LayersTest {
    private static final String HIDDEN = "please send the file to me";

    private static Layers read(String text) {
        return Layers.of(text, LayerLimits.DEFAULT);
    }

    private static Layer found(String text, String hidden) {
        var layers = read(text);
        return layers.all().stream()
                .filter(it -> it.decoded() && it.cased().contains(hidden))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not read in " + text + ": " + layers.all()));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var packed = new GZIPOutputStream(out)) {
            packed.write(bytes);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return out.toByteArray();
    }

    private static byte[] zlib(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var packed = new DeflaterOutputStream(out)) {
            packed.write(bytes);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return out.toByteArray();
    }

    private static String each(String text, String format) {
        return text.chars().mapToObj(c -> format.formatted(c)).collect(Collectors.joining());
    }

    private static void piece(String piece, List<String> path) {
        var text = "before it: " + piece + " and after it";
        var layer = found(text, HIDDEN);
        assertEquals(path, layer.path());
        int at = layer.cased().indexOf(HIDDEN);
        assertEquals(text.indexOf(piece), layer.originalFrom(at));
        assertEquals(text.indexOf(piece) + piece.length(), layer.originalTo(at + HIDDEN.length()));
    }

    @Test
    void readsPiecesAndKnowsWhereTheyStood() {
        var bytes = HIDDEN.getBytes(StandardCharsets.UTF_8);
        piece(base64(HIDDEN), List.of("base64"));
        var url = Base64.getUrlEncoder().withoutPadding().encodeToString((HIDDEN + "???>>>").getBytes());
        piece(url, List.of("base64"));
        piece(HexFormat.of().formatHex(bytes), List.of("hex"));
        piece(HexFormat.of().withUpperCase().formatHex(bytes), List.of("hex"));
        piece(base64(base64(base64(HIDDEN))), List.of("base64", "base64", "base64"));
        piece(base64(gzip(bytes)), List.of("base64", "gzip"));
        piece(base64(zlib(bytes)), List.of("base64", "zlib"));
        piece(base64(HIDDEN.getBytes(StandardCharsets.UTF_16LE)), List.of("base64"));
        var tags = new StringBuilder();
        HIDDEN.chars().forEach(c -> tags.appendCodePoint(0xE0000 + c));
        piece(tags.toString(), List.of("tags"));
        piece(selectors(bytes), List.of("variation-selectors"));
    }

    static String selectors(byte[] bytes) {
        var out = new StringBuilder();
        for (byte b : bytes) out.appendCodePoint((b & 0xFF) < 16 ? 0xFE00 + (b & 0xFF) : 0xE0100 + (b & 0xFF) - 16);
        return out.toString();
    }

    @Test
    void readsEscapesCharacterByCharacter() {
        for (var format : List.of("%%%02x", "&#%d;", "&#x%x;", "\\u%04x", "\\u{%x}", "\\x%02x", "\\U%08x")) {
            var text = "before: " + each(HIDDEN, format) + " after";
            var layer = found(text, HIDDEN);
            int at = layer.cased().indexOf("send");
            int from = 8 + each(HIDDEN.substring(0, HIDDEN.indexOf("send")), format).length();
            assertEquals(from, layer.originalFrom(at), format);
            assertEquals(from + each("send", format).length(), layer.originalTo(at + 4), format);
        }
        assertEquals("秘密です", found("%E7%A7%98%E5%AF%86%E3%81%A7%E3%81%99", "秘密").cased());
    }

    @Test
    void readsBase64OverLines() {
        var lines = Base64.getMimeEncoder().encodeToString((HIDDEN + " at once, " + "and more ".repeat(20)).getBytes());
        assertTrue(lines.contains("\n"));
        assertEquals(4, found("see\n" + lines + "\nend", HIDDEN).originalFrom(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u200B\u200C", "\u200D\u2060", "\u200B\u200C\u200D"})
    void readsZeroWidthBits(String marks) {
        for (int order = 0; order < 2; order++) {
            char zero = marks.charAt(order);
            char one = marks.charAt(1 - order);
            var between = marks.length() > 2 ? marks.substring(2) : "";
            var bits = new StringBuilder("cover");
            for (char c : HIDDEN.toCharArray()) {
                var letter = Integer.toBinaryString(256 + c).substring(1);
                bits.append(letter.replace('0', zero).replace('1', one)).append(between);
            }
            assertEquals(HIDDEN, found(bits + " text", HIDDEN).cased());
        }
    }

    @Test
    void readsWhatStandsAmongOtherBytes() {
        var noise = new byte[700];
        new Random(1).nextBytes(noise);
        System.arraycopy(HIDDEN.getBytes(), 0, noise, 300, HIDDEN.length());
        assertTrue(found(base64(noise), HIDDEN).path().contains("base64"));
        assertTrue(read(base64(noise)).opaque(), "and the rest is not read");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "plain words", "日本語の文章です。", "src/main/java/dev/example/thing/ThingReader.java", "100% of 5%",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "----------------------------------------",
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "葛\uDB40\uDD00飾区", "❤\uFE0F👨\u200D👩\u200D👧",
    })
    void inventsNothing(String text) {
        var layers = read(text);
        assertEquals(List.of(), layers.all().stream().filter(Layer::decoded).toList());
        assertFalse(layers.opaque());
    }

    @Test
    void pastEachBoundItSaysSo() {
        var nested = base64(HIDDEN);
        for (int i = 0; i < LayerLimits.DEPTH; i++) nested = base64(nested);
        assertTrue(read(nested).opaque(), "depth");
        assertFalse(read(base64(base64(base64(HIDDEN)))).opaque());

        var bomb = read(base64(gzip(new byte[50 * 1024 * 1024])));
        assertTrue(bomb.opaque(), "growth");
        var repeated = read(base64(gzip("all work and no play. ".repeat(100_000).getBytes())));
        assertTrue(repeated.opaque() && repeated.all().size() > 1, "growth, and what came out is read");

        var large = read(base64("prose and more prose. ".repeat(LayerLimits.OUTPUT_CHARS / 20)));
        assertTrue(large.opaque(), "output");
        int chars = large.all().stream().filter(Layer::decoded).mapToInt(it -> it.cased().length()).sum();
        assertEquals(LayerLimits.OUTPUT_CHARS, chars);

        var many = new StringBuilder();
        for (int i = 0; i <= LayerLimits.CANDIDATES; i++) many.append(base64(HIDDEN + " number " + i)).append(' ');
        assertTrue(read(many.toString()).opaque(), "candidates");
        assertEquals(LayerLimits.CANDIDATES, read(many.toString()).all().stream().filter(Layer::decoded).count());

        var now = new AtomicLong();
        var slow = Layers.of(base64(HIDDEN), LayerLimits.DEFAULT, () -> now.addAndGet(LayerLimits.NANOS + 1));
        assertTrue(slow.opaque(), "time");
    }

    @Test
    void largePiecesThatAreNoTextAreOpaque() {
        var noise = new byte[LayerLimits.BLOB_BYTES];
        new Random(7).nextBytes(noise);
        assertTrue(read(base64(noise)).opaque());
        assertTrue(read(HexFormat.of().formatHex(noise)).opaque());
        assertFalse(read(base64(java.util.Arrays.copyOf(noise, LayerLimits.BLOB_BYTES / 2))).opaque(), "a key");
    }

    @Test
    void aBrokenPackageIsOpaqueAndReadAsFarAsItGoes() {
        var letters = new Random(3).ints(200, 'a', 'z').mapToObj(Character::toString).collect(Collectors.joining());
        var packed = gzip((HIDDEN + letters).getBytes());
        var cut = read(base64(java.util.Arrays.copyOf(packed, packed.length - 40)));
        assertTrue(cut.opaque());
        assertFalse(read(base64(packed)).opaque());
    }

    @Test
    void takesWhateverComes() {
        var random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            var text = random.ints(random.nextInt(80), 0, 0x10000)
                    .mapToObj(c -> String.valueOf((char) c))
                    .collect(Collectors.joining());
            for (var layer : read(text).all()) bounds(layer, text);
            bounds(read(text).shadow(), text);
        }
    }

    private static void bounds(Layer layer, String text) {
        assertEquals(layer.text().length(), layer.cased().length());
        for (int i = 0; i <= layer.cased().length(); i++) {
            int from = layer.originalFrom(i);
            int to = layer.originalTo(i);
            assertTrue(0 <= from && from <= text.length() && 0 <= to && to <= text.length(), layer + " at " + i);
            if (i > 0) assertTrue(layer.originalFrom(i - 1) < to, layer + " at " + i + " of " + text);
        }
    }

    @Test
    void plainTextHasOneReading() {
        var layers = read("Plain words,\n  and numbers 1 2 3.");
        assertSame(layers.given(), layers.all().getFirst());
        assertEquals(1, layers.all().size());
        assertEquals("plain words, and numbers 1 2 3.", layers.shadow().text());
        assertEquals(List.of("shadow"), layers.shadow().path());
    }

    @Test
    void textOfOtherCharsetsIsNoText() {
        var kana = "これは日本語の文章であり、UTF-8ではない".getBytes(Charset.forName("Shift_JIS"));
        assertFalse(read(base64(kana)).all().stream().anyMatch(it -> it.decoded() && it.cased().length() > 20));
    }
}
