package dev.masugata.sandbox;

import java.nio.file.Path;

/// A real file or directory of the machine that a seal shows, past the overlay.
///
/// @param source what is shown; without the mounts beneath it
/// @param target where it is shown, an absolute path
/// @param writable whether changes go straight to the real files
public record Bind(Path source, Path target, boolean writable) {
    public Bind {
        if (!target.isAbsolute() || !target.equals(target.normalize()) || target.getNameCount() == 0)
            throw new IllegalArgumentException(
                    "the place of a mount must be an absolute path without `.` and `..`, not `" + target + "`");
        for (var kept : new String[] {"/proc", "/sys", "/dev", "/etc"})
            if (target.startsWith(kept))
                throw new IllegalArgumentException(
                        "nothing can be mounted at `" + target + "`: the seal makes `" + kept + "` itself");
    }

    /// Shows a directory at its own path, not writable.
    public static Bind read(Path directory) {
        var path = directory.toAbsolutePath().normalize();
        return new Bind(path, path, false);
    }
}
