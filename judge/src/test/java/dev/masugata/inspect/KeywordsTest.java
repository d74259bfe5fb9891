package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeywordsTest {
    private static List<String> find(List<String> keywords, String text) {
        var found = new ArrayList<String>();
        new Keywords(keywords).find(text, (keyword, end) -> found.add(keywords.get(keyword) + "@" + end));
        return found;
    }

    @Test
    void findsEachInOnePass() {
        assertEquals(List.of("she@4", "he@4", "hers@6"), find(List.of("he", "she", "his", "hers"), "ushers"));
        assertEquals(List.of("ignore all@13"), find(List.of("ignore all"), "IGNORE \n\t All"));
        assertEquals(List.of("指示@3"), find(List.of("指示"), "の指示。"));
        assertEquals(List.of(), find(List.of(), "anything"));
    }

    @Test
    void findsWhatASlowSearchFinds() {
        var random = new Random(5);
        for (int round = 0; round < 300; round++) {
            var keywords = new ArrayList<String>();
            for (int i = 0; i < 6; i++) keywords.add(word(random, 1 + random.nextInt(4)));
            var distinct = keywords.stream().distinct().toList();
            var text = word(random, 60);
            var slow = new ArrayList<String>();
            for (var keyword : distinct)
                for (int end = keyword.length(); end <= text.length(); end++)
                    if (text.startsWith(keyword, end - keyword.length())) slow.add(keyword + "@" + end);
            assertEquals(slow.stream().sorted().toList(), find(distinct, text).stream().sorted().toList());
        }
    }

    private static String word(Random random, int length) {
        var word = new StringBuilder();
        for (int i = 0; i < length; i++) word.append((char) ('a' + random.nextInt(3)));
        return word.toString();
    }
}
