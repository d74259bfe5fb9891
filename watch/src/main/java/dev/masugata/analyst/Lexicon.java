package dev.masugata.analyst;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which words a question may have, in English and Japanese, and what they say.
final class Lexicon {
    private static final String FILE = "/catalog/analyst/lexicon.json";

    private final Map<String, Word> words = new HashMap<>();
    private final Map<String, String> english = new HashMap<>();
    private final Map<String, String> japanese = new HashMap<>();
    private int longest;

    static Lexicon shipped() {
        var lexicon = new Lexicon();
        var json = file();
        for (var it : json.items("kinds")) {
            var kind = (Json.Obj) it;
            var name = kind.string("kind").orElseThrow();
            lexicon.add(kind, new Word.Kind(name));
            lexicon.english.put(name, texts(kind, "en").getFirst());
            lexicon.japanese.put(name, texts(kind, "ja").getFirst());
        }
        for (var it : json.items("filters")) {
            var filter = (Json.Obj) it;
            var value = filter.at("value").orElseThrow() instanceof Json.Bool(var flag)
                    ? (Object) flag : filter.string("value").orElseThrow();
            lexicon.add(filter, new Word.Filter(
                    filter.string("field").orElseThrow(), value, texts(filter, "of"), filter.isTrue("not")));
        }
        for (var it : json.items("relations"))
            lexicon.add((Json.Obj) it, new Word.Relation(
                    ((Json.Obj) it).string("relation").orElseThrow(), ((Json.Obj) it).isTrue("soft")));
        lexicon.add(json.object("ways"), Word.Sign.WAY);
        lexicon.add(json.object("not"), Word.Sign.NOT);
        lexicon.add(json.object("count"), Word.Sign.COUNT);
        lexicon.add(json.object("each"), Word.Sign.EACH);
        lexicon.add(json.object("most"), Word.Sign.MOST);
        lexicon.add(json.object("or"), Word.Sign.OR);
        lexicon.add(json.object("fillers"), Word.Sign.FILLER);
        return lexicon;
    }

    private void add(Json.Obj entry, Word word) {
        for (var language : List.of("en", "ja"))
            for (var text : texts(entry, language)) {
                var form = normal(text);
                words.putIfAbsent(form, word);
                longest = Math.max(longest, form.length());
            }
    }

    Optional<Word> of(String normal) {
        return Optional.ofNullable(words.get(normal));
    }

    int longest() {
        return longest;
    }

    Set<String> all() {
        return new TreeSet<>(words.keySet());
    }

    /// How a kind is called in the language of the question.
    String called(String kind, boolean inJapanese) {
        return (inJapanese ? japanese : english).getOrDefault(kind, kind);
    }

    static String normal(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    private static List<String> texts(Json.Obj json, String name) {
        return json.items(name).stream().map(it -> ((Json.Str) it).value()).toList();
    }

    private static Json.Obj file() {
        try (var in = Lexicon.class.getResourceAsStream(FILE)) {
            return (Json.Obj) JsonReader.read(in.readAllBytes(), Limits.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
