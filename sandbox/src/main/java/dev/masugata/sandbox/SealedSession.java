package dev.masugata.sandbox;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A session under way: a thread with a mount and a network namespace of its own, and every process started in it.
///
/// Methods may be called from any thread, also a virtual one; what makes namespaces runs on the session's own.
public final class SealedSession implements AutoCloseable {
    /// Where the gate listens inside every session, `masugata.internal`. The range is reserved for benchmarks of
    /// networks (RFC 2544), so no real service is hidden by it; it exists on the session's loopback alone.
    public static final Inet4Address GATE = address("198.18.0.1");
    /// How long [#stop] waits for processes that were killed.
    public static final int STOP_SECONDS = 1;

    private final SessionSpec spec;
    private final Sandbox.Parts parts;
    private final SessionThread thread;
    private final Stage stage;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<SealedProcess> processes = new CopyOnWriteArrayList<>();
    private final Identity owner;
    private final Runnable ended;
    private final ReentrantLock stopping = new ReentrantLock();
    private Optional<Bwrap.Shown> workspace = Optional.empty();
    private @Nullable Capture capture;
    private String uncaptured = "";
    private @Nullable Launch launching;
    private boolean stopped;
    private boolean over;

    private SealedSession(SessionSpec spec, Sandbox.Parts parts, Identity owner, Runnable ended) {
        this.ended = ended;
        this.spec = spec;
        this.parts = parts;
        this.owner = owner;
        this.thread = new SessionThread(spec.id());
        this.stage = new Stage(Stage.at(parts.standing(), parts.home()), parts.owners(), spec.etc());
    }

    /// @param ended called once the session has ended
    static SealedSession open(SessionSpec spec, Sandbox.Parts parts, Optional<Stored> stored, Runnable ended)
            throws SealException {
        var owner = stored.map(it -> Identity.forOwner(parts.standing(), it.uid(), it.gid()))
                .orElseGet(() -> Identity.withoutFiles(parts.standing()));
        var session = new SealedSession(spec, parts, owner, ended);
        try {
            session.thread.call(() -> session.prepare(stored));
            return session;
        } catch (SealException e) {
            session.listeners.forEach(Listener::close);
            session.capture().ifPresent(Capture::close);
            session.thread.end();
            throw e;
        }
    }

    private Void prepare(Optional<Stored> stored) throws IOException, SealException {
        var step = "namespaces";
        try {
            UnsafeMounts.unshare();
            stage.mount();
            step = "network";
            UnsafeNetwork.loopback(GATE);
            for (var port : spec.ports()) listeners.add(new Listener(port, UnsafeNetwork.listen(GATE, port)));
            if (spec.captures()) capturing();
            step = "workspace overlay";
            if (stored.isPresent())
                workspace = Optional.of(
                        new Bwrap.Shown(overlay(stored.get()), stored.get().workspace(), true));
            return null;
        } catch (KernelException e) {
            throw new SealException(
                    "the " + step + " of session `" + spec.id() + "` could not be made: " + e.getMessage()
                            + "; `masugata doctor` says what is missing",
                    e);
        }
    }

    /// A kernel that cannot do it leaves the session without; nothing is reached then but the gate's own ports.
    private void capturing() {
        try {
            capture = UnsafeNetwork.capture(GATE);
        } catch (KernelException e) {
            uncaptured = String.valueOf(e.getMessage());
        }
    }

    /// The sockets that take every connection of the session; empty where none was wanted or the kernel cannot.
    public Optional<Capture> capture() {
        return Optional.ofNullable(capture);
    }

    /// Why connections are not captured although they should be; else empty.
    public String uncaptured() {
        return uncaptured;
    }

    private Path overlay(Stored stored) throws IOException, SealException {
        var flags = UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY;
        var layers = parts.store().directory(stored.id()).toRealPath();
        try (var real = UnsafeFiles.open(TreePath.raw(stored.workspace()), flags);
                var session = UnsafeFiles.open(TreePath.raw(layers), flags)) {
            var now = UnsafeFiles.stat(real);
            if (now.device() != stored.device() || now.inode() != stored.inode())
                throw new SealException("the workspace `" + stored.workspace() + "` was replaced meanwhile");
            return stage.overlay(real, session, owner);
        }
    }

    public String id() {
        return spec.id();
    }

    /// The gate's sockets inside the session, in the order of the ports asked for.
    public List<Listener> listeners() {
        return List.copyOf(listeners);
    }

    /// Starts a process in the session; when this returns the command is about to run.
    public SealedProcess start(SealSpec process) throws SealException {
        return thread.call(() -> {
            var started = launch(process);
            processes.add(started);
            started.onExit().whenComplete((code, broken) -> processes.remove(started));
            return started;
        });
    }

    private SealedProcess launch(SealSpec process) throws IOException, SealException {
        try {
            var showing = Showing.of(process, new Showing.Session(parts, stage, workspace, owner));
            var who = showing.who();
            var options = Bwrap.options(
                    process,
                    who,
                    stage.etc(who),
                    showing.shown(),
                    parts.hidden().paths(),
                    process.directory().orElse(showing.directory()));
            try (var launch = new Launch(who, parts.standing())) {
                begin(launch);
                return launch.start(process, parts.bwrap(), options);
            }
        } catch (KernelException | IllegalArgumentException e) {
            throw new SealException("the seal could not be made: " + e.getMessage(), e);
        } finally {
            synchronized (this) {
                launching = null;
            }
        }
    }

    private synchronized void begin(Launch launch) throws SealException {
        if (stopped) throw new SealException("session `" + spec.id() + "` has ended");
        launching = launch;
    }

    /// The processes that have not ended.
    public List<SealedProcess> processes() {
        return List.copyOf(processes);
    }

    /// Ends every process of the session and the session with it; what it changed stays to be reviewed. An interrupt
    /// of the caller does not keep it from that.
    ///
    /// @throws SealException if a process is still there after [#STOP_SECONDS]: it hangs inside the kernel, and the
    ///     rest follows by itself once it has ended
    public void stop() throws SealException {
        stopping.lock();
        try {
            if (over) return;
            synchronized (this) {
                stopped = true;
                if (launching != null) launching.abandon();
            }
            listeners.forEach(Listener::close);
            var taking = capture;
            if (taking != null) taking.close();
            processes.forEach(SealedProcess::kill);
            // A start under way is on the session's thread: after this step it has come to the list or failed.
            thread.call(() -> null);
            var gone = killed();
            try {
                gone.orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof TimeoutException))
                    throw new SealException("the end of a process of session `" + spec.id() + "` was lost", e);
                killed().thenRun(() -> Thread.startVirtualThread(this::finishLate));
                throw new SealException("processes of session `" + spec.id() + "` hang inside the kernel", e);
            }
            finish();
        } finally {
            stopping.unlock();
        }
    }

    private CompletableFuture<Void> killed() {
        var left = processes();
        left.forEach(SealedProcess::kill);
        return CompletableFuture.allOf(left.stream().map(SealedProcess::onExit).toArray(CompletableFuture[]::new));
    }

    private void finish() throws SealException {
        thread.call(() -> {
            stage.unmount();
            return null;
        });
        thread.end();
        over = true;
        ended.run();
    }

    private void finishLate() {
        stopping.lock();
        try {
            if (!over) finish();
        } catch (SealException e) {
            throw new IllegalStateException(e);
        } finally {
            stopping.unlock();
        }
    }

    /// As [#stop].
    @Override
    public void close() throws SealException {
        stop();
    }

    private static Inet4Address address(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
