package dev.masugata.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Disk space put aside while there was some. When the disk is full it is given back, so that an operator's `stop`
/// can still be recorded.
final class Reserve {
    private static final int BLOCK = 64 * 1024;

    private final Path file;
    private final long bytes;

    Reserve(Path file, long bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    boolean isHeld() throws IOException {
        return Files.exists(file) && Files.size(file) >= bytes;
    }

    /// Puts the space aside again.
    ///
    /// @return false if there is no room for it, and as much again to work in
    boolean hold() throws IOException {
        if (isHeld()) return true;
        if (Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace() < 2 * bytes) return false;
        try {
            write();
            return true;
        } catch (IOException full) {
            release();
            return false;
        }
    }

    private void write() throws IOException {
        release();
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(file, options, owner)) {
            // Written, not only sized: a sparse file takes no space away from anybody.
            for (long left = bytes; left > 0; left -= BLOCK) {
                var zeros = ByteBuffer.allocate((int) Math.min(BLOCK, left));
                while (zeros.hasRemaining()) channel.write(zeros);
            }
            channel.force(true);
        }
    }

    void release() throws IOException {
        Files.deleteIfExists(file);
    }
}
