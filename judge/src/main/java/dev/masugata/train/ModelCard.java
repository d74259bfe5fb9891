package dev.masugata.train;

import dev.masugata.inspect.LinearModel;
import dev.masugata.model.Channel;
import dev.masugata.wire.Json;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What weights were made of, what they are good for, and where they err.
///
/// @param counts texts by `hostile FAMILY` or `benign FAMILY`
/// @param held   what the held-back families gave
public record ModelCard(
        long seed, LinearModel model, int bytes, Map<String, Integer> counts, Map<String, Training.HeldFamily> held) {

    /// All held-back families of one kind together.
    public static Interval all(Map<String, Training.HeldFamily> held, boolean hostile) {
        var of = held.values().stream().filter(it -> it.hostile() == hostile).map(Training.HeldFamily::fired).toList();
        return new Interval(
                of.stream().mapToInt(Interval::hits).sum(), of.stream().mapToInt(Interval::of).sum());
    }

    private int texts(String kind) {
        return counts.entrySet().stream()
                .filter(it -> it.getKey().startsWith(kind))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    public Json.Obj json() {
        var families = Json.Obj.EMPTY;
        for (var family : counts.entrySet()) families = families.with(family.getKey(), family.getValue());
        var heldBack = Json.Obj.EMPTY;
        for (var family : held.entrySet())
            heldBack = heldBack.with(family.getKey(), family.getValue().fired().json().with("hostile", Json.of(family.getValue().hostile())));
        var thresholds = Json.Obj.EMPTY;
        for (var channel : Channel.values()) {
            var head = model.head(channel);
            thresholds = thresholds.with(channel.word(), Json.object("flag", number(head.flag())).with("strong", number(head.strong())));
        }
        return Json.object("digest", model.digest()).with("bytes", bytes).with("seed", seed)
                .with("hostileTexts", texts("hostile")).with("benignTexts", texts("benign"))
                .with("families", families).with("thresholds", thresholds).with("heldBack", heldBack)
                .with("heldBackRecall", all(held, true).json()).with("heldBackFalsePositives", all(held, false).json());
    }

    private static Json number(float value) {
        return new Json.Num(String.format(Locale.ROOT, "%.3f", value));
    }

    public String markdown() {
        var heads = java.util.Arrays.stream(Channel.values())
                .map(it -> String.format(Locale.ROOT, "| %s | %.2f | %.2f |", it.word(), model.head(it).flag(), model.head(it).strong()))
                .collect(Collectors.joining("\n"));
        var families = counts.entrySet().stream()
                .map(it -> "| " + it.getKey().replace(" ", " | ") + " | " + it.getValue() + " |")
                .collect(Collectors.joining("\n"));
        var tested = held.entrySet().stream()
                .map(it -> "| " + (it.getValue().hostile() ? "hostile" : "benign") + " | " + it.getKey() + " | " + it.getValue().fired() + " |")
                .collect(Collectors.joining("\n"));
        return """
                # Model card: the injection model

                Digest `%s`, %d bytes, seed %d. Logistic regression over hashed n-grams, one head for each channel, the
                worst of windows of about 96, 192 and 512 characters. It is a signal for policy, not a verdict: an order that
                is worded like any other request is not found, and whoever knows the weights can word one so.

                Trained on %d hostile and %d benign texts, all drawn from grammars under `catalog/training` (and from data
                given by path, where a family is named `given`). The held-back families share no line and no filler with
                them. Thresholds were chosen on held-back benign texts alone.

                ## Thresholds (logits)
                | channel | suspicious | very likely hostile |
                |---|---|---|
                %s

                ## Held back: fired at the threshold, with 95 %% intervals
                Recall on hostile families together: %s. False positives on benign ones together: %s. The texts of a family
                share their few templates, so the true uncertainty about other families is larger than these intervals.

                | kind | family | fired |
                |---|---|---|
                %s

                ## Texts trained on
                | kind | family | texts |
                |---|---|---|
                %s
                """
                .formatted(model.digest(), bytes, seed, texts("hostile"), texts("benign"), heads, all(held, true), all(held, false), tested, families);
    }
}
