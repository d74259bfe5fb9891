package dev.masugata.sandbox;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;

/// Which paths a workspace had when a session began.
///
/// The overlay alone does not tell a file that only the session made from one that it put in the place of the host's:
/// both are whole in its upper layer. Where the host has nothing there any more, this says which it is.
///
/// Each path is kept as the first 64 bits of its SHA-256: 8 bytes a path on disk, and no names of the host's there.
/// Two paths that share them make an added file look like a replaced one, which is refused: the safe side.
final class Listing {
    /// Paths that are kept of one workspace; of what lies beyond them it is not known whether it was there.
    static final int PATHS_MAX = 1_000_000;

    private final boolean whole;
    /// Sorted.
    private final long[] paths;

    private Listing(boolean whole, long[] paths) {
        this.whole = whole;
        this.paths = paths;
    }

    /// Looks at everything beneath a workspace, through no link and into no other mount. A directory that cannot be
    /// read is one that the session cannot read either.
    static Listing of(Fd workspace) {
        return of(workspace, PATHS_MAX);
    }

    static Listing of(Fd workspace, int most) {
        var found = new long[1024];
        int count = 0;
        var left = new ArrayDeque<TreePath>();
        left.add(TreePath.ROOT);
        while (!left.isEmpty()) {
            var directory = left.removeFirst();
            try (var open = Layers.directory(workspace, directory)) {
                for (var entry : UnsafeFiles.entries(open)) {
                    var path = directory.child(entry.name());
                    if (count == most) return sorted(false, found, count);
                    if (count == found.length) found = Arrays.copyOf(found, 2 * count);
                    found[count++] = key(path);
                    if (entry.mayBeDirectory() && path.raw().length() <= Layers.PATH_BYTES) left.add(path);
                }
            } catch (KernelException notToBeSeen) {
                continue;
            }
        }
        return sorted(true, found, count);
    }

    private static Listing sorted(boolean whole, long[] found, int count) {
        var paths = Arrays.copyOf(found, count);
        Arrays.sort(paths);
        return new Listing(whole, paths);
    }

    private static long key(TreePath path) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(hash.digest(path.raw().getBytes(StandardCharsets.ISO_8859_1))).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whether the workspace had something there.
    boolean had(TreePath path) {
        return Arrays.binarySearch(paths, key(path)) >= 0;
    }

    /// Whether all paths are in it; else [#had] may say no of one that was there.
    boolean isWhole() {
        return whole;
    }

    void write(Path file) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeBoolean(whole);
            out.writeInt(paths.length);
            for (var path : paths) out.writeLong(path);
        }
    }

    /// Of a session without one, nothing is known.
    static Listing read(Path file) throws IOException {
        if (!Files.exists(file)) return new Listing(false, new long[0]);
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            var whole = in.readBoolean();
            var paths = new long[Math.clamp(in.readInt(), 0, PATHS_MAX)];
            for (int i = 0; i < paths.length; i++) paths[i] = in.readLong();
            return new Listing(whole, paths);
        }
    }
}
