package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a directory holds a socket: what is shown of it inside could be connected to, and whoever listens there on
/// the host would take the sealed process for one of its own. No other wall stands between: a socket of the file system
/// belongs to no network namespace, and seccomp cannot read the path that is connected to.
///
/// It says what stands there when a process starts. A socket made there later is reachable.
final class Sockets {
    /// The most entries of one directory tree that is shown.
    static final int ENTRIES_MAX = 200_000;
    /// The most directories within one another.
    static final int DEPTH_MAX = 128;

    private Sockets() {}

    /// Why a real path must not be shown; empty if it holds none.
    static Optional<String> exposedBy(Path real) throws IOException {
        return exposedBy(real, ENTRIES_MAX, DEPTH_MAX);
    }

    static Optional<String> exposedBy(Path real, int entries, int depth) throws IOException {
        var look = new Look(entries, depth);
        Files.walkFileTree(real, EnumSet.noneOf(FileVisitOption.class), depth, look);
        return look.found;
    }

    private static final class Look implements FileVisitor<Path> {
        private final int entries;
        private final int depth;
        private int left;
        private Optional<String> found = Optional.empty();

        private Look(int entries, int depth) {
            this.entries = entries;
            this.depth = depth;
            this.left = entries + 1;
        }

        private FileVisitResult stop(String why) {
            found = Optional.of(why);
            return FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return count();
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) throw failure;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isOther() && isSocket(file))
                return stop("it holds the socket `" + file + "`, behind which a program of this machine may listen;"
                        + " remove it or show a smaller directory");
            // A directory comes here, and not before, where the walk goes no deeper.
            if (attributes.isDirectory())
                return stop("more than " + depth + " directories lie in one another in it; show a smaller directory");
            return count();
        }

        private static boolean isSocket(Path file) throws IOException {
            return Stat.Kind.of((int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS))
                    == Stat.Kind.SOCKET;
        }

        private FileVisitResult count() {
            return --left > 0 ? FileVisitResult.CONTINUE
                    : stop("it holds more than " + entries + " files, more than are looked at for sockets; show a"
                            + " smaller directory");
        }

        /// What cannot be listed may still be walked through by whoever knows a name.
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) return FileVisitResult.CONTINUE;
            if (failure instanceof AccessDeniedException && !Files.isExecutable(file)) return count();
            throw new IOException("`" + file + "` cannot be looked at for sockets", failure);
        }
    }
}
