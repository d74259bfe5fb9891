package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The files of a workspace as a session sees them, read without asking the session: its own layer above the host's.
///
/// Everything goes by descriptor, through no link (openat2(2)). A link is not followed but said to be one: where it
/// leads, its maker can change at any time.
public final class MergedFiles implements AutoCloseable {
    private static final int PARENT = UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY;

    private final Fd host;
    private final Optional<Fd> upper;

    private MergedFiles(Fd host, Optional<Fd> upper) {
        this.host = host;
        this.upper = upper;
    }

    /// @param host the real directory
    /// @param layer where a session keeps what it changed of it; what is not there has no changes
    public static MergedFiles open(Path host, Optional<Path> layer) throws IOException {
        var below = UnsafeFiles.open(TreePath.raw(host.toRealPath()), PARENT);
        try {
            if (layer.isEmpty() || !Files.isDirectory(layer.get())) return new MergedFiles(below, Optional.empty());
            var above = UnsafeFiles.open(TreePath.raw(layer.get().toRealPath()), PARENT);
            return new MergedFiles(below, Optional.of(above));
        } catch (IOException e) {
            below.close();
            throw e;
        }
    }

    /// Which layer shows the entry of a path, and what it is there.
    private record Entry(Fd root, Stat stat) {}

    /// What stands at a path.
    ///
    /// @param most a longer file is not read
    public FileSeen at(TreePath path, long most) {
        try {
            var lower = true;
            var above = upper.isPresent();
            for (var step : path.steps()) {
                var entry = entry(step, above, lower);
                if (entry.isEmpty()) return new FileSeen.NoFile();
                var kind = entry.get().stat().kind();
                if (kind == Stat.Kind.LINK)
                    return new FileSeen.Unknown("`" + step + "` is a symbolic link: what it leads to can be changed");
                if (kind != Stat.Kind.DIRECTORY) return step.equals(path) ? last(entry.get(), path, most)
                        : new FileSeen.NoFile();
                above = upper.isPresent() && entry.get().root() == upper.get();
                lower = lower && !(above && isOpaque(step));
            }
            return new FileSeen.NoFile();
        } catch (KernelException e) {
            // No file can have such a name.
            if (e.is(KernelException.ENAMETOOLONG)) return new FileSeen.NoFile();
            return new FileSeen.Unknown("`" + path + "` cannot be looked at: " + e.word());
        }
    }

    private Optional<Entry> entry(TreePath path, boolean above, boolean lower) throws KernelException {
        if (above) {
            var stat = Layers.find(upper.orElseThrow(), path);
            if (stat.isPresent()) {
                if (OverlayMarks.isWhiteout(upper.get(), path, stat.get())) return Optional.empty();
                return Optional.of(new Entry(upper.get(), stat.get()));
            }
        }
        return lower ? Layers.find(host, path).map(stat -> new Entry(host, stat)) : Optional.empty();
    }

    private boolean isOpaque(TreePath path) throws KernelException {
        try (var directory = Layers.directory(upper.orElseThrow(), path)) {
            // A redirected directory shows another one's files; our overlays make none, so it was made by hand.
            if (OverlayMarks.isRedirected(directory)) throw new KernelException("getxattr", KernelException.EOPNOTSUPP);
            return OverlayMarks.isOpaque(directory);
        }
    }

    private static FileSeen last(Entry entry, TreePath path, long most) throws KernelException {
        var stat = entry.stat();
        if (stat.kind() != Stat.Kind.FILE)
            return new FileSeen.Unknown("`" + path + "` is a " + stat.kind().word() + ": what it gives can be changed");
        if (stat.size() > most) return new FileSeen.Unknown("`" + path + "` is too long to be read for it");
        try (var file = Layers.file(entry.root(), path)) {
            return new FileSeen.File(stat.size(), UnsafeContent.sha256(file, stat.size()));
        }
    }

    @Override
    public void close() {
        host.close();
        upper.ifPresent(Fd::close);
    }
}
