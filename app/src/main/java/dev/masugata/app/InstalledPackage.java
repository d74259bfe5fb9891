package dev.masugata.app;

import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// The package that a server's program was installed from.
///
/// @param directory where its `package.json` lies
record InstalledPackage(String name, String version, Path directory) {
    /// Directories looked at upwards from the program for its `package.json`.
    private static final int UPWARDS_MAX = 8;

    private static final long MANIFEST_BYTES_MAX = 1024 * 1024;

    static Optional<InstalledPackage> of(ServerEntry server) {
        return server.command().stream()
                .limit(2)
                .flatMap(word -> program(word).stream())
                .flatMap(it -> above(it).stream())
                .findFirst();
    }

    /// The file that a word of a command means, links followed; empty if it means none.
    static Optional<Path> program(String word) {
        try {
            if (word.startsWith("/")) return real(Path.of(word));
            if (word.contains("/")) return Optional.empty();
            for (var directory : "/usr/local/bin:/usr/bin:/bin".split(":")) {
                var found = real(Path.of(directory, word));
                if (found.isPresent()) return found;
            }
            return Optional.empty();
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    private static Optional<Path> real(Path path) {
        try {
            return Files.isRegularFile(path) ? Optional.of(path.toRealPath()) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /// The package in which a file lies, if it lies in one.
    static Optional<InstalledPackage> above(Path program) {
        var directory = program.getParent();
        for (int i = 0; i < UPWARDS_MAX && directory != null; i++, directory = directory.getParent()) {
            var manifest = directory.resolve("package.json");
            if (Files.isRegularFile(manifest)) return read(manifest, directory);
        }
        return Optional.empty();
    }

    private static Optional<InstalledPackage> read(Path manifest, Path directory) {
        try {
            if (Files.size(manifest) > MANIFEST_BYTES_MAX) return Optional.empty();
            if (!(JsonReader.read(Files.readAllBytes(manifest), Limits.DEFAULT) instanceof Json.Obj it))
                return Optional.empty();
            var name = it.string("name");
            var version = it.string("version");
            return name.isPresent() && version.isPresent()
                    ? Optional.of(new InstalledPackage(name.get(), version.get(), directory))
                    : Optional.empty();
        } catch (IOException | JsonException unreadable) {
            return Optional.empty();
        }
    }
}
