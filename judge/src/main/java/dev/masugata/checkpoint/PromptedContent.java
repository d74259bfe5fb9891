package dev.masugata.checkpoint;

import dev.masugata.inspect.Inspection;
import dev.masugata.model.Action;
import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.provenance.Provenance;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What an agent has read by itself shows in its prompts: it labels the session as if it had come through a gate.
final class PromptedContent {
    private final Journal journal;
    private final Provenance provenance;

    PromptedContent(Journal journal, Provenance provenance) {
        this.journal = journal;
        this.provenance = provenance;
    }

    void take(Session session, Action.ModelCall call, Inspection seen) {
        if (!call.parts().containsValue(Channel.TOOL_RESULT)) return;
        var suspicious = new HashSet<String>();
        var held = seen.findings().stream().filter(Deliveries::isConfidential).toList();
        for (var finding : seen.findings())
            if (finding.family().equals("injection") && finding.severity().compareTo(Severity.HIGH) >= 0)
                part(call, finding).ifPresent(suspicious::add);
        var labels = labels(call, held);
        if (!suspicious.isEmpty()) labels.add("suspicious");
        if (!labels.isEmpty()) journal.raise(session, labels, call.target());
        provenance.prompted(session, call, held, suspicious);
    }

    /// What tools brought, and not what the user typed.
    private static Set<String> labels(Action.ModelCall call, List<Finding> held) {
        var labels = new HashSet<String>();
        for (var finding : held) if (part(call, finding).isPresent()) labels.add(finding.family());
        return labels;
    }

    private static java.util.Optional<String> part(Action.ModelCall call, Finding finding) {
        return call.parts().entrySet().stream()
                .filter(it -> it.getValue() == Channel.TOOL_RESULT)
                .map(java.util.Map.Entry::getKey)
                .filter(it -> (finding.place() + "/").startsWith(it + "/")).findFirst();
    }
}
