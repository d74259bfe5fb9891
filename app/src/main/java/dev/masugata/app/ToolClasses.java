package dev.masugata.app;

import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What a tool can do at worst, and who says so: the operator, then a catalog entry for exactly this package and
/// version, then its own annotation where the server is trusted for that; else nobody, and it is unconfirmed.
final class ToolClasses {
    private ToolClasses() {}

    static ToolClass of(ServerEntry server, String tool, Json definition) {
        var given = server.tools().get(tool);
        if (given != null) return given;
        return packaged(server, tool)
                .or(() -> server.trustAnnotations() ? annotated(definition) : Optional.empty())
                .orElse(ToolClass.UNCONFIRMED);
    }

    private static Optional<ToolClass> packaged(ServerEntry server, String tool) {
        return InstalledPackage.of(server).flatMap(it -> entry(it.name(), it.version()))
                .flatMap(entry -> entry.object("tools").string(tool))
                .flatMap(dev.masugata.app.config.ConfigFile::toolClass);
    }

    private static Optional<Json.Obj> entry(String name, String version) {
        var file = "/catalog/tools/" + name.replace("@", "").replace('/', '-') + "-" + version + ".json";
        try (var in = ToolClasses.class.getResourceAsStream(file)) {
            if (in == null) return Optional.empty();
            var entry = (Json.Obj) JsonReader.read(in.readAllBytes(), Limits.DEFAULT);
            boolean same = entry.string("package").equals(Optional.of(name)) && entry.string("version").equals(Optional.of(version));
            return same ? Optional.of(entry) : Optional.empty();
        } catch (IOException broken) {
            throw new IllegalStateException("the catalog cannot be read", broken);
        }
    }

    /// MCP 2025-11-25, `ToolAnnotations`. Only `readOnlyHint` says enough to be a class.
    private static Optional<ToolClass> annotated(Json definition) {
        if (!(definition instanceof Json.Obj whole)) return Optional.empty();
        return whole.object("annotations").isTrue("readOnlyHint") ? Optional.of(ToolClass.READ) : Optional.empty();
    }

    /// The package that a server's program was installed from.
    record InstalledPackage(String name, String version) {
        /// Directories looked at upwards from the program for its `package.json`.
        private static final int UPWARDS_MAX = 8;

        private static final long MANIFEST_BYTES_MAX = 1024 * 1024;

        static Optional<InstalledPackage> of(ServerEntry server) {
            return server.command().stream().limit(2).flatMap(word -> program(word).stream()).flatMap(it -> above(it).stream()).findFirst();
        }

        private static Optional<Path> program(String word) {
            try {
                if (word.startsWith("/")) return real(Path.of(word));
                for (var directory : "/usr/local/bin:/usr/bin:/bin".split(":")) {
                    var found = real(Path.of(directory, word));
                    if (found.isPresent()) return found;
                }
                return Optional.empty();
            } catch (java.nio.file.InvalidPathException noPath) {
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

        private static Optional<InstalledPackage> above(Path program) {
            var directory = program.getParent();
            for (int i = 0; i < UPWARDS_MAX && directory != null; i++, directory = directory.getParent()) {
                var manifest = directory.resolve("package.json");
                if (Files.isRegularFile(manifest)) return read(manifest);
            }
            return Optional.empty();
        }

        private static Optional<InstalledPackage> read(Path manifest) {
            try {
                if (Files.size(manifest) > MANIFEST_BYTES_MAX) return Optional.empty();
                if (!(JsonReader.read(Files.readAllBytes(manifest), Limits.DEFAULT) instanceof Json.Obj it)) return Optional.empty();
                var name = it.string("name");
                var version = it.string("version");
                return name.isPresent() && version.isPresent()
                        ? Optional.of(new InstalledPackage(name.get(), version.get()))
                        : Optional.empty();
            } catch (IOException | dev.masugata.wire.JsonException unreadable) {
                return Optional.empty();
            }
        }
    }
}
