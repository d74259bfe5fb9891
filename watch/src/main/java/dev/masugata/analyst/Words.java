package dev.masugata.analyst;

import dev.masugata.graph.Estate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Cuts a question into words: at each place the longest that the lexicon or the graph knows.
final class Words {
    /// Names that are shorter say too little to be meant.
    private static final int NAME_CHARS_MIN = 2;

    private static final Pattern LATELY = Pattern.compile(
            "(?:in the |within the )?(?:last|past) (\\d{1,4}) (hour|day|week)s?|since"
                    + " (yesterday|today)|(昨日|今日)(?:から|以降)?"
                    + "|(?:過去|直近)(\\d{1,4})(時間|日|週)間?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

    private final Lexicon lexicon;
    private final Map<String, Word.Named> names = new HashMap<>();
    private int longest;

    Words(Lexicon lexicon, Estate estate) {
        this.lexicon = lexicon;
        longest = lexicon.longest();
        for (var node : estate.nodes()) {
            var name = Lexicon.normal(node.name());
            if (name.length() < NAME_CHARS_MIN || lexicon.of(name).isPresent()) continue;
            names.putIfAbsent(name, new Word.Named(node.kind(), node.name()));
            longest = Math.max(longest, name.length());
        }
    }

    List<Word> of(String question) {
        var text = Lexicon.normal(question);
        var words = new ArrayList<Word>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || ",.?!;:'\"()「」、。".indexOf(c) >= 0) {
                at++;
                continue;
            }
            var found = known(text, at);
            if (found.isEmpty()) {
                int end = unknownEnd(text, at);
                words.add(new Word.Unknown(text.substring(at, end)));
                at = end;
            } else {
                if (found.get().word != Word.Sign.FILLER) words.add(found.get().word);
                at = found.get().end;
            }
        }
        return words;
    }

    private record Found(Word word, int end) {}

    private Optional<Found> known(String text, int at) {
        var lately = LATELY.matcher(text).region(at, text.length());
        if (lately.lookingAt()) return Optional.of(new Found(new Word.Lately(hours(lately)), lately.end()));
        for (int end = Math.min(text.length(), at + longest); end > at; end--) {
            if (!isBoundary(text, at) || !isBoundary(text, end)) continue;
            var part = text.substring(at, end);
            var word = lexicon.of(part).or(() -> Optional.ofNullable(names.get(part)));
            if (word.isPresent()) return Optional.of(new Found(word.get(), end));
        }
        var number = NUMBER.matcher(text).region(at, text.length());
        if (number.lookingAt() && isBoundary(text, number.end()))
            return Optional.of(new Found(new Word.Number(Integer.parseInt(number.group())), number.end()));
        return Optional.empty();
    }

    private static int hours(java.util.regex.Matcher it) {
        var day = it.group(3) != null ? it.group(3) : it.group(4);
        if (day != null) return day.equals("today") || day.equals("今日") ? 24 : 48;
        int many = Integer.parseInt(it.group(1) != null ? it.group(1) : it.group(5));
        var unit = it.group(2) != null ? it.group(2) : it.group(6);
        return many * (unit.equals("hour") || unit.equals("時間") ? 1 : unit.equals("day") || unit.equals("日") ? 24
                : 168);
    }

    private int unknownEnd(String text, int at) {
        int end = at + 1;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && known(text, end).isEmpty()) end++;
        return end;
    }

    /// Words of Latin letters end where letters end; Japanese has no spaces.
    private static boolean isBoundary(String text, int at) {
        if (at == 0 || at == text.length()) return true;
        return !(isLatin(text.charAt(at - 1)) && isLatin(text.charAt(at)));
    }

    private static boolean isLatin(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '\'';
    }
}
