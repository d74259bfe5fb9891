package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.checkpoint.ToolPins;
import dev.masugata.definition.Signature;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What configuration says of servers to whoever looks at their definitions.
final class KnownServers implements ToolPins.Known {
    private final Set<String> servers;
    private final Map<String, Signature> signatures;

    KnownServers(Config config) {
        var all = new java.util.HashSet<>(config.servers().keySet());
        all.add(dev.masugata.app.watch.OwnServer.NAME);
        servers = Set.copyOf(all);
        var signatures = new LinkedHashMap<String, Signature>();
        for (var entry : config.servers().values())
            if (!entry.signed().isEmpty()) signatures.put(entry.name(), new Signature(entry.signed()));
        this.signatures = Map.copyOf(signatures);
    }

    @Override
    public Set<String> servers() {
        return servers;
    }

    @Override
    public Optional<Signature> signature(String server) {
        return Optional.ofNullable(signatures.get(server));
    }
}
