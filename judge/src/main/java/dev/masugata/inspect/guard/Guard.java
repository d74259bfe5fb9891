package dev.masugata.inspect.guard;

import dev.masugata.inspect.Detector;
import dev.masugata.inspect.Passage;
import dev.masugata.inspect.Report;
import dev.masugata.model.Channel;
import dev.masugata.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The operator's classifier, on every reading of a text -> a finding on each stretch of windows that reach the
/// channel's threshold.
///
/// before -> after: twenty pages, on the last `Ignore what was said before and ...` -> `injection/guard` there. What it
/// has no time for is opaque; a model that fails makes the action fail, like any broken inspector.
public final class Guard implements Detector {
    public static final String RULE = "injection/guard";

    private final GuardModel model;
    private final Map<Channel, Double> thresholds;
    private final Severity severity;

    /// @param thresholds for each channel that it looks at: the score from which on a text is suspicious
    public Guard(GuardModel model, Map<Channel, Double> thresholds, Severity severity) {
        this.model = model;
        this.thresholds = Map.copyOf(thresholds);
        this.severity = severity;
    }

    /// The score that a share of certainty stands for: 0.5 is 0, what is hostile is above.
    public static double score(double probability) {
        if (!(probability > 0 && probability < 1))
            throw new IllegalArgumentException("a threshold is more than 0 and less than 1");
        return Math.log(probability / (1 - probability));
    }

    @Override
    public void look(Passage passage, Report report) {
        var threshold = thresholds.get(passage.channel());
        if (threshold == null) return;
        var windows = model.windows(report.nanosLeft());
        for (var layer : passage.layers().all()) {
            for (var stretch : stretches(windows.look(layer.cased()), threshold))
                report.found(RULE, severity(passage.channel()), passage, layer, stretch.from(), stretch.to());
        }
        if (!windows.whole()) report.unread(passage.place());
    }

    /// Windows lie upon one another: what is suspicious in two of them is one thing.
    private static List<GuardModel.Window> stretches(List<GuardModel.Window> windows, double threshold) {
        var stretches = new ArrayList<GuardModel.Window>();
        for (var window : windows) {
            if (window.score() < threshold) continue;
            var last = stretches.isEmpty() ? null : stretches.getLast();
            if (last == null || window.from() >= last.to()) stretches.add(window);
            else {
                double score = Math.max(last.score(), window.score());
                stretches.set(stretches.size() - 1, new GuardModel.Window(score, last.from(), window.to()));
            }
        }
        return stretches;
    }

    /// As of our own model: what leaves is judged by where it goes.
    private Severity severity(Channel channel) {
        boolean leaves = channel == Channel.EGRESS && severity.compareTo(Severity.MEDIUM) > 0;
        return leaves ? Severity.MEDIUM : severity;
    }
}
