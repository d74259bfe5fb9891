package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.PolicySets;
import dev.masugata.model.Principal;
import dev.masugata.policy.Policy;
import dev.masugata.policy.PolicyLoader;
import dev.masugata.policy.PolicyProblem;
import dev.masugata.policy.PolicySet;
import dev.masugata.policy.Source;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// The policy in force. It is in force only once its digest is on record, and compiled anew when a tool is pinned, for
/// the tools' schemas are part of it.
final class LivePolicy implements Supplier<Policy> {
    private final Config config;
    private final Ledger ledger;
    private final AtomicReference<PolicySet> live = new AtomicReference<>();

    LivePolicy(Config config, Ledger ledger) {
        this.config = config;
        this.ledger = ledger;
    }

    @Override
    public Policy get() {
        return live.get();
    }

    /// Compiles what configuration names for the tools pinned now, puts it on record, and makes it the one in force.
    synchronized void load(Principal by) throws PolicyProblem.Invalid {
        var sources = PolicyFiles.of(config);
        var compiled = PolicyLoader.load(sources, pinned());
        var known = ledger.standing().policies().live();
        if (known.isEmpty() || !known.get().digest().equals(compiled.digest()))
            ledger.append(PolicySets.live(by, compiled.digest(), text(sources, pinned())));
        live.set(compiled);
    }

    private Map<String, Json.Obj> pinned() {
        return PolicyFiles.pinned(ledger.standing().pins(), ledger.reader()::entry);
    }

    private static Json text(List<Source> sources, Map<String, Json.Obj> tools) {
        var files = new ArrayList<Json>();
        for (var source : sources) files.add(Json.object("file", source.file()).with("text", source.text()));
        var shapes = Json.EMPTY;
        for (var tool : tools.entrySet()) shapes = shapes.with(tool.getKey(), tool.getValue());
        return Json.object("files", new Json.Arr(files)).with("tools", shapes);
    }
}
