package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The servers in use: one connection for each session and server, made when first needed.
public final class Upstreams implements AutoCloseable {
    /// Compiled schemas kept; past it they are compiled again.
    static final int SCHEMAS_MAX = 4_096;

    private record Key(String session, String server) {}

    private final Checkpoint checkpoint;
    private final Servers servers;
    private final Map<Key, Upstream> running = new ConcurrentHashMap<>();
    private final Map<String, Arguments> schemas = new ConcurrentHashMap<>();
    private final Eras eras = new Eras();
    private final Subscriptions subscriptions = new Subscriptions();

    public Upstreams(Checkpoint checkpoint, Servers servers) {
        this.checkpoint = checkpoint;
        this.servers = servers;
    }

    List<String> names(Session session) {
        return servers.names(session);
    }

    /// The connection of a session. One that was made while the session's agent had other rights is not used again.
    Upstream of(Session session, String server) {
        return running.compute(new Key(session.id(), server), (_, known) -> {
            if (known != null && known.session().agent().equals(session.agent())) return known;
            if (known != null) known.close();
            return new Upstream(checkpoint, session, servers.server(session, server), eras, subscriptions);
        });
    }

    /// The connection to a server, where there is one.
    Optional<Upstream> known(Session session, String server) {
        return Optional.ofNullable(running.get(new Key(session.id(), server)));
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    /// The schema of a definition, compiled once for each content.
    Arguments arguments(ToolDefinition tool) throws Upstream.Failed {
        var known = schemas.get(tool.hash());
        if (known != null) return known;
        try {
            var compiled = new Arguments(tool.inputSchema());
            if (schemas.size() >= SCHEMAS_MAX) schemas.clear();
            schemas.put(tool.hash(), compiled);
            return compiled;
        } catch (IllegalArgumentException unusable) {
            throw new Upstream.Failed("tool " + tool.qualified() + ": " + unusable.getMessage(), null);
        }
    }

    /// All that a server offers and a model would read, pinned or not: for operators.
    ///
    /// @param name of a tool; or `prompt:NAME`, `template:URI`, `instructions:`
    /// @param hash of all of it
    public record Offered(String server, String name, Json whole, String hash) {}

    public List<Offered> discover(Session session, String server) throws Undiscovered {
        try {
            var upstream = of(session, server);
            var offered = new ArrayList<Offered>();
            for (var tool : upstream.listTools("gate"))
                offered.add(new Offered(server, tool.name(), tool.whole(), tool.hash()));
            for (var it : Pinned.all(upstream, "gate"))
                offered.add(new Offered(server, it.name(), it.whole(), it.hash()));
            return List.copyOf(offered);
        } catch (Upstream.Failed failed) {
            throw new Undiscovered(String.valueOf(failed.getMessage()));
        }
    }

    /// A server could not be asked for its tools; the message says why.
    public static final class Undiscovered extends Exception {
        Undiscovered(String message) {
            super(message);
        }
    }

    /// Ends the servers of one session.
    public void close(String session) {
        running.entrySet().removeIf(entry -> {
            if (!entry.getKey().session().equals(session)) return false;
            entry.getValue().close();
            return true;
        });
    }

    @Override
    public void close() {
        running.values().forEach(Upstream::close);
        running.clear();
    }
}
