package dev.masugata.train;

import dev.masugata.model.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/// The thresholds that stand in `catalog/training/thresholds.txt`, committed with the texts.
final class Thresholds {
    private static final String FILE = "/catalog/training/thresholds.txt";

    /// @param flag   from this score on a text is suspicious
    /// @param strong from this score on it is very likely hostile
    record Pair(float flag, float strong) {}

    private Thresholds() {}

    static Map<Channel, Pair> committed() {
        try (var in = Thresholds.class.getResourceAsStream(FILE)) {
            if (in == null) throw new IllegalStateException("`" + FILE + "` is missing from this build");
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new IllegalStateException("`" + FILE + "` cannot be read", broken);
        }
    }

    static Map<Channel, Pair> parse(String text) {
        var pairs = new EnumMap<Channel, Pair>(Channel.class);
        text.lines().filter(it -> !it.isBlank() && !it.startsWith(";;")).forEach(line -> {
            var words = line.strip().split(" +");
            if (words.length != 3)
                throw new IllegalArgumentException("thresholds.txt: `channel flag strong`, not: " + line);
            var pair = new Pair(Float.parseFloat(words[1]), Float.parseFloat(words[2]));
            if (pairs.put(Grammar.channel(words[0]), pair) != null)
                throw new IllegalArgumentException("thresholds.txt: `" + words[0] + "` stands there twice");
        });
        if (pairs.size() != Channel.values().length)
            throw new IllegalArgumentException("thresholds.txt: each channel has its thresholds");
        return pairs;
    }
}
