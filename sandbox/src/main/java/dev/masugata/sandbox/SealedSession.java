package dev.masugata.sandbox;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
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
    private final Optional<Identity> owner;
    private final Runnable ended;
    private final ReentrantLock stopping = new ReentrantLock();
    private Optional<Path> merged = Optional.empty();
    private @Nullable Launch launching;
    private boolean stopped;
    private boolean over;

    private SealedSession(SessionSpec spec, Sandbox.Parts parts, Optional<Identity> owner, Runnable ended) {
        this.ended = ended;
        this.spec = spec;
        this.parts = parts;
        this.owner = owner;
        this.thread = new SessionThread(spec.id());
        this.stage = new Stage(Stage.at(parts.standing(), parts.home()), parts.owners());
    }

    /// @param ended called once the session has ended
    static SealedSession open(SessionSpec spec, Sandbox.Parts parts, Optional<Stored> stored, Runnable ended)
            throws SealException {
        var owner = stored.map(it -> Identity.forOwner(parts.standing(), it.uid(), it.gid()));
        var session = new SealedSession(spec, parts, owner, ended);
        try {
            session.thread.call(() -> session.prepare(stored));
            return session;
        } catch (SealException e) {
            session.listeners.forEach(Listener::close);
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
            step = "workspace overlay";
            if (stored.isPresent()) merged = Optional.of(overlay(stored.get()));
            return null;
        } catch (KernelException e) {
            throw new SealException(
                    "the " + step + " of session `" + spec.id() + "` could not be made: " + e.getMessage()
                            + "; `masugata doctor` says what is missing",
                    e);
        }
    }

    private Path overlay(Stored stored) throws IOException, SealException {
        var flags = UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY;
        var layers = parts.store().directory(stored.id()).toRealPath();
        try (var workspace = UnsafeFiles.open(TreePath.raw(stored.workspace()), flags);
                var session = UnsafeFiles.open(TreePath.raw(layers), flags)) {
            var now = UnsafeFiles.stat(workspace);
            if (now.device() != stored.device() || now.inode() != stored.inode())
                throw new SealException("the workspace `" + stored.workspace() + "` was replaced meanwhile");
            return stage.overlay(workspace, session, owner.orElseThrow());
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
        var who = identity(process);
        var shown = new ArrayList<Bwrap.Shown>();
        for (var bind : process.binds()) shown.add(show(bind, who));
        var directory = files(process, who, shown);
        var options = Bwrap.options(
                process, who, stage.etc(who), shown, parts.hidden().paths(), process.directory().orElse(directory));
        try (var launch = new Launch(who, parts.standing())) {
            begin(launch);
            return launch.start(process, parts.bwrap(), options);
        } catch (KernelException e) {
            throw new SealException("the seal could not be made: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
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

    private Identity identity(SealSpec process) throws IOException, SealException {
        return switch (process.files()) {
            case SealSpec.Files.Nothing() -> Identity.withoutFiles(parts.standing());
            case SealSpec.Files.Workspace() -> owner.orElse(Identity.withoutFiles(parts.standing()));
            case SealSpec.Files.Directory(var path) -> ownerOf(path);
        };
    }

    private Identity ownerOf(Path directory) throws IOException, SealException {
        if (!Files.isDirectory(directory)) throw new SealException("there is no directory `" + directory + "`");
        var uid = (int) Files.getAttribute(directory, "unix:uid");
        return Identity.forOwner(parts.standing(), uid, (int) Files.getAttribute(directory, "unix:gid"));
    }

    /// Shows what the process works on, and says where that is.
    private Path files(SealSpec process, Identity who, List<Bwrap.Shown> shown) throws IOException, SealException {
        return switch (process.files()) {
            case SealSpec.Files.Nothing() -> who.home();
            case SealSpec.Files.Workspace() -> {
                if (merged.isEmpty()) throw new SealException("session `" + spec.id() + "` has no workspace");
                var place = spec.workspace().orElseThrow();
                shown.add(new Bwrap.Shown(merged.get(), place, true));
                yield place;
            }
            case SealSpec.Files.Directory(var path) -> {
                shown.add(show(new Bind(path, path.toRealPath(), true), who));
                yield path.toRealPath();
            }
        };
    }

    private Bwrap.Shown show(Bind bind, Identity who) throws IOException, SealException {
        var what = "`" + bind.source() + "` cannot be shown inside: ";
        try {
            var real = bind.source().toRealPath();
            if (real.getNameCount() == 0) throw new SealException(what + "it is the whole machine");
            if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(real))
                throw new SealException(what + "it is neither a directory nor a file");
            var exposed = parts.hidden().exposedBy(real);
            if (exposed.isPresent()) throw new SealException(what + exposed.get());
            try (var source = UnsafeFiles.open(TreePath.raw(real), UnsafeFiles.O_PATH)) {
                return new Bwrap.Shown(stage.bind(source, who), bind.target(), bind.writable());
            }
        } catch (java.nio.file.NoSuchFileException e) {
            throw new SealException(what + "it does not exist", e);
        } catch (KernelException e) {
            throw new SealException(what + e.getMessage(), e);
        }
    }

    /// The processes that have not ended.
    public List<SealedProcess> processes() {
        return List.copyOf(processes);
    }

    /// Ends every process of the session and the session with it; what it changed stays to be reviewed.
    ///
    /// @throws SealException if a process is still there after [#STOP_SECONDS]: it hangs inside the kernel
    public void stop() throws SealException {
        stopping.lock();
        try {
            if (over) return;
            synchronized (this) {
                stopped = true;
                if (launching != null) launching.abandon();
            }
            // A start under way is on the session's thread: after this step it has come to the list or failed.
            thread.call(() -> null);
            end();
            listeners.forEach(Listener::close);
            thread.call(() -> {
                stage.unmount();
                return null;
            });
            thread.end();
            over = true;
            ended.run();
        } finally {
            stopping.unlock();
        }
    }

    private void end() throws SealException {
        var left = processes();
        left.forEach(SealedProcess::kill);
        var exits = left.stream().map(SealedProcess::onExit).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(exits).get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new SealException("processes of session `" + spec.id() + "` hang in the kernel and were not ended", e);
        } catch (ExecutionException e) {
            throw new SealException("the end of a process of session `" + spec.id() + "` was lost", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SealException("interrupted while session `" + spec.id() + "` was stopped", e);
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
