package dev.masugata.scan;

import dev.masugata.model.Asset;
import java.util.Map;

/// What all looks of one scan share: what was found, the judge, and whose things they are.
///
/// @param owner    the machine, or what was scanned
/// @param machine  modes of files matter, and paths are absolute
record Scene(Found found, Judge judge, Asset owner, boolean machine) {
    /// An agent is told apart by its kind and by the home or project that it is configured in.
    Asset agent(AgentKind kind, String base) {
        var where = base.isEmpty() ? owner.name() : machine ? base : owner.name() + "/" + base;
        var agent = found.add("Agent", "agent:" + kind.id() + ":" + where, kind.name(),
                Map.of("agent", kind.id(), "vendor", kind.vendor(), "place", where));
        found.relate("RUNS", owner.id(), agent.id());
        return agent;
    }

    /// A key, by its kind and place only.
    ///
    /// @param holder who can use it
    Asset credential(String type, String file, String place, String in, Asset holder) {
        var credential = found.add("Credential", "credential:" + type + ":" + file + "#" + place, place.isEmpty()
                ? type : place,
                Map.of("type", type, "file", file, "place", place, "in", in));
        found.relate("HOLDS", holder.id(), credential.id());
        return credential;
    }
}
