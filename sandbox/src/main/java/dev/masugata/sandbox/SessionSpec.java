package dev.masugata.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A session to be opened.
///
/// @param id 1 to 64 letters, digits, `.`, `_`, `-`, beginning with a letter or digit; also its directory's name
/// @param workspace the real directory to work on as an overlay, already checked ([WorkspaceCheck]); empty for a
///     session without files
/// @param ports on which the gate listens inside, at [SealedSession#GATE]
/// @param captures whether every connection of the session is brought to the gate ([SealedSession#capture])
/// @param etc   files that the session's `/etc/masugata` holds, by name
public record SessionSpec(
        String id, Optional<Path> workspace, List<Integer> ports, boolean captures, Map<String, byte[]> etc) {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}");

    public SessionSpec {
        requireId(id);
        ports = List.copyOf(ports);
        etc = Map.copyOf(etc);
        for (var name : etc.keySet())
            if (!FILE.matcher(name).matches()) throw new IllegalArgumentException("`" + name + "` is no file's name");
        for (var port : ports)
            if (port < 1 || port > 65535) throw new IllegalArgumentException("`" + port + "` is no port");
    }

    /// A session whose `/etc` holds nothing more than all have, and whose network is nothing but the gate's ports.
    public SessionSpec(String id, Optional<Path> workspace, List<Integer> ports) {
        this(id, workspace, ports, false, Map.of());
    }

    private static final Pattern FILE = Pattern.compile("[a-z][a-z0-9.-]{0,62}");

    static String requireId(String id) {
        if (!ID.matcher(id).matches())
            throw new IllegalArgumentException("session `" + Visible.text(id)
                    + "` must be 1 to 64 letters, digits, `.`, `_` or `-`, and begin with a letter or digit");
        return id;
    }
}
