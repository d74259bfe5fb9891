package dev.masugata.sandbox;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;

/// The two trees of a review, held open: the host's workspace and a session's upper layer.
final class Layers implements AutoCloseable {
    /// A longer path cannot be opened in one step (PATH_MAX is 4096 with the end).
    static final int PATH_BYTES = 4000;

    private static final int DIRECTORY = UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY;

    final Fd host;
    final Fd upper;

    private Layers(Fd host, Fd upper) {
        this.host = host;
        this.upper = upper;
    }

    static Layers open(Stored stored, Store store) throws SealException, IOException {
        Fd host;
        try {
            host = UnsafeFiles.open(TreePath.raw(stored.workspace()), DIRECTORY);
        } catch (KernelException e) {
            throw new SealException(
                    "the workspace `" + stored.workspace() + "` of session `" + stored.id() + "` cannot be opened: "
                            + e.word(),
                    e);
        }
        try {
            var now = UnsafeFiles.stat(host);
            if (now.device() != stored.device() || now.inode() != stored.inode())
                throw new SealException("`" + stored.workspace() + "` is another directory now than the one session `"
                        + stored.id() + "` worked on");
            var upper = store.directory(stored.id()).toRealPath().resolve(Store.UPPER);
            return new Layers(host, UnsafeFiles.open(TreePath.raw(upper), DIRECTORY));
        } catch (IOException | SealException e) {
            host.close();
            throw e;
        }
    }

    /// What stands at a path itself; empty too if a link or a file stands where a directory of it should.
    static Optional<Stat> find(Fd root, TreePath path) throws KernelException {
        if (path.raw().isEmpty()) return Optional.of(UnsafeFiles.stat(root));
        try (var parent = UnsafeFiles.open(root, path.parent().raw(), DIRECTORY)) {
            return UnsafeFiles.find(parent, path.name());
        } catch (KernelException e) {
            if (e.is(KernelException.ENOENT) || e.is(KernelException.ENOTDIR) || e.is(KernelException.ELOOP))
                return Optional.empty();
            throw e;
        }
    }

    /// A regular file, opened for reading. It is checked again: what stood there when it was listed may be gone.
    static Fd file(Fd root, TreePath path) throws KernelException {
        var flags = UnsafeFiles.O_RDONLY | UnsafeFiles.O_NOFOLLOW | UnsafeFiles.O_NONBLOCK;
        var file = UnsafeFiles.open(root, path.raw(), flags);
        try {
            if (UnsafeFiles.stat(file).kind() != Stat.Kind.FILE)
                throw new KernelException("open", KernelException.ELOOP);
            return file;
        } catch (KernelException e) {
            file.close();
            throw e;
        }
    }

    static Fd directory(Fd root, TreePath path) throws KernelException {
        return UnsafeFiles.open(root, path.raw(), UnsafeFiles.O_DIRECTORY | UnsafeFiles.O_NOFOLLOW);
    }

    /// The handle of what stands at a path itself, as [OverlayMarks#origin] writes it.
    static Optional<String> handle(Fd root, TreePath path) throws KernelException {
        try (var file = UnsafeFiles.open(root, path.raw(), UnsafeFiles.O_PATH | UnsafeFiles.O_NOFOLLOW)) {
            return UnsafeFiles.handle(file).map(HexFormat.of()::formatHex);
        }
    }

    static String link(Fd root, TreePath path) throws KernelException {
        try (var parent = UnsafeFiles.open(root, path.parent().raw(), DIRECTORY)) {
            return UnsafeFiles.readLink(parent, path.name());
        }
    }

    @Override
    public void close() {
        host.close();
        upper.close();
    }
}
