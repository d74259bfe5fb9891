package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where sessions leave their changes: `<home>/sessions/<id>/{meta, upper, work, began, applied}`.
///
/// `meta` is written last and renamed into place, so a directory without it is half made and holds nothing.
final class Store {
    static final String UPPER = "upper";
    static final String WORK = "work";
    static final String APPLIED = "applied";
    static final String BEGAN = "began";

    private static final String META = "meta";

    private final Path sessions;

    Store(Path home) {
        sessions = home.resolve("sessions");
    }

    Path directory(String id) {
        return sessions.resolve(SessionSpec.requireId(id));
    }

    /// Makes the directories of a session's overlay: its top is what the workspace's own directory is.
    Stored create(String id, Path workspace) throws IOException, SealException {
        var directory = directory(id);
        Files.createDirectories(
                sessions, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (Files.exists(directory) && find(id).isEmpty()) remove(id);
        try (var real = UnsafeFiles.open(TreePath.raw(workspace), UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY)) {
            var lower = UnsafeFiles.stat(real);
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (var made = UnsafeFiles.open(TreePath.raw(directory.toRealPath()), UnsafeFiles.O_DIRECTORY)) {
                for (var name : List.of(UPPER, WORK)) {
                    UnsafeFiles.makeDirectory(made, name, 0700);
                    try (var one = UnsafeFiles.open(made, name, UnsafeFiles.O_DIRECTORY)) {
                        if (Standing.here() == Standing.ROOT) UnsafeFiles.own(one, lower.uid(), lower.gid());
                        UnsafeFiles.permit(one, lower.mode());
                    }
                }
                var now = UnsafeFiles.find(made, UPPER).orElseThrow().changed();
                var stored = new Stored(id, workspace, lower.device(), lower.inode(), lower.uid(), lower.gid(), now);
                // After the stamp: what the host deletes between the two, the session never saw.
                try (var listed = UnsafeFiles.open(real, "", UnsafeFiles.O_DIRECTORY)) {
                    Listing.of(listed).write(directory.resolve(BEGAN));
                }
                write(stored);
                return stored;
            }
        } catch (FileAlreadyExistsException e) {
            throw new SealException("session `" + id + "` exists already: see `masugata ps`");
        }
    }

    private void write(Stored it) throws IOException {
        var text = "workspace=" + it.workspace().toUri().getRawPath() + "\ndevice=" + it.device() + "\ninode="
                + it.inode() + "\nuid=" + it.uid() + "\ngid=" + it.gid() + "\nstarted=" + it.started() + "\n";
        var part = directory(it.id()).resolve(META + ".part");
        Files.writeString(part, text, StandardCharsets.US_ASCII);
        Files.move(part, directory(it.id()).resolve(META), StandardCopyOption.ATOMIC_MOVE);
    }

    /// The session of that name, if it is there and whole.
    Optional<Stored> find(String id) throws IOException {
        try {
            Map<String, String> fields = new HashMap<>();
            for (var line : Files.readAllLines(directory(id).resolve(META), StandardCharsets.US_ASCII)) {
                var equals = line.indexOf('=');
                if (equals > 0) fields.put(line.substring(0, equals), line.substring(equals + 1));
            }
            return Optional.of(new Stored(
                    id,
                    Path.of(java.net.URI.create("file://" + text(fields, "workspace"))),
                    Long.parseLong(text(fields, "device")),
                    Long.parseLong(text(fields, "inode")),
                    Integer.parseInt(text(fields, "uid")),
                    Integer.parseInt(text(fields, "gid")),
                    Long.parseLong(text(fields, "started"))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException("`" + directory(id).resolve(META) + "` is damaged: " + e.getMessage(), e);
        }
    }

    private static String text(Map<String, String> fields, String name) {
        var value = fields.get(name);
        if (value == null) throw new IllegalArgumentException("`" + name + "` is missing");
        return value;
    }

    /// All sessions that can be reviewed, the oldest first.
    List<Stored> all() throws IOException {
        if (!Files.isDirectory(sessions)) return List.of();
        List<Stored> found = new ArrayList<>();
        try (var names = Files.newDirectoryStream(sessions)) {
            for (var one : names) find(one.getFileName().toString()).ifPresent(found::add);
        }
        found.sort(java.util.Comparator.comparingLong(Stored::started));
        return List.copyOf(found);
    }

    /// Deletes a session's directory with all that is in it, however deep, whatever its permissions.
    void remove(String id) throws IOException {
        var directory = directory(id);
        Files.deleteIfExists(directory.resolve(META));
        if (!Files.exists(directory)) return;
        try (var parent = UnsafeFiles.open(TreePath.raw(sessions.toRealPath()), UnsafeFiles.O_DIRECTORY)) {
            Removal.remove(parent, id);
        }
    }
}
