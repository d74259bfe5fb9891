package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import dev.masugata.model.Severity;
import dev.masugata.text.Layer;
import java.util.List;

/// The trained weights, on every reading of a text: an order is one in base64 too.
public final class Orders implements Detector {
    private final InjectionModel model;

    public Orders(InjectionModel model) {
        this.model = model;
    }

    @Override
    public void look(Passage passage, Report report) {
        var layers = passage.layers().all();
        for (int i = 0; i < layers.size(); i++) {
            var layer = layers.get(i);
            if (i + 1 < layers.size() && layers.get(i + 1).isShadowOf(layer)) {
                var shadow = layers.get(++i);
                var both = model.look(passage.channel(), layer.cased(), shadow.cased(), passage.place());
                report(both.getFirst(), passage, layer, report);
                report(both.getLast(), passage, shadow, report);
            } else report(model.look(passage.channel(), layer.cased(), passage.place()), passage, layer, report);
        }
    }

    private static void report(List<Finding> findings, Passage passage, Layer layer, Report report) {
        for (var finding : findings)
            report.found(finding.rule(), severity(passage.channel(), finding), passage, layer, finding.from(),
                    finding.to());
    }

    /// What leaves is judged by what it carries and where it goes; that it reads like an order to somebody is worth a
    /// note.
    private static Severity severity(Channel channel, Finding finding) {
        boolean leaves = channel == Channel.EGRESS && finding.severity().compareTo(Severity.MEDIUM) > 0;
        return leaves ? Severity.MEDIUM : finding.severity();
    }
}
