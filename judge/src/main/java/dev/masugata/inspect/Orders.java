package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import dev.masugata.model.Severity;

/// The trained weights, on every reading of a text: an order is one in base64 too.
public final class Orders implements Detector {
    private final InjectionModel model;

    public Orders(InjectionModel model) {
        this.model = model;
    }

    @Override
    public void look(Passage passage, Report report) {
        for (var layer : passage.layers().all())
            for (var finding : model.look(passage.channel(), layer.cased(), passage.place()))
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
