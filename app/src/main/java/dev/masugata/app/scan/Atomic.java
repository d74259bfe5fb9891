package dev.masugata.app.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Writes a file whole or not at all, and never open to others than it was.
public final class Atomic {
    static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");

    private Atomic() {}

    public static void write(Path file, String text, Set<PosixFilePermission> mode) throws IOException {
        var whole = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        var directory = whole.getParent();
        if (directory == null) throw new IOException("`" + file + "` is in no directory");
        Files.createDirectories(directory);
        var fresh = Files.createTempFile(directory, ".masugata-", "", PosixFilePermissions.asFileAttribute(OWNER));
        try {
            Files.writeString(fresh, text, StandardCharsets.UTF_8);
            Files.setPosixFilePermissions(fresh, mode);
            Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    static Set<PosixFilePermission> mode(Path file) throws IOException {
        return Files.exists(file) ? Files.getPosixFilePermissions(file) : OWNER;
    }
}
