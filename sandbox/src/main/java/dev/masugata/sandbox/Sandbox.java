package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// The sandbox of one gate: opens sessions and keeps what they changed until a person decides.
public final class Sandbox implements AutoCloseable {
    /// In Masugata's home: packages that sealed servers are started from. What lies in it can be shown to a seal.
    public static final String PACKAGES = "packages";

    private final Parts parts;
    private final Map<String, SealedSession> open = new ConcurrentHashMap<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();

    /// What every session of this gate is made with.
    record Parts(Standing standing, Path home, Path bwrap, Hidden hidden, Store store, UserNamespaces owners) {}

    private Sandbox(Parts parts) {
        this.parts = parts;
    }

    /// @param home Masugata's home, on a filesystem that can carry an overlay's upper layer
    /// @param installation where Masugata itself lies; no seal shows it or the home
    public static Sandbox at(Path home, Path installation) throws SealException {
        if (!System.getProperty("os.name").equals("Linux"))
            throw new SealException("sealing a process needs Linux; the gates work here, `run` does not");
        var standing = Standing.here();
        if (standing == Standing.NONE)
            throw new SealException("this process may not make namespaces: start it as root or with `"
                    + String.join(" ", Rootless.prefix()) + "`");
        try {
            var tools = Tools.find();
            var real = home.toRealPath();
            var hidden = new Hidden(
                    List.of(real, installation.toRealPath()), List.of(real.resolve(PACKAGES)));
            return new Sandbox(new Parts(standing, real, tools.bwrap(), hidden, new Store(real), new UserNamespaces()));
        } catch (IOException e) {
            throw new SealException("`" + home + "` cannot be used as home: " + e.getMessage(), e);
        }
    }

    /// Opens a session: its namespaces, the gate's sockets in them, the overlay of its workspace. No process yet.
    ///
    /// The workspace should have passed [WorkspaceCheck]; one that shows Masugata's home is refused here too.
    public SealedSession open(SessionSpec spec) throws SealException {
        try {
            if (spec.workspace().isPresent()) {
                var exposed = parts.hidden().exposedBy(spec.workspace().get().toRealPath());
                if (exposed.isPresent())
                    throw new SealException("`" + spec.workspace().get() + "` cannot be a workspace: " + exposed.get());
            }
        } catch (IOException e) {
            throw new SealException("`" + spec.workspace().get() + "` cannot be a workspace: " + e.getMessage(), e);
        }
        return openUnchecked(spec);
    }

    /// Also with a workspace inside the home, for a trial.
    SealedSession openUnchecked(SessionSpec spec) throws SealException {
        if (!names.add(spec.id())) throw new SealException("session `" + spec.id() + "` is running already");
        try {
            var stored = Optional.<Stored>empty();
            if (spec.workspace().isPresent())
                stored = Optional.of(
                        parts.store().create(spec.id(), spec.workspace().get()));
            try {
                var session = SealedSession.open(spec, parts, stored, () -> forget(spec.id()));
                open.put(spec.id(), session);
                return session;
            } catch (SealException e) {
                if (stored.isPresent()) parts.store().remove(spec.id());
                throw e;
            }
        } catch (IOException e) {
            throw new SealException("session `" + spec.id() + "` could not be laid out: " + e.getMessage(), e);
        } finally {
            if (!open.containsKey(spec.id())) names.remove(spec.id());
        }
    }

    private void forget(String id) {
        open.remove(id);
        names.remove(id);
    }

    /// The sessions under way.
    public List<SealedSession> running() {
        return List.copyOf(open.values());
    }

    /// The sessions whose changes are kept, the oldest first; also those that are under way.
    public List<Stored> stored() throws SealException {
        try {
            return parts.store().all();
        } catch (IOException e) {
            throw new SealException("the sessions of this home cannot be read: " + e.getMessage(), e);
        }
    }

    /// Opens the changes of a session for review; close it afterwards.
    public Review review(String id) throws SealException {
        try {
            var stored = parts.store().find(id);
            if (stored.isEmpty()) throw new SealException("there is no session `" + id + "` with changes");
            return Review.open(stored.get(), parts.store(), turns.computeIfAbsent(id, _ -> new ReentrantLock()));
        } catch (IOException e) {
            throw new SealException("session `" + id + "` cannot be reviewed: " + e.getMessage(), e);
        }
    }

    /// Deletes what a session changed, for good. It must have ended.
    public void discard(String id) throws SealException {
        if (open.containsKey(id))
            throw new SealException("session `" + id + "` is running: `masugata stop " + id + "`");
        var turn = turns.computeIfAbsent(id, _ -> new ReentrantLock());
        turn.lock();
        try {
            if (parts.store().find(id).isEmpty())
                throw new SealException("there is no session `" + id + "` with changes");
            parts.store().remove(id);
            turns.remove(id);
        } catch (IOException e) {
            throw new SealException("the changes of session `" + id + "` cannot be deleted: " + e.getMessage(), e);
        } finally {
            turn.unlock();
        }
    }

    /// Ends all sessions, all at once.
    @Override
    public void close() throws SealException {
        var stops = open.values().stream().map(Sandbox::stopping).toList();
        try {
            for (var stop : stops) stop.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SealException hanging) throw hanging;
            throw e;
        } finally {
            parts.owners().close();
        }
    }

    private static CompletableFuture<Void> stopping(SealedSession session) {
        var done = new CompletableFuture<Void>();
        Thread.startVirtualThread(() -> {
            try {
                session.stop();
                done.complete(null);
            } catch (SealException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }
}
