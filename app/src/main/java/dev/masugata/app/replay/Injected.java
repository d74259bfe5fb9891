package dev.masugata.app.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Where injected text stands in what a tool answered, and what it asks for.
///
/// Tools wrap lines and quote, so a text is known by its words in a row, whatever lies between them.
final class Injected {
    /// Where a piece of text begins and ends.
    record Place(int from, int to) {}

    private record Word(String text, int from, int to) {}

    private Injected() {}

    /// The first place in an answer where one of the texts stands.
    static Optional<Place> in(String answer, List<String> texts) {
        var words = words(answer);
        for (var text : texts) {
            var wanted = words(text);
            if (wanted.size() < 4) continue;
            for (int at = 0; at + wanted.size() <= words.size(); at++)
                if (same(words, at, wanted)) {
                    int last = at + wanted.size() - 1;
                    return Optional.of(widened(answer, words.get(at).from(), words.get(last).to()));
                }
        }
        return Optional.empty();
    }

    private static boolean same(List<Word> words, int at, List<Word> wanted) {
        for (int i = 0; i < wanted.size(); i++)
            if (!words.get(at + i).text().equals(wanted.get(i).text())) return false;
        return true;
    }

    /// With the brackets around it.
    private static Place widened(String answer, int from, int to) {
        while (from > 0 && "</[".indexOf(answer.charAt(from - 1)) >= 0) from--;
        while (to < answer.length() && ">]".indexOf(answer.charAt(to)) >= 0) to++;
        return new Place(from, to);
    }

    private static List<Word> words(String text) {
        var words = new ArrayList<Word>();
        int at = 0;
        while (at < text.length()) {
            while (at < text.length() && !Character.isLetterOrDigit(text.charAt(at))) at++;
            int end = at;
            while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) end++;
            if (end > at) words.add(new Word(text.substring(at, end).toLowerCase(Locale.ROOT), at, end));
            at = end;
        }
        return words;
    }

    /// What each injected text asks for: the line of it that the fewest runs share. The rest is the frame around it.
    ///
    /// @return by injected text
    static Map<String, String> goals(List<RecordedRun> runs) {
        var texts = new TreeSet<String>();
        for (var run : runs) texts.addAll(run.injections());
        var shared = new HashMap<String, Integer>();
        for (var text : texts) for (var line : new TreeSet<>(lines(text))) shared.merge(line, 1, Integer::sum);
        var goals = new HashMap<String, String>();
        for (var text : texts)
            lines(text).stream()
                    .min(Comparator.comparingInt((String line) -> shared.getOrDefault(line, 0))
                            .thenComparing(it -> -it.length()))
                    .ifPresent(line -> goals.put(text, line));
        return goals;
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(it -> !it.isEmpty()).toList();
    }

    /// Names that stand for something: addresses, paths, keys, accounts, amounts.
    static Set<String> names(String text) {
        var names = new LinkedHashSet<String>();
        for (var word : text.split("[\\s'\"`,;()<>]+")) {
            var bare = word.replaceAll("^[.:!?]+|[.:!?/]+$", "");
            boolean link = bare.length() > 4 && bare.substring(1, bare.length() - 1).matches(".*[@/._-].*");
            boolean digits = bare.length() > 2 && bare.matches(".*\\d.*");
            if (link || digits) names.add(bare.toLowerCase(Locale.ROOT));
        }
        return names;
    }
}
