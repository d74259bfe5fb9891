package dev.masugata.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Source;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is skipped by its letters is what would not have been found by reading it.
class ContentsTest {
    private static final String ALPHABET = "abcdefghijkm nop1234567890.@/-_é枡";
    private static final Source STRANGER =
            new Source(Source.Integrity.UNTRUSTED, Set.of("untrusted"), "web/get", "d-1");

    private final Random random = new Random(20261126);

    private String text(int most) {
        var text = new StringBuilder();
        for (int i = random.nextInt(most) + 1; i > 0; i--)
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        return text.toString();
    }

    private static Span span(long number, String text) {
        return Span.of(number, STRANGER, "/text", false, text, Set.of());
    }

    /// A value that has to do with a text: a part of it, spaced, joined of two parts, encoded; or one of its own.
    private String value(String text) {
        int from = random.nextInt(text.length());
        var part = text.substring(from, from + random.nextInt(text.length() - from) + 1);
        return switch (random.nextInt(5)) {
            case 0 -> part;
            case 1 -> String.join(" ", part.split(""));
            case 2 -> part + text.substring(0, random.nextInt(text.length()) + 1);
            case 3 -> Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            default -> text(12);
        };
    }

    @Test
    void noSpanIsSkippedThatHoldsTheValue() {
        int found = 0;
        int skipped = 0;
        for (int i = 0; i < 3_000; i++) {
            var content = new Contents();
            var texts = List.of(text(60), text(60), text(12), text(200));
            for (var text : texts) content.addLast(span(content.size() + 1, text));
            for (var value : Value.of(Json.object("v", value(texts.get(random.nextInt(4)))))) {
                var read = new ArrayList<Integer>();
                for (int at = 0; at < content.size(); at++)
                    if (Match.of(content.at(at), value).isPresent()) read.add(at);
                var looked = new ArrayList<Integer>();
                for (int at = content.next(-1, value.letters()); at >= 0; at = content.next(at, value.letters()))
                    looked.add(at);
                assertTrue(looked.containsAll(read), value + " in " + texts);
                found += read.size();
                skipped += content.size() - looked.size();
            }
        }
        assertTrue(found > 1_000 && skipped > 1_000, found + " found, " + skipped + " skipped");
    }

    @Test
    void readingAndSearchingFindTheSamePiece() {
        for (int i = 0; i < 20_000; i++) {
            var text = text(40).replaceAll("[^abc12]", "a");
            var value = text(20).replaceAll("[^abc12]", "b");
            int at = random.nextInt(value.length());
            assertEquals(Match.searched(text, value, at), Match.read(text, value, at), text + " " + value + " " + at);
        }
    }

    @Test
    void whatIsForgottenIsNotFoundAndNotCounted() {
        var content = new Contents();
        for (int i = 1; i <= 1_000; i++) {
            content.addLast(span(i, "text " + i));
            if (i > 10) assertEquals(i - 10, content.removeFirst().number());
        }
        assertEquals(10, content.size());
        assertEquals(991, content.at(0).number());
        assertEquals(9, content.next(-1, new long[] {Letters.of("1000")}));
        assertEquals(-1, content.next(9, new long[] {Letters.of("text")}));
        assertTrue(content.hasStrangers());
        assertFalse(content.hasTrusted() || content.hasConfidential() || content.hasSuspicious());
        while (content.size() > 0) content.removeFirst();
        assertFalse(content.hasStrangers());
    }
}
