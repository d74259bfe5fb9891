package dev.masugata.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A session to be opened.
///
/// @param id 1 to 64 letters, digits, `.`, `_`, `-`, beginning with a letter or digit; also its directory's name
/// @param workspace the real directory to work on as an overlay, already checked ([WorkspaceCheck]); empty for a
///     session without files
/// @param ports on which the gate listens inside, at [SealedSession#GATE]
public record SessionSpec(String id, Optional<Path> workspace, List<Integer> ports) {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}");

    public SessionSpec {
        requireId(id);
        ports = List.copyOf(ports);
        for (var port : ports)
            if (port < 1 || port > 65535) throw new IllegalArgumentException("`" + port + "` is no port");
    }

    static String requireId(String id) {
        if (!ID.matcher(id).matches())
            throw new IllegalArgumentException("session `" + Visible.text(id)
                    + "` must be 1 to 64 letters, digits, `.`, `_` or `-`, and begin with a letter or digit");
        return id;
    }
}
