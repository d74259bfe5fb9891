package dev.masugata.text;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// Text written in characters that show nothing: tags, variation selectors, zero-width bits.
///
/// Sources: Unicode 16, 23.9 (tags) and 23.4 (variation selectors). Zero-width text has no standard: two of the
/// characters are the bits, a third, if there is one, stands between the letters.
final class Invisible implements Decoder {
    /// Fewer carry no instruction; emoji and scripts use one or two.
    private static final int FEWEST = 4;

    private static final int FEWEST_BITS = 16;

    @Override
    public void decode(String text, Found found) {
        var bits = new StringBuilder();
        int firstBit = -1;
        int lastBit = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x180E) continue;
            if (c == 0xDB40) i = run(text, i, found) - 1;
            else if (c >= 0xFE00 && c <= 0xFE0F) i = run(text, i, found) - 1;
            else if (isZeroWidth(c)) {
                bits.append(c);
                if (firstBit < 0) firstBit = i;
                lastBit = i;
            }
        }
        if (bits.length() >= FEWEST_BITS) bits(bits.toString(), firstBit, lastBit + 1, found);
    }

    static boolean isZeroWidth(char c) {
        return c >= 0x200B && c <= 0x200F || c >= 0x2060 && c <= 0x2064 || c == 0xFEFF || c == 0x180E;
    }

    private static int run(String text, int from, Found found) {
        var tags = new StringBuilder();
        var selectors = new ByteArrayOutputStream();
        int at = from;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (point >= 0xE0020 && point <= 0xE007E) tags.append((char) (point - 0xE0000));
            else if (point >= 0xFE00 && point <= 0xFE0F) selectors.write(point - 0xFE00);
            else if (point >= 0xE0100 && point <= 0xE01EF) selectors.write(point - 0xE0100 + 16);
            else if (point < 0xE0000 || point > 0xE0FFF) break;
            at += Character.charCount(point);
        }
        if (tags.length() >= FEWEST) found.text("tags", tags.toString(), new Offsets.Piece(from, at));
        if (selectors.size() >= FEWEST) found.bytes("variation-selectors", from, at, selectors.toByteArray());
        return Math.max(at, from + 1);
    }

    private static void bits(String marks, int from, int to, Found found) {
        var distinct = marks.chars().distinct().sorted().mapToObj(c -> (char) c).toList();
        for (var reading : distinct.size() == 2 ? fixed(marks, distinct) : separated(marks, distinct)) {
            var text = Bytes.text(reading);
            if (text.isEmpty()) continue;
            found.text("zero-width", text, new Offsets.Piece(from, to));
            return;
        }
    }

    /// Two marks: zero and one either way round, eight or seven bits to a letter.
    private static List<byte[]> fixed(String marks, List<Character> distinct) {
        var readings = new ArrayList<byte[]>();
        // Narrow ones first: read two by two, most bits are some kanji.
        for (int width : new int[] {8, 7, 16}) {
            for (char one : distinct) {
                var bytes = new ByteArrayOutputStream();
                for (int at = 0; at + width <= marks.length(); at += width) letter(marks, at, at + width, one, bytes);
                readings.add(bytes.toByteArray());
            }
        }
        return readings;
    }

    /// Three marks: each of them may be the one between the letters. With more it is no such code that we know.
    private static List<byte[]> separated(String marks, List<Character> distinct) {
        var readings = new ArrayList<byte[]>();
        if (distinct.size() != 3) return readings;
        for (char between : distinct) {
            for (char one : distinct) {
                if (one == between) continue;
                var bytes = new ByteArrayOutputStream();
                int begin = 0;
                for (int at = 0; at <= marks.length(); at++) {
                    if (at < marks.length() && marks.charAt(at) != between) continue;
                    if (at > begin) letter(marks, begin, at, one, bytes);
                    begin = at + 1;
                }
                readings.add(bytes.toByteArray());
            }
        }
        return readings;
    }

    private static void letter(String marks, int from, int to, char one, ByteArrayOutputStream bytes) {
        int value = 0;
        for (int i = from; i < to; i++) value = value << 1 | (marks.charAt(i) == one ? 1 : 0);
        if (to - from <= 8) bytes.write(value);
        else bytes.writeBytes(Character.toString(value & 0xFFFF).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
