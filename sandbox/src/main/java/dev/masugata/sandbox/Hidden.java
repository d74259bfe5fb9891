package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What no seal may show: Masugata's home and its installation.
///
/// Compared by file and not by name, so that a bind mount or a link under another name is the same place.
///
/// @param except directories in them whose insides may be shown all the same: installed packages
record Hidden(List<Path> paths, List<Path> except) {
    Hidden {
        paths = List.copyOf(paths);
        except = List.copyOf(except);
    }

    Hidden(List<Path> paths) {
        this(paths, List.of());
    }

    /// Why a real path must not be shown; empty if it may.
    Optional<String> exposedBy(Path shown) throws IOException {
        for (var one : except)
            if (shown.startsWith(one) && !shown.equals(one)) return Optional.empty();
        for (var secret : paths) {
            if (!Files.exists(secret)) continue;
            var real = secret.toRealPath();
            if (contains(shown, real))
                return Optional.of(sameFile(shown, real) ? "it is `" + secret + "`" : "it contains `" + secret + "`");
            if (contains(real, shown)) return Optional.of("it lies inside `" + secret + "`");
        }
        return Optional.empty();
    }

    /// Whether the inner path is the outer one or lies beneath it.
    static boolean contains(Path outer, Path inner) throws IOException {
        for (var one = inner; one != null; one = one.getParent()) if (sameFile(outer, one)) return true;
        return false;
    }

    private static boolean sameFile(Path one, Path other) throws IOException {
        if (one.equals(other)) return true;
        try {
            return Files.isSameFile(one, other);
        } catch (java.nio.file.AccessDeniedException e) {
            // Not even its attributes can be read, so it is none that we could read either.
            return false;
        }
    }
}
