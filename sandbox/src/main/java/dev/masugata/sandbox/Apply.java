package dev.masugata.sandbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Brings reviewed changes into the real workspace, each path on its own and whole.
///
/// Every step goes by descriptor from the workspace's own directory, beneath it, through no link (openat2(2)): a
/// directory that is swapped for a link while this runs is an error, not another place. What is written is what was
/// reviewed: its digest is computed while it is copied.
final class Apply {
    private static final int PARENT = UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY;

    private final Layers layers;
    private final Baseline baseline;
    private final String session;
    private final boolean asRoot;
    private final List<TreePath> done = new ArrayList<>();
    private final List<Applied.Refused> refused = new ArrayList<>();

    private Apply(Layers layers, Baseline baseline, String session, boolean asRoot) {
        this.layers = layers;
        this.baseline = baseline;
        this.session = session;
        this.asRoot = asRoot;
    }

    /// Deletions first, the deepest first; then what is new, directories before what is in them.
    ///
    /// @param asRoot whether owners must be set: nothing in another user's workspace may come to belong to root
    static Applied run(Collection<Change> changes, Layers layers, Baseline baseline, String session, boolean asRoot)
            throws IOException {
        var apply = new Apply(layers, baseline, session, asRoot);
        apply.clearInterrupted();
        var byPath = Comparator.comparing(Change::path);
        changes.stream()
                .filter(it -> it.after().isEmpty())
                .sorted(byPath.reversed())
                .forEach(apply::attempt);
        changes.stream().filter(it -> it.after().isPresent()).sorted(byPath).forEach(apply::attempt);
        try (var workspace = UnsafeFiles.open(layers.host, "", UnsafeFiles.O_DIRECTORY)) {
            UnsafeFiles.flush(workspace);
        }
        return new Applied(apply.done, apply.refused);
    }

    private void clearInterrupted() {
        baseline.interrupted().forEach((path, host) -> {
            try (var parent = UnsafeFiles.open(layers.host, path.parent().raw(), PARENT)) {
                if (!new Place(parent, path, session).clear(host))
                    refused.add(new Applied.Refused(
                            path,
                            "an apply was interrupted there, and the host's own file lies" + " beside it as `"
                                    + Place.aside(path, session) + "`: keep the one you want"));
            } catch (KernelException e) {
                // Its directory is gone, and what lay in it too.
            }
        });
    }

    private void attempt(Change change) {
        try {
            if (change.obstacle().isPresent())
                throw new SealException(change.obstacle().get());
            try (var parent =
                    UnsafeFiles.open(layers.host, change.path().parent().raw(), PARENT)) {
                if (change.host().isPresent()) noteHandle(change.path());
                baseline.intend(change.path(), change.host());
                one(change, new Place(parent, change.path(), session));
                baseline.applied(
                        change.path(), UnsafeFiles.find(parent, change.path().name()));
            }
            done.add(change.path());
        } catch (KernelException e) {
            refused.add(new Applied.Refused(change.path(), reason(e)));
        } catch (IOException | SealException e) {
            refused.add(new Applied.Refused(change.path(), String.valueOf(e.getMessage())));
        }
    }

    /// The session may hold a copy of it under another name, which is still to be applied.
    private void noteHandle(TreePath path) throws IOException {
        var handle = Layers.handle(layers.host, path);
        if (handle.isPresent()) baseline.replacing(handle.get());
    }

    private static String reason(KernelException e) {
        return switch (e.errno()) {
            case KernelException.ENOENT, KernelException.ENOTDIR -> "it or its directory is not there on the host";
            case KernelException.EXDEV -> "another filesystem is mounted there on the host";
            case KernelException.ENOTEMPTY -> "the host's directory holds something that the session did not know";
            case KernelException.EEXIST -> "the host has something there now";
            default -> e.word();
        };
    }

    private void one(Change change, Place place) throws IOException, SealException {
        var now = place.now();
        if (change.after().isEmpty()) {
            delete(change, place, now);
            return;
        }
        switch (change.after().get()) {
            case Node.Directory(var mode) when now.isPresent() -> {
                if (!now.get().isDirectory()) throw new SealException("the host has something else there now");
                if (change.host().isPresent()) place.permit(change.host().get(), mode & 0777);
            }
            case Node.Directory(var mode) -> place.makeDirectory(mode & 0777, owner(change));
            case Node.File file when change.kind() == Change.Kind.PERMISSIONS -> {
                expect(change, now);
                // An inode with another name may be somebody else's file too: this name gets one of its own instead.
                if (!place.permit(change.host().orElseThrow(), file.mode() & 0777))
                    place.put(change.host(), aside -> write(change, file, place, aside));
            }
            case Node.File file -> {
                expect(change, now);
                place.put(change.host(), aside -> write(change, file, place, aside));
            }
            case Node.Link(var target) -> {
                expect(change, now);
                place.put(change.host(), aside -> place.makeLink(aside, target, owner(change)));
            }
            case Node.Special(var what) -> throw new SealException("a " + what + " is never applied");
        }
    }

    private static void expect(Change change, Optional<Stat> now) throws SealException {
        if (!now.map(Change.Stamp::of).equals(change.host()))
            throw new SealException(
                    now.isPresent() ? "the host has something else there now" : "the host's file is gone");
    }

    private static void delete(Change change, Place place, Optional<Stat> now) throws IOException, SealException {
        if (now.isEmpty()) return;
        var wasDirectory = change.before().orElseThrow() instanceof Node.Directory;
        if (wasDirectory != now.get().isDirectory()) throw new SealException("the host has something else there now");
        if (wasDirectory) {
            place.removeDirectory();
            return;
        }
        expect(change, now);
        place.take(change.host().orElseThrow());
    }

    private void write(Change change, Node.File reviewed, Place place, String aside) throws IOException, SealException {
        try (var from = Layers.file(layers.upper, change.path());
                var to = place.create(aside)) {
            if (!reviewed.sha256().equals(Optional.of(UnsafeContent.copy(from, to, reviewed.size()))))
                throw new SealException("the session changed it after it was shown");
            var owner = owner(change);
            if (owner.isPresent())
                UnsafeFiles.own(to, owner.get().uid(), owner.get().gid());
            if (change.host().isPresent()) keepAttributes(change.path(), to);
            // Last, since a change of owner clears bits; set-user-id, set-group-id and sticky are never applied.
            UnsafeFiles.permit(to, reviewed.mode() & 0777);
        }
    }

    /// Who owns it in the session's layer: the workspace's owner, or that of the host's file it was copied from.
    private Optional<Stat> owner(Change change) throws KernelException {
        return asRoot ? Layers.find(layers.upper, change.path()) : Optional.empty();
    }

    /// The host's extended attributes, access lists among them, stay with a file whose content is replaced. Those
    /// that the session set do not come along.
    private void keepAttributes(TreePath path, Fd to) throws KernelException {
        try (var old = Layers.file(layers.host, path)) {
            for (var name : UnsafeFiles.attributes(old)) {
                if (!name.startsWith("user.") && !name.startsWith("system.posix_acl_")) continue;
                var value = UnsafeFiles.attribute(old, name);
                if (value.isPresent()) UnsafeFiles.attribute(to, name, value.get());
            }
        }
    }
}
