package dev.masugata.app;

import dev.masugata.model.Session;
import dev.masugata.sandbox.Sandbox;
import dev.masugata.sandbox.SealException;
import dev.masugata.sandbox.SealedSession;
import dev.masugata.sandbox.SessionSpec;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The seal of each session: a run has one with its workspace, a token's session one without files, made when a server
/// is first needed.
final class Seals implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("masugata.seals");

    private record Open(SealedSession seal, Optional<Path> workspace) {}

    private final @Nullable Sandbox sandbox;
    private final Map<String, Open> open = new ConcurrentHashMap<>();
    private final Map<String, Set<SealedSession>> beside = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    /// @param sandbox null where this machine cannot seal: everything that needs it is refused with the reason
    Seals(@Nullable Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    private Sandbox sandbox() throws SealException {
        if (sandbox == null) throw new SealException("this machine cannot seal processes: masugata doctor");
        return sandbox;
    }

    /// Opens the seal of a run.
    ///
    /// @param etc files of its own, in `/etc/masugata`; where there are any, its connections are captured
    SealedSession open(Session session, Optional<Path> workspace, List<Integer> ports, Map<String, byte[]> etc)
            throws SealException {
        var seal = sandbox().open(new SessionSpec(session.id(), workspace, ports, !etc.isEmpty(), etc));
        open.put(session.id(), new Open(seal, workspace));
        return seal;
    }

    /// Opens the seal of an installer: no workspace, nothing of the network but the gate's own ports.
    SealedSession open(Session session, List<Integer> ports, Map<String, byte[]> etc) throws SealException {
        var seal = sandbox().open(new SessionSpec(session.id(), Optional.empty(), ports, false, etc));
        open.put(session.id(), new Open(seal, Optional.empty()));
        return seal;
    }

    /// Opens a seal of its own for a server of the session that has a network. It ends with the session, or by itself.
    SealedSession beside(Session session, String server, List<Integer> ports, Map<String, byte[]> etc)
            throws SealException {
        var id = session.id() + "." + server.substring(0, Math.min(server.length(), 24)) + "." + count
                .incrementAndGet();
        var seal = sandbox().open(new SessionSpec(id, Optional.empty(), ports, true, etc));
        beside.computeIfAbsent(session.id(), _ -> ConcurrentHashMap.newKeySet()).add(seal);
        return seal;
    }

    /// Ends one that was opened beside a session's.
    void stop(SealedSession seal) {
        beside.values().forEach(all -> all.remove(seal));
        beside.values().removeIf(Set::isEmpty);
        end(seal);
    }

    private static void end(SealedSession seal) {
        try {
            seal.stop();
        } catch (SealException hanging) {
            LOG.log(Level.ERROR, "session " + seal.id() + ": " + hanging.getMessage(), hanging);
        }
    }

    synchronized SealedSession of(Session session) throws SealException {
        var known = open.get(session.id());
        return known != null ? known.seal() : open(session, Optional.empty(), List.of(), Map.of());
    }

    Optional<Path> workspace(Session session) {
        return Optional.ofNullable(open.get(session.id())).flatMap(Open::workspace);
    }

    /// Ends every process of the session; nothing happens if it has no seal.
    void stop(String session) {
        var others = beside.remove(session);
        if (others != null) others.forEach(Seals::end);
        var ending = open.remove(session);
        if (ending != null) end(ending.seal());
    }

    @Override
    public void close() {
        List.copyOf(open.keySet()).forEach(this::stop);
        List.copyOf(beside.keySet()).forEach(this::stop);
    }
}
