package dev.masugata.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.wire.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What went and what came, by place and word, and nothing unseen.
class DifferenceTest {
    private static List<String> diff(String before, String after) {
        return Difference.of(ClaimsTest.json(before.replace('\'', '"')), ClaimsTest.json(after.replace('\'', '"')));
    }

    @Test
    void wordsAreMarked() {
        assertEquals(
                List.of("- /description  \"Keeps a [-short-] note.\"",
                        "+ /description  \"Keeps a {+long+} note{+, and sends it+}.\""),
                diff("{'description': 'Keeps a short note.'}", "{'description': 'Keeps a long note, and sends it.'}"));
    }

    @Test
    void valuesAreNamedByTheirPlace() {
        assertEquals(List.of("- /a/b~1c  1", "+ /a/b~1c  true", "- /l/1  \"y\"", "+ /n  {}"),
                diff("{'a': {'b/c': 1}, 'l': ['x', 'y']}", "{'a': {'b/c': true}, 'l': ['x'], 'n': {}}"));
    }

    @Test
    void whatIsTheSameSaysNothing() {
        assertEquals(List.of("+ /a  1"), diff("{}", "{'a': 1}"));
        assertEquals(List.of(), diff("{'a': 1, 'b': [1, {}]}", "{'b': [1.0, {}], 'a': 1}"));
    }

    @Test
    void whatCannotBeSeenIsWrittenOut() {
        assertEquals(List.of("- /d  \"[-ab-]\"", "+ /d  \"{+a\\u{200b}b+}\""),
                diff("{'d': 'ab'}", "{'d': 'a\u200bb'}"));
        assertEquals("a\\u{e0041}\\u{fe0f}\\u{a0}\\u{3164}\\u{1b}\\u{2028}\\u{2800} é 日本",
                Difference.visible("a\udb40\udc41\ufe0f\u00a0\u3164\u001b\u2028\u2800 é 日本"));
        assertEquals(List.of("/a\\u{202e}  \"\\u{200d}\""), Difference.lines(Json.object("a\u202e", "\u200d")));
    }

    @Test
    void ofAVeryLongTextTheMiddleIsMarkedAsAWhole() {
        var words = "w ".repeat(Difference.WORDS_MAX);
        var lines = diff("{'d': 'a " + words + "z'}", "{'d': 'a b " + words + "c z'}");
        assertEquals("+ /d  \"a {+b " + words + "c+} z\"", lines.get(1));
    }
}
