package dev.masugata.app.scan;

import dev.masugata.app.Home;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// Files as they were before they were changed, in Masugata's home.
final class Backup {
    /// Copies of one file that are kept beside each other.
    static final int COPIES = 1_000;

    private Backup() {}

    /// @return empty if there was no file
    static Optional<Path> of(Home home, Path file) throws IOException {
        if (!Files.exists(file)) return Optional.empty();
        try {
            home.make();
        } catch (Home.Unusable unusable) {
            throw new IOException(unusable.getMessage());
        }
        var directory = home.directory().resolve("backups");
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rwx------")));
        var name = file.toAbsolutePath().toString().replace('/', '_').replaceFirst("^_", "");
        for (int i = 1; i <= COPIES; i++) {
            var copy = directory.resolve(name + "." + i);
            try {
                Files.createFile(copy, PosixFilePermissions.asFileAttribute(Atomic.OWNER));
            } catch (FileAlreadyExistsException taken) {
                continue;
            }
            Files.write(copy, Files.readAllBytes(file));
            return Optional.of(copy);
        }
        throw new IOException("`" + directory + "` holds " + COPIES + " copies of `" + file + "`: delete some");
    }
}
