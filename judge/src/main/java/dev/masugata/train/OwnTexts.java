package dev.masugata.train;

import dev.masugata.model.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Source code and papers of this project as harmless texts: grammars write neither, and agents read both all day.
///
/// They are cut into pieces of the length of a file's screen or of a whole small file.
final class OwnTexts {
    private static final String FILE = "/catalog/training/own.txt";
    private static final int CHARS_LEAST = 200;
    private static final int CHARS_MOST = 2_400;
    /// How often each place is part of a piece; papers, of which there are few, oftener.
    private static final int TIMES = 5;

    private static final int TIMES_PAPER = 25;

    private OwnTexts() {}

    static List<Example> all(long seed) {
        var random = new Random(seed);
        var examples = new ArrayList<Example>();
        var channels = List.of(Channel.TOOL_RESULT, Channel.TOOL_RESULT, Channel.MEMORY, Channel.EGRESS);
        for (var file : text().split("(?m)^== "))
            for (int time = 0; time < (isPaper(file) ? TIMES_PAPER : TIMES); time++)
                for (int at = 0; at < file.length(); ) {
                    int end = Math.min(file.length(), at + CHARS_LEAST + random.nextInt(CHARS_MOST - CHARS_LEAST));
                    var channel = channels.get(random.nextInt(channels.size()));
                    examples.add(Example.whole(file.substring(at, end), false, channel, "own-texts"));
                    at = end;
                }
        return examples;
    }

    /// A file begins with its name.
    private static boolean isPaper(String file) {
        return file.lines().findFirst().orElse("").endsWith(".md");
    }

    private static String text() {
        try (var in = OwnTexts.class.getResourceAsStream(FILE)) {
            if (in == null) throw new IllegalStateException("`" + FILE + "` is missing from this build");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new IllegalStateException("`" + FILE + "` cannot be read", broken);
        }
    }
}
