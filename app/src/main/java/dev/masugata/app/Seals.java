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
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The seal of each session: a run has one with its workspace, a token's session one without files, made when a server
/// is first needed.
final class Seals implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("masugata.seals");

    private record Open(SealedSession seal, Optional<Path> workspace) {}

    private final @Nullable Sandbox sandbox;
    private final Map<String, Open> open = new ConcurrentHashMap<>();

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

    synchronized SealedSession of(Session session) throws SealException {
        var known = open.get(session.id());
        return known != null ? known.seal() : open(session, Optional.empty(), List.of(), Map.of());
    }

    Optional<Path> workspace(Session session) {
        return Optional.ofNullable(open.get(session.id())).flatMap(Open::workspace);
    }

    /// Ends every process of the session; nothing happens if it has no seal.
    void stop(String session) {
        var ending = open.remove(session);
        if (ending == null) return;
        try {
            ending.seal().stop();
        } catch (SealException hanging) {
            LOG.log(Level.ERROR, "session " + session + ": " + hanging.getMessage(), hanging);
        }
    }

    @Override
    public void close() {
        List.copyOf(open.keySet()).forEach(this::stop);
    }
}
