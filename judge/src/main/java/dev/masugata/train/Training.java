package dev.masugata.train;

import dev.masugata.inspect.Head;
import dev.masugata.inspect.LinearModel;
import dev.masugata.inspect.ModelFile;
import dev.masugata.model.Channel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/// From a seed to weights and what is known of them. The same seed and texts give the same bytes.
public final class Training {
    /// Fixed: whoever builds gets the same weights.
    public static final long SEED = 20_260_101;

    /// Texts of a family of weight one, in the shipped weights.
    public static final int EACH = 72;

    /// Texts of a held-back family of weight one.
    static final int HELD_EACH = 150;

    private final long seed;
    private final int each;
    private final Consumer<String> progress;

    /// @param each     texts of a family of weight one
    /// @param progress told what is being done
    public Training(long seed, int each, Consumer<String> progress) {
        this.seed = seed;
        this.each = each;
        this.progress = progress;
    }

    /// Weights and the account of them.
    ///
    /// @param bytes as [ModelFile] writes them
    public record Trained(byte[] bytes, LinearModel model, ModelCard card) {}

    /// @param more texts that others have labelled; they make own weights, never the shipped ones
    public Trained run(List<Example> more) {
        var examples = new ArrayList<>(Corpus.trained(seed, each));
        progress.accept(examples.size() + " texts written, " + more.size() + " given");
        examples.addAll(OwnTexts.all(seed));
        Collections.shuffle(examples, new Random(seed));
        examples.addAll(more);
        var weights = new Trainer(seed, progress).train(examples);
        var heads = new ArrayList<Head>();
        Thresholds.committed().forEach((channel, pair) -> heads.add(weights.head(channel, pair.flag(), pair.strong())));
        var bytes = ModelFile.bytes(heads);
        try {
            var model = ModelFile.of(bytes);
            return new Trained(bytes, model, new ModelCard(seed, model, bytes.length, counts(examples), held(model)));
        } catch (ModelFile.Invalid broken) {
            throw new IllegalStateException("the weights cannot be read again", broken);
        }
    }

    /// The held-back families, scored: by family.
    public static Map<String, HeldFamily> held(LinearModel model) {
        var held = new TreeMap<String, HeldFamily>();
        for (var example : Corpus.held(SEED, HELD_EACH)) {
            boolean fired = model.score(example.channel(), example.text()) >= model.head(example.channel()).flag();
            var before = held.getOrDefault(example.family(), new HeldFamily(example.hostile(), new Interval(0, 0)));
            held.put(example.family(), new HeldFamily(example.hostile(), before.fired().and(fired)));
        }
        return held;
    }

    /// How many texts of a held-back family fired.
    public record HeldFamily(boolean hostile, Interval fired) {}

    private static Map<String, Integer> counts(List<Example> examples) {
        var counts = new TreeMap<String, Integer>();
        for (var example : examples)
            counts.merge((example.hostile() ? "hostile " : "benign ") + example.family(), 1, Integer::sum);
        return counts;
    }
}
