package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether a real file or directory may be shown inside, and whether so that changes in it count at once: never what is
/// the kernel's or holds the machine's sockets; not writable where the machine itself lies, nor where the user's own
/// programs read what they run.
public final class MountCheck {
    /// What these hold, or what holds them, is run or believed by everybody on the machine.
    static final List<String> SYSTEM =
            List.of("/bin", "/boot", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/sbin", "/usr", "/var/lib");
    /// What lies in these speaks for the kernel or for programs that listen there.
    static final List<String> UNREAL =
            List.of("/proc", "/sys", "/dev", "/run", "/var/run", "/tmp/.X11-unix", "/tmp/.ICE-unix");
    /// The same by what they are, wherever they are mounted.
    private static final Set<String> UNREAL_TYPES = Set.of(
            "proc", "sysfs", "devtmpfs", "devpts", "mqueue", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs",
            "bpf", "configfs", "fusectl", "binfmt_misc", "nsfs");
    /// Where the seal shows the machine's own directories, in which it can make no new place.
    private static final List<String> SHOWN =
            List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

    private MountCheck() {}

    /// @param home the user's home directory, `$HOME`
    /// @param hidden Masugata's home and installation
    /// @return why it is refused, and what to do; empty if it may
    public static Optional<String> refuses(Bind bind, Path home, List<Path> hidden) throws IOException {
        var what = "`" + bind.source() + "` cannot be mounted";
        try {
            var real = bind.source().toRealPath();
            var never = never(real, new Hidden(hidden)).or(() -> place(bind.target()));
            if (never.isPresent()) return Optional.of(what + ": " + never.get());
            if (!bind.writable()) return Optional.empty();
            return reason(real, home)
                    .map(reason -> what + " writable: it " + reason + ". Read-only: `--mount " + bind.source() + ":"
                            + bind.target() + ":ro`");
        } catch (NoSuchFileException e) {
            return Optional.of(what + ": it does not exist");
        }
    }

    /// Why a real path is shown in no seal at all; empty if it may be shown.
    public static Optional<String> hides(Path path, List<Path> hidden) throws IOException {
        return never(path.toRealPath(), new Hidden(hidden));
    }

    static Optional<String> never(Path real, Hidden hidden) throws IOException {
        if (real.getNameCount() == 0) return Optional.of("it is the whole machine");
        var exposed = hidden.exposedBy(real);
        return exposed.isPresent() ? exposed.map(it -> it + ", which no session may see") : unreal(real);
    }

    private static Optional<String> unreal(Path real) throws IOException {
        for (var place : UNREAL) {
            if (!Files.isDirectory(Path.of(place))) continue;
            if (Hidden.contains(Path.of(place).toRealPath(), real))
                return Optional.of("it lies in `" + place + "`, through which a process reaches the kernel or programs"
                        + " outside of its seal");
        }
        var type = Files.getFileStore(real).type();
        return UNREAL_TYPES.contains(type)
                ? Optional.of("it is of the kernel's file system `" + type + "`, through which a process reaches"
                        + " outside of its seal")
                : Optional.empty();
    }

    private static Optional<String> place(Path target) {
        for (var shown : SHOWN)
            if (target.startsWith(shown) && !Files.exists(target))
                return Optional.of("there is no `" + target + "` to mount it at, and inside `" + shown
                        + "` the seal makes none; choose a place elsewhere, such as `/mnt/" + target.getFileName()
                        + "`");
        return Optional.empty();
    }

    private static Optional<String> reason(Path real, Path home) throws IOException {
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
