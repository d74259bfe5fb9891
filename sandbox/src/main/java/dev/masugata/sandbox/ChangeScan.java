package dev.masugata.sandbox;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads what a session changed from its upper layer: what lies there was written, what is marked there is gone
/// ([OverlayMarks]).
final class ChangeScan {
    private static final String VANISHED = "the host deleted or moved it after the session began";

    private final Layers layers;
    private final Baseline baseline;
    private final Path workspace;
    private final Limits limits;
    private long readable;
    private boolean cut;
    private final List<Change> changes = new ArrayList<>();
    private final List<Changes.Unread> unread = new ArrayList<>();
    /// Copies of the host's files under names that the host does not have, by the handle of what they are copies of.
    private final Map<TreePath, String> copies = new HashMap<>();
    private final Deque<Pending> pending = new ArrayDeque<>();

    /// A directory of the upper layer that is still to be read.
    private record Pending(TreePath path, Beneath beneath) {}

    /// What of the host shows through a directory of the upper layer.
    private enum Beneath {
        /// The host's directory, where the upper one says nothing else.
        SHOWS,
        /// Nothing, though the host has a directory there: the session deleted it and made another.
        HIDDEN,
        /// The host has no directory there.
        NOTHING
    }

    /// What one review reads at most: how many changes, of one file, of all files.
    record Limits(int changes, long fileBytes, long totalBytes) {
        static final Limits USUAL = new Limits(Changes.MOST, Changes.FILE_BYTES, Changes.TOTAL_BYTES);
    }

    private ChangeScan(Layers layers, Baseline baseline, Path workspace, Limits limits) {
        this.limits = limits;
        this.readable = limits.totalBytes();
        this.layers = layers;
        this.baseline = baseline;
        this.workspace = workspace;
    }

    static Changes run(Layers layers, Baseline baseline, Path workspace, Limits limits) {
        var scan = new ChangeScan(layers, baseline, workspace, limits);
        scan.pending.add(new Pending(TreePath.ROOT, Beneath.SHOWS));
        while (!scan.pending.isEmpty() && !scan.cut) scan.directory(scan.pending.removeLast());
        scan.orphans();
        scan.vanished();
        scan.changes.sort(Comparator.comparing(Change::path));
        scan.unread.sort(Comparator.comparing(Changes.Unread::path));
        return new Changes(scan.changes, scan.unread);
    }

    private void directory(Pending it) {
        attempt(it.path(), () -> {
            try (var upper = Layers.directory(layers.upper, it.path())) {
                if (OverlayMarks.isRedirected(upper))
                    throw new SealException("a renamed directory in a form that is not read");
                var beneath = it.beneath() == Beneath.SHOWS && OverlayMarks.isOpaque(upper) ? Beneath.HIDDEN
                        : it.beneath();
                var names = UnsafeFiles.names(upper);
                for (var name : names) child(it.path().child(name), beneath);
                if (beneath == Beneath.HIDDEN) hidden(it.path(), new HashSet<>(names));
            }
        });
    }

    private void child(TreePath path, Beneath beneath) {
        if (cut) return;
        if (path.raw().length() > Layers.PATH_BYTES) {
            unread(path.parent(), "paths beneath it are longer than " + Layers.PATH_BYTES + " bytes");
            return;
        }
        attempt(path, () -> {
            var now = Layers.find(layers.upper, path);
            if (now.isEmpty()) return;
            var host = beneath == Beneath.NOTHING ? Optional.<Stat>empty() : Layers.find(layers.host, path);
            if (OverlayMarks.isWhiteout(layers.upper, path, now.get())) gone(path, host);
            else if (now.get().isDirectory()) directoryAt(path, now.get(), host, beneath);
            else entry(path, now.get(), host);
        });
    }

    private void directoryAt(TreePath path, Stat now, Optional<Stat> host, Beneath above) throws KernelException {
        if (host.isEmpty()) copy(path, now);
        var merged = host.isPresent() && host.get().isDirectory();
        if (!merged) {
            host.ifPresent(it -> gone(path, Optional.of(it)));
            add(path, Optional.empty(), Optional.of(new Node.Directory(now.mode())), Optional.empty());
        } else if (now.permissions() != host.get().permissions()) {
            var before = Optional.<Node>of(new Node.Directory(host.get().mode()));
            add(path, before, Optional.of(new Node.Directory(now.mode())), host);
        }
        pending.add(new Pending(path, merged ? above : Beneath.NOTHING));
    }

    /// A file, link or special file of the session.
    private void entry(TreePath path, Stat now, Optional<Stat> host) throws KernelException, SealException {
        var after = node(layers.upper, path, now, true);
        if (host.isEmpty()) {
            copy(path, now);
            add(path, Optional.empty(), Optional.of(after), Optional.empty());
            return;
        }
        if (host.get().isDirectory()) {
            gone(path, host);
            add(path, Optional.empty(), Optional.of(after), Optional.empty());
            return;
        }
        var sameSize =
                now.kind() == host.get().kind() && now.size() == host.get().size();
        var before = node(layers.host, path, host.get(), sameSize);
        if (!same(before, after)) add(path, Optional.of(before), Optional.of(after), host);
    }

    /// One inode under several names is left out: which of them it was copied from is not known.
    private void copy(TreePath path, Stat now) throws KernelException {
        if (!now.isDirectory() && now.links() > 1) return;
        OverlayMarks.origin(layers.upper, path, now).ifPresent(handle -> copies.put(path, handle));
    }

    /// What looks added but is a copy of a file that the host had when the session wrote to it. If the session moved it
    /// away, its old name is among the changes; else the host deleted or moved it, and it is not made again.
    private void orphans() {
        if (copies.isEmpty()) return;
        Set<String> known = new HashSet<>();
        boolean moved = baseline.deletedAny();
        for (var change : changes) {
            if (change.before().isEmpty()) continue;
            moved |= change.after().isEmpty() && change.before().get() instanceof Node.File;
            attempt(change.path(), () -> Layers.handle(layers.host, change.path()).ifPresent(known::add));
        }
        // Where the kernel does not say of which file it is a copy, it may be any that the session moved.
        if (moved) known.add("");
        changes.replaceAll(change -> isOrphan(change, known)
                ? change.withObstacle(VANISHED)
                : change);
    }

    /// What looks added but stands where the host had something when the session began: the session replaced it, and
    /// the host deleted or moved it meanwhile. It is not made again.
    private void vanished() {
        var there = changes.stream().filter(it -> it.before().isPresent()).map(Change::path)
                .collect(Collectors.toSet());
        boolean anyAdded = false;
        for (var changed = changes.listIterator(); changed.hasNext(); ) {
            var change = changed.next();
            if (change.before().isPresent() || there.contains(change.path())) continue;
            anyAdded = true;
            if (baseline.vanished(change.path())) changed.set(change.withObstacle(VANISHED));
        }
        if (anyAdded && !baseline.knowsAll())
            unread(
                    TreePath.ROOT,
                    "not all that the workspace held when the session began is known (" + Listing.PATHS_MAX
                            + " paths at most): of the rest it is not noticed that the host deleted it meanwhile");
    }

    /// An overlay renames no directory of the host's: the copy of one stands where that stood.
    private boolean isOrphan(Change change, Set<String> known) {
        var handle = copies.get(change.path());
        if (handle == null || change.before().isPresent()) return false;
        boolean directory = change.after().filter(Node.Directory.class::isInstance).isPresent();
        return directory || !known.contains(handle) && !baseline.replaced(handle);
    }

    /// Whether applying would change nothing: special bits are never applied, so they do not count.
    private static boolean same(Node before, Node after) {
        return switch (after) {
            case Node.File(var mode, var size, var sha256) ->
                before instanceof Node.File old
                        && (old.mode() & 0777) == (mode & 0777)
                        && old.size() == size
                        && old.sha256().equals(sha256);
            case Node.Link _, Node.Directory _, Node.Special _ -> after.equals(before);
        };
    }

    private Node node(Fd root, TreePath path, Stat it, boolean read) throws KernelException, SealException {
        return switch (it.kind()) {
            case FILE ->
                new Node.File(it.mode(), it.size(), read ? Optional.of(digest(root, path, it)) : Optional.empty());
            case DIRECTORY -> new Node.Directory(it.mode());
            case LINK -> new Node.Link(Layers.link(root, path));
            case FIFO, SOCKET, CHARACTER, BLOCK, OTHER ->
                new Node.Special(it.kind().word());
        };
    }

    /// A file that says it is huge costs its writer nothing: holes take no room.
    private String digest(Fd root, TreePath path, Stat it) throws KernelException, SealException {
        if (it.size() > limits.fileBytes())
            throw new SealException("it is longer than " + limits.fileBytes() + " bytes");
        readable -= it.size();
        if (readable < 0)
            throw new SealException("the changed files are longer than " + limits.totalBytes() + " bytes together");
        try (var file = Layers.file(root, path)) {
            return UnsafeContent.sha256(file, it.size());
        }
    }

    /// The session deleted what the host has there: each entry of a directory is listed, so the count is honest.
    private void gone(TreePath path, Optional<Stat> host) {
        if (host.isEmpty()) return;
        attempt(path, () -> {
            var before = node(layers.host, path, host.get(), false);
            add(path, Optional.of(before), Optional.empty(), host);
            if (host.get().isDirectory()) hidden(path, Set.of());
        });
    }

    /// The host's entries of a directory that the session no longer has, but those of these names.
    private void hidden(TreePath top, Set<String> kept) {
        Deque<TreePath> left = new ArrayDeque<>(List.of(top));
        while (!left.isEmpty() && !cut) {
            var path = left.removeLast();
            attempt(path, () -> {
                try (var directory = Layers.directory(layers.host, path)) {
                    for (var name : UnsafeFiles.names(directory)) {
                        if (path.equals(top) && kept.contains(name)) continue;
                        var child = path.child(name);
                        var host = UnsafeFiles.find(directory, name);
                        if (host.isEmpty()) continue;
                        var before = node(layers.host, child, host.get(), false);
                        add(child, Optional.of(before), Optional.empty(), host);
                        if (host.get().isDirectory()) left.add(child);
                    }
                }
            });
        }
    }

    private void add(TreePath path, Optional<Node> before, Optional<Node> after, Optional<Stat> host) {
        if (changes.size() < limits.changes()) {
            var stamp = host.map(Change.Stamp::of);
            changes.add(new Change(path, before, after, stamp, obstacle(path, after, host)));
            return;
        }
        if (!cut) unread(path, "more than " + limits.changes() + " changes: from here on none is listed");
        cut = true;
    }

    private void unread(TreePath path, String reason) {
        if (unread.size() < limits.changes()) unread.add(new Changes.Unread(path, reason));
        else cut = true;
    }

    private Optional<String> obstacle(TreePath path, Optional<Node> after, Optional<Stat> host) {
        if (host.isEmpty() && baseline.removed(path))
            return Optional.of("the host deleted or moved it after it was applied");
        if (host.isPresent() && !deletedDirectory(after, host.get()) && baseline.movedOn(path, host.get()))
            return Optional.of("the host's " + host.get().kind().word() + " changed after the session began");
        return after.flatMap(node -> switch (node) {
            case Node.Special(var what) -> Optional.of("a " + what + " is never applied");
            case Node.Link(var target) ->
                LinkTarget.leaves(path, target, workspace)
                        ? Optional.of("the link leaves the workspace: " + Visible.text(target))
                        : Optional.empty();
            case Node.File _, Node.Directory _ -> Optional.empty();
        });
    }

    /// A directory's change time moves with every entry; that it holds nothing new shows when it is removed.
    private static boolean deletedDirectory(Optional<Node> after, Stat host) {
        return after.isEmpty() && host.isDirectory();
    }

    private interface Step {
        void run() throws KernelException, SealException;
    }

    private void attempt(TreePath path, Step step) {
        try {
            step.run();
        } catch (KernelException e) {
            unread(path, e.word());
        } catch (SealException e) {
            unread(path, String.valueOf(e.getMessage()));
        }
    }
}
