package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import dev.masugata.model.Channel;
import dev.masugata.text.LayerLimits;
import dev.masugata.text.Layers;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GivenValuesTest {
    private static final AssignedSecret LIKELY = new AssignedSecret(AssignedSecret.Grade.LIKELY, false);

    private static boolean mayHold(String text) {
        return LIKELY.mayHold(text, 0, text.length());
    }

    @Test
    void aValueBehindANameMayBeOneAndOtherTextIsNone() {
        for (var given : new String[] {
            "password=blue1horse", "\"api_key\": \"abcdef12", "--token  xy12xy12xy", "secret => 'abc12345'",
            "パスワード：tanaka1985", "private key = abcd1234", "Authorization: Bearer abcdefgh1", "TOKEN := abc12345"
        }) assertTrue(mayHold(given), given);
        for (var other : new String[] {
            "the token is in https://www.example.com/a1b2c3d4e5", "{\"token\":\"a word\",\"sha\":\"1c3f5a7b9d2e4f60\"}",
            "secret santa, room 12345abcde", "password: short", "a key a1b2c3d4e5f6"
        }) assertFalse(mayHold(other), other);
    }

    /// It says no only where the detections' own pattern finds nothing that could be a value.
    @Test
    void itMissesNothingThatThePatternFinds() {
        var detection = Detections.all().stream()
                .filter(it -> it.id().equals("secret-like/assignment"))
                .findFirst()
                .orElseThrow();
        var pattern = Pattern.compile(detection.patterns().getFirst());
        var parts = new String[] {
            "password", "api_key", "private key", "Secret", "token", "pwd", "パスワード", "-", "_", "x", "1", "a1b2c3d4e5",
            "=", ":", "=>", ">", "は", "：", "\"", "'", "「", "」", ")", "]", " ", "  ", "\t", "\n", ".", "abc!efgh",
            "longword"
        };
        var random = new Random(11);
        int found = 0;
        for (int round = 0; round < 60_000; round++) {
            var text = new StringBuilder();
            for (int i = 2 + random.nextInt(10); i > 0; i--) text.append(parts[random.nextInt(parts.length)]);
            var whole = text.toString();
            var hits = new int[1];
            var matcher = pattern.matcher(whole);
            while (matcher.find()) {
                int from = matcher.start("found");
                var passage = new Passage(Channel.EGRESS, "", Layers.of(whole, LayerLimits.DEFAULT));
                var span = new Scanner.Span(passage, whole, from, matcher.end("found"), new Notes());
                LIKELY.scan(span, (begin, end) -> hits[0]++);
            }
            found += hits[0];
            if (hits[0] > 0) assertTrue(mayHold(whole), whole);
        }
        assertTrue(found > 500, "only " + found);
        assertEquals(1, detection.patterns().size());
    }
}
