package dev.masugata.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Looks at whether a file is root's, and stays as root wrote it.
///
/// @param uid as which root's files show here
record RootOwned(int uid) {
    private static final Path MAP = Path.of("/proc/self/uid_map");
    private static final Path OVERFLOW = Path.of("/proc/sys/kernel/overflowuid");

    /// In this process's user namespace. In one that does not know root, as the launcher makes for an ordinary user,
    /// root's files show as `nobody`'s, and so do those of every other user but the own: there this tells the own
    /// files from others' (user_namespaces(7)).
    static RootOwned here() {
        try {
            return under(Files.readAllLines(MAP), nobody());
        } catch (IOException noNamespaces) {
            return new RootOwned(0);
        }
    }

    /// @param map    lines of a `uid_map`: uid inside, uid outside, how many
    /// @param nobody as whom those show who are not in it
    static RootOwned under(List<String> map, int nobody) {
        return new RootOwned(map.stream().anyMatch(it -> it.strip().startsWith("0 ")) ? 0 : nobody);
    }

    /// By lines: the kernel gives this file to one read, and the first of `readString` is one byte long.
    static int nobody() throws IOException {
        return Integer.parseInt(Files.readAllLines(OVERFLOW).getFirst().strip());
    }

    /// Why it cannot be relied on; empty if it and the directory in which it stands are root's and no other user may
    /// write them. A link is as good as where it leads and where it stands.
    Optional<String> fault(Path path) throws IOException {
        var places = new LinkedHashSet<Path>();
        places.add(path.toAbsolutePath().getParent());
        places.add(path.toRealPath().getParent());
        places.add(path.toRealPath());
        for (var place : places) {
            var fault = place == null ? Optional.<String>empty() : faultOf(place);
            if (fault.isPresent()) return fault;
        }
        return Optional.empty();
    }

    private Optional<String> faultOf(Path path) throws IOException {
        if ((int) Files.getAttribute(path, "unix:uid") != uid)
            return Optional.of("`" + path + "` must belong to root: chown root " + path);
        var mode = Files.getPosixFilePermissions(path);
        var open = Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
        return mode.stream().anyMatch(open::contains)
                ? Optional.of("`" + path + "` can be written by others than root: chmod go-w " + path)
                : Optional.empty();
    }
}
