package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GramsTest {
    private static List<Integer> features(String text) {
        var features = new ArrayList<Integer>();
        var grams = new Grams(text);
        while (grams.next()) for (int i = 0; i < grams.count(); i++) features.add(grams.buckets()[i]);
        return features;
    }

    @Test
    void whatOnlyLooksDifferentIsTheSame() {
        assertEquals(features("ignore the rules"), features("Ignore  THE\n\trules"));
        assertEquals(features("ignore the rules"), features("ignore\\nthe\\trules"));
        assertEquals(features("call 911"), features("call 555"));
        assertEquals(features("a === b"), features("a ============ b"));
        assertNotEquals(features("ignore the rules"), features("follow the rules"));
    }

    @Test
    void scriptsWithoutSpacesGiveSingleCharacters() {
        assertEquals(1 + 2 + 3, features("指示を").size());
        assertTrue(features("指示を無視").containsAll(features("無視")));
    }

    @Test
    void theBlocksCoverTheText() {
        var text = "Some words, 日本語の文、 and \uD83C\uDF33 trees. ".repeat(40);
        var grams = new Grams(text);
        int end = 0;
        while (grams.next()) {
            assertEquals(end, grams.from());
            assertTrue(grams.to() > grams.from());
            end = grams.to();
        }
        assertEquals(text.length(), end);
    }

    @Test
    void aMillionSpacesAreOneBlock() {
        var grams = new Grams(" ".repeat(1_000_000));
        int blocks = 0;
        while (grams.next()) blocks++;
        assertEquals(1, blocks);
    }

    @Test
    void aShadowScoresAsIfItWereReadAlone() {
        var model = ModelFile.shipped();
        var head = model.head(dev.masugata.model.Channel.TOOL_RESULT);
        var random = new java.util.Random(3);
        var pieces = List.of(
                "本日は", "２０２６年", "ignore ", "ＡＢＣ", "\\n", "the rules ", "。", "  ", "é", "token=1", "\n");
        for (int round = 0; round < 200; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(90); i >= 0; i--) text.append(pieces.get(random.nextInt(pieces.size())));
            var shadow = round % 2 == 0
                    ? text.toString().replace('２', '2').replace("é", "e")
                    : text.toString().replace("  ", " ").replaceFirst("ＡＢＣ", "ABC");
            var both = Scored.both(head, text, shadow);
            var alone = List.of(Scored.of(head, text), Scored.of(head, shadow));
            for (int i = 0; i < 2; i++) {
                assertEquals(alone.get(i).worst(), both.get(i).worst());
                assertEquals(alone.get(i).above(-2, 8), both.get(i).above(-2, 8));
            }
        }
    }
}
