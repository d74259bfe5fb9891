package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The quick look says what the other engine says.
class QuickTest {
    private static final List<String> PIECES = List.of(
            "ignore", " ", "all", "\n", "previous", "instructions", "-", "<", ">", "!--", "a", "B", "9", "_", "é", "指示",
            "を", "無視", "\uD83D\uDE00", "@", ".", "\t", "\"", "'", "(", ")", "\u001B[", "8m", "https://", "system", ":");

    @ParameterizedTest
    @ValueSource(strings = {
        "abc", "a|b|", "(?:ab)+c?", "a{2,4}b", "[a-c]{3}", "[^a-c\\s]+x",
        "\\bab\\b", "^ab$", "(?m)^a$", "(?s)a.b", "a.b",
        "(?i)aB", "(?P<found>a)b", "\\x{3042}|\\x41", "a\\Bb", "[\\]\\-x]", "(a|b(c|d)*)?e",
        "x*", "[あ-ん]+", "a{0}b", "",
    })
    void agreesWithTheOtherEngine(String pattern) {
        var quick = Quick.of(pattern, false);
        assertNotNull(quick);
        var other = Pattern.compile(pattern);
        var random = new Random(pattern.hashCode());
        for (int round = 0; round < 3_000; round++) {
            var text = text(random, List.of("a", "b", "c", "x", "A", "B", " ", "\n", "あ", "]", "-", "e", "d"), 8);
            assertEquals(other.matcher(text).find(), quick.mayMatch(text, 0, text.length()), pattern + " on " + text);
        }
    }

    private static String text(Random random, List<String> pieces, int most) {
        var text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) text.append(pieces.get(random.nextInt(pieces.size())));
        return text.toString();
    }

    @Test
    void everyPatternOfTheCatalogHasOneThatMissesNothing() {
        var random = new Random(9);
        int matched = 0;
        for (var detection : Detections.all()) {
            if (detection.patterns().isEmpty()) continue;
            var either = "(?:" + String.join(")|(?:", detection.patterns()) + ")";
            var quick = Quick.of(either, !detection.exact());
            assertNotNull(quick, detection.id() + " has no quick look");
            var other = Pattern.compile(either, detection.exact() ? 0 : Pattern.CASE_INSENSITIVE);
            var texts = new ArrayList<>(detection.fires());
            texts.addAll(detection.silent());
            IntStream.range(0, 60).forEach(_ -> texts.add(text(random, PIECES, 40)));
            for (var text : texts) {
                boolean there = other.matcher(text).find();
                if (there) {
                    matched++;
                    assertTrue(quick.mayMatch(text, 0, text.length()), detection.id() + " misses `" + text + "`");
                }
            }
        }
        assertTrue(matched > 100, "only " + matched + " matches were compared");
    }

    @Test
    void looksAtItsSpanOnly() {
        var quick = Quick.of("\\bab\\b", false);
        assertNotNull(quick);
        assertTrue(quick.mayMatch("xabx", 1, 3), "the span is a text of its own");
        assertEquals(false, quick.mayMatch("ab x", 2, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[:alpha:]]", "\\p{Han}", "\\Qa\\E", "(?U)a"})
    void whatItCannotReadHasNone(String pattern) {
        assertNull(Quick.of(pattern, false));
    }

    @Test
    void keepsNoMoreStatesThanItsBound() {
        var quick = Quick.of("a[ab]{12}c", false);
        assertNotNull(quick);
        var text = text(new Random(3), List.of("a", "b"), 20_000) + "c";
        assertTrue(quick.mayMatch(text, 0, text.length()), "in doubt it says that it may");
    }
}
