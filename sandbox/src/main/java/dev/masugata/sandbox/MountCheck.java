package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Whether a real directory may be shown inside so that changes in it count at once: not where the machine itself
/// lies, nor where the user's own programs read what they run.
public final class MountCheck {
    /// What these hold, or what holds them, is run or believed by everybody on the machine.
    static final List<String> SYSTEM = List.of(
            "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run", "/sbin", "/sys",
            "/usr", "/var/lib");

    private MountCheck() {}

    /// @param home the user's home directory, `$HOME`
    /// @param hidden Masugata's home and installation
    /// @return why it is refused, and what to do; empty if it may
    public static Optional<String> refuses(Bind bind, Path home, List<Path> hidden) throws IOException {
        if (!bind.writable()) return Optional.empty();
        try {
            return reason(bind.source().toRealPath(), home, new Hidden(hidden))
                    .map(reason -> "`" + bind.source() + "` cannot be mounted writable: it " + reason
                            + ". Read-only: `--mount " + bind.source() + ":" + bind.target() + ":ro`");
        } catch (NoSuchFileException e) {
            return Optional.of("`" + bind.source() + "` cannot be mounted: it does not exist");
        }
    }

    private static Optional<String> reason(Path real, Path home, Hidden hidden) throws IOException {
        if (real.getNameCount() == 0) return Optional.of("is the whole machine");
        if (hidden.exposedBy(real).isPresent()) return Optional.of("is, holds or lies in what no session may see");
        if (Files.exists(home) && Hidden.contains(real, home.toRealPath()))
            return Optional.of("is or contains your home directory `" + home + "`");
        for (var system : SYSTEM) {
            if (!Files.isDirectory(Path.of(system))) continue;
            var place = Path.of(system).toRealPath();
            if (Hidden.contains(real, place) || Hidden.contains(place, real))
                return Optional.of("is, contains or lies in the system directory `" + system + "`");
        }
        return Optional.empty();
    }
}
