package dev.masugata.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrammarTest {
    private static final String HEAD = "== slot colour\nred\nblue\n== benign family user x2\n";

    private static HashSet<String> all(String template) {
        var grammar = Grammar.parse("test", HEAD + template + "\n");
        var random = new Random(1);
        var texts = new HashSet<String>();
        for (int i = 0; i < 200; i++) texts.add(grammar.expand(template, random));
        return texts;
    }

    @Test
    void gapsAreFilled() {
        assertEquals(new HashSet<>(List.of("a red hat", "a blue hat")), all("a ‹colour› hat"));
        assertEquals(new HashSet<>(List.of("x", "y red", "y blue", "", "red", "blue")), all("‹x|y ‹colour›|colour|›"));
        assertEquals(new HashSet<>(List.of("one\ntwo | three")), all("one\\ntwo ¦ three"));
        assertTrue(all("‽").size() == 10);
    }

    @Test
    void aMistakeNamesItsPlace() {
        for (var wrong : List.of("a ‹color› hat", "a ‹colour hat", "a colour› hat"))
            assertTrue(message(HEAD + wrong).contains(wrong), message(HEAD + wrong));
        assertTrue(message("== benign family nowhere\n").startsWith("test.txt:1: "), message("== benign family nowhere\n"));
        assertTrue(message("a line of no section\n").startsWith("test.txt:1: "));
        assertTrue(message("== other x\n").contains("`other`"));
    }

    private static String message(String text) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> Grammar.parse("test", text)).getMessage());
    }

    @Test
    void slotsWithoutEndAreRefused() {
        var grammar = Grammar.parse("test", "== slot loop\n‹loop›\n== benign family user\n‹loop›\n");
        assertThrows(IllegalArgumentException.class, () -> grammar.expand("‹loop›", new Random(1)));
    }
}
