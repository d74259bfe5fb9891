package dev.masugata.train;

import dev.masugata.inspect.LinearModel;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Scores labelled texts at the thresholds that stand, and the held-back families beside them.
public final class DetectBench {
    private DetectBench() {}

    /// Texts of one file, label and channel, and how many of them fired.
    public record Line(String file, String label, String channel, Interval fired) {}

    /// One line for each file, label and channel, in that order.
    public static List<Line> score(LinearModel model, Path data) throws IOException, Labelled.Invalid {
        var lines = new ArrayList<Line>();
        for (var file : Labelled.files(data)) {
            var groups = new TreeMap<String, Line>();
            var name = file.getFileName().toString().replaceFirst("\\.jsonl$", "");
            for (var text : Labelled.read(file)) {
                boolean fired = model.score(text.channel(), text.text()) >= model.head(text.channel()).flag();
                var label = text.hostile() ? "attack" : "benign";
                var word = text.channel().word();
                var before = groups.getOrDefault(label + word, new Line(name, label, word, new Interval(0, 0)));
                groups.put(label + word, new Line(name, label, word, before.fired().and(fired)));
            }
            lines.addAll(groups.values());
        }
        return lines;
    }

    /// Prints what fired: a false positive where the label is `benign`, a hit where it is `attack`.
    public static void run(LinearModel model, Path data, boolean json, PrintStream out)
            throws IOException, Labelled.Invalid {
        var lines = score(model, data);
        var held = Training.held(model);
        if (json) {
            var files = new ArrayList<Json>();
            for (var line : lines)
                files.add(Json.object("file", line.file()).with("label", line.label()).with("channel", line.channel())
                        .with("result", line.fired().json()));
            var families = Json.Obj.EMPTY;
            for (var family : held.entrySet())
                families = families.with(family.getKey(), family.getValue().fired().json());
            out.println(Json.object("model", model.digest()).with("files", new Json.Arr(files))
                    .with("heldBack", families)
                    .with("heldBackRecall", ModelCard.all(held, true).json())
                    .with("heldBackFalsePositives", ModelCard.all(held, false).json()));
            return;
        }
        out.println("model " + model.digest());
        out.printf("%-28s %-8s %-17s fired, with the 95 %% interval (Wilson)%n", "file", "label", "channel");
        for (var line : lines)
            out.printf("%-28s %-8s %-17s %s%n", line.file(), line.label(), line.channel(), line.fired());
        out.println();
        out.println("held-back families, never trained on:");
        held.forEach((name, family) ->
                out.printf("%-28s %-8s %-17s %s%n", name, family.hostile() ? "attack" : "benign", "", family.fired()));
        out.printf("%-28s %-8s %-17s %s%n", "together", "attack", "", ModelCard.all(held, true));
        out.printf("%-28s %-8s %-17s %s%n", "together", "benign", "", ModelCard.all(held, false));
    }
}
