package dev.masugata.app;

import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.checkpoint.Pipes;
import dev.masugata.checkpoint.SharedPipes;
import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.Sessions;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The programs of which one process serves all sessions (`shared: true`). What they were told has labels of its own in
/// the record, under a name that no session has, so they outlive the gate.
final class SharedServers {
    /// Starts one.
    interface Launching {
        Pipes launch(Session session, ServerEntry entry) throws IOException;
    }

    private final Ledger ledger;
    private final Launching launching;
    private final Map<String, SharedPipes> running = new ConcurrentHashMap<>();

    SharedServers(Ledger ledger, Launching launching) {
        this.ledger = ledger;
        this.launching = launching;
    }

    /// Gives a session its part of the one process.
    Pipes join(Session session, ServerEntry entry) throws IOException {
        var one = running.computeIfAbsent(entry.name(), _ -> new SharedPipes(
                entry.name(), () -> launching.launch(itself(entry), entry), more -> raise(entry, more)));
        return one.join(() -> ledger.standing().facts(session.id()).labels());
    }

    /// What all who wrote to it had.
    Set<String> labels(ServerEntry entry) {
        return ledger.standing().facts(id(entry)).labels();
    }

    private void raise(ServerEntry entry, Set<String> more) {
        for (var label : more)
            if (!labels(entry).contains(label))
                ledger.append(Sessions.raised(new Principal.House(), id(entry), label,
                        Json.object("server", entry.name())));
    }

    private static Session itself(ServerEntry entry) {
        var agent = new Principal.Agent("masugata-server", "", Set.of());
        return new Session(id(entry), agent, "", Session.Kind.TOKEN);
    }

    /// A session's id has no point in it.
    private static String id(ServerEntry entry) {
        var name = entry.name();
        return "shared." + (name.length() > 48 ? name.substring(0, 39) + "-" + Integer.toHexString(name.hashCode())
                : name);
    }

    void close() {
        running.values().forEach(SharedPipes::close);
        running.clear();
    }
}
