package dev.masugata.train;

import dev.masugata.inspect.LinearModel;
import dev.masugata.model.Channel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Texts to weights, in rounds.
///
/// A hostile text teaches with the window over its hostile part that is now thought worst, a harmless one with the
/// window that is now thought worst anywhere: so each round is about what the last one got wrong. Between rounds the
/// words that look hostile all by themselves are put into harmless texts, so that a word alone is no attack.
final class Trainer {
    private static final int ROUNDS = 6;
    private static final int PROBES_AFTER = 2;
    private static final int PROBE_WORDS = 500;
    private static final int PROBE_TEXTS = 1_500;

    private final Weights weights = new Weights();
    private final Random random;
    private final Consumer<String> progress;

    Trainer(long seed, Consumer<String> progress) {
        this.random = new Random(seed);
        this.progress = progress;
    }

    Weights train(List<Example> examples) {
        var lesson = new ArrayList<>(examples);
        for (int round = 0; round < ROUNDS; round++) {
            if (round == PROBES_AFTER) lesson.addAll(probes(examples));
            Collections.shuffle(lesson, random);
            int wrong = 0;
            for (var example : lesson) if (learn(example, round)) wrong++;
            if (round >= ROUNDS / 2) weights.remember();
            progress.accept("round " + (round + 1) + " of " + ROUNDS + ": " + wrong + " of " + lesson.size() + " wrong");
        }
        return weights;
    }

    /// @return true if the text was judged wrongly before
    private boolean learn(Example example, int round) {
        var blocks = new Blocks(example.text());
        if (blocks.count() == 0) return false;
        var channel = example.channel();
        var before = weights.sums(blocks, channel);
        boolean wrong = false;
        for (int length : LinearModel.WINDOWS) {
            int first = 0;
            int end = blocks.count();
            if (example.hostile()) {
                // A window over the hostile part, with a little of what is around it.
                first = Math.max(0, blocks.at(example.from()) - length / 4);
                end = Math.min(end, blocks.at(Math.max(example.to() - 1, 0)) + 1 + length / 4);
            }
            int last = Math.max(first, end - length);
            int from = round == 0 ? first + random.nextInt(last - first + 1) : worst(blocks, before, first, last, length, channel);
            int to = Math.min(from + length, end);
            wrong |= weights.score(blocks, before, from, to, channel) > 0 != example.hostile();
            weights.learn(blocks, from, to, channel, example.hostile(), random.nextInt());
            if (blocks.count() <= LinearModel.WINDOWS[0]) break;
        }
        return wrong;
    }

    private int worst(Blocks blocks, float[] before, int first, int last, int length, Channel channel) {
        int worst = first;
        double most = Double.NEGATIVE_INFINITY;
        for (int from = first; from <= last; from++) {
            double score = weights.score(blocks, before, from, Math.min(from + length, blocks.count()), channel);
            if (score > most) {
                most = score;
                worst = from;
            }
        }
        return worst;
    }

    /// Harmless texts made of the words that look most hostile alone.
    private List<Example> probes(List<Example> examples) {
        var counts = new HashMap<String, Integer>();
        for (var example : examples)
            if (example.hostile())
                for (var word : example.text().split("[^\\p{L}']+"))
                    if (word.length() > 2 && word.length() < 16) counts.merge(word.toLowerCase(java.util.Locale.ROOT), 1, Integer::sum);
        record Probe(String word, double score) {}
        var probes = new ArrayList<Probe>();
        counts.forEach((word, count) -> {
            if (count < 8) return;
            var blocks = new Blocks(" " + word + " ");
            probes.add(new Probe(word, weights.sums(blocks, Channel.TOOL_RESULT)[blocks.count()]));
        });
        probes.sort(java.util.Comparator.comparingDouble((Probe it) -> -it.score()).thenComparing(Probe::word));
        var words = probes.stream().limit(PROBE_WORDS).map(Probe::word).toList();
        var texts = new ArrayList<Example>();
        for (int i = 0; i < PROBE_TEXTS && !words.isEmpty(); i++) {
            var text = new StringBuilder();
            for (int n = 1 + random.nextInt(14); n > 0; n--)
                text.append(words.get(random.nextInt(words.size()))).append(List.of(" ", " ", ", ", ". ", " / ").get(random.nextInt(5)));
            texts.add(Example.whole(text.toString(), false, Channel.values()[random.nextInt(Channel.values().length)], "probes"));
        }
        return texts;
    }
}
