package dev.masugata.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Held by the one process that writes. The system lets it go when that process ends, however it ends.
record WriterLock(Path file, FileChannel channel) implements AutoCloseable {
    // The system's locks belong to the process: closing any channel to the file, also one that never got the lock,
    // lets them all go. So a file that this process holds is not opened a second time.
    private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

    /// @throws LedgerUnavailable when another writer holds it
    static WriterLock take(Path file) throws IOException {
        var path = Objects.requireNonNull(file.toAbsolutePath().getParent()).toRealPath().resolve(file.getFileName());
        if (!HERE.add(path)) throw held(path);
        boolean taken = false;
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            var channel = FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), owner);
            taken = channel.tryLock() != null;
            if (taken) return new WriterLock(path, channel);
            channel.close();
            throw held(path);
        } finally {
            if (!taken) HERE.remove(path);
        }
    }

    private static LedgerUnavailable held(Path file) {
        return new LedgerUnavailable("another writer holds `" + file + "`: one gate at a time writes a ledger");
    }

    /// True if nobody writes.
    static boolean isFree(Path file) throws IOException {
        try (var _ = take(file)) {
            return true;
        } catch (LedgerUnavailable held) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HERE.remove(file);
    }
}
