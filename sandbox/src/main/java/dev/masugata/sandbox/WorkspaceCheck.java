package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Whether a directory may be the workspace of a session.
public sealed interface WorkspaceCheck {

    /// It may.
    ///
    /// @param workspace its real path, without links: what [SessionSpec] takes
    record Good(Path workspace) implements WorkspaceCheck {}

    /// It may not; the sentence says why and what to do (exit code 125).
    record Refused(String reason) implements WorkspaceCheck {}

    /// Where the machine itself lies: the seal makes or shows these, they are nobody's project.
    List<String> SYSTEM = List.of(
            "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib32", "/lib64", "/opt", "/proc", "/run", "/sbin",
            "/sys", "/tmp", "/usr", "/var");
    /// Nothing in these is a file that could be copied and reviewed.
    List<String> UNREAL = List.of("/proc", "/sys", "/dev");

    /// @param asked what the user named
    /// @param home the user's home directory, `$HOME`
    /// @param hidden Masugata's home and installation
    static WorkspaceCheck of(Path asked, Path home, List<Path> hidden) throws IOException {
        var what = "the workspace `" + asked + "` ";
        var mend = ": choose another with `--workspace DIR`";
        Path real;
        try {
            real = asked.toRealPath();
        } catch (NoSuchFileException e) {
            return new Refused(what + "does not exist" + mend);
        }
        return reason(real, home, new Hidden(hidden))
                .<WorkspaceCheck>map(reason -> new Refused(what + reason + mend))
                .orElseGet(() -> new Good(real));
    }

    private static Optional<String> reason(Path real, Path home, Hidden hidden) throws IOException {
        if (!Files.isDirectory(real)) return Optional.of("is not a directory");
        if (real.getNameCount() == 0) return Optional.of("is the whole machine");
        if (Files.exists(home) && Hidden.contains(real, home.toRealPath()))
            return Optional.of("is or contains your home directory `" + home + "`");
        var exposed = hidden.exposedBy(real);
        if (exposed.isPresent()) return Optional.of("shows what no session may see: " + exposed.get());
        for (var system : SYSTEM)
            if (Files.isDirectory(Path.of(system))
                    && Hidden.contains(real, Path.of(system).toRealPath()))
                return Optional.of("is or contains the system directory `" + system + "`");
        for (var unreal : UNREAL) if (real.startsWith(unreal)) return Optional.of("lies in `" + unreal + "`");
        return foreign(real);
    }

    /// An ordinary user's overlay cannot represent other owners.
    private static Optional<String> foreign(Path real) throws IOException {
        if (Standing.here() == Standing.ROOT) return Optional.empty();
        var uid = (int) Files.getAttribute(real, "unix:uid");
        if (uid == UnsafeKernel.effectiveUser()) return Optional.empty();
        return Optional.of("belongs to " + Files.getOwner(real).getName() + " and not to you");
    }
}
