package dev.masugata.sandbox;

import java.util.List;

/// How an ordinary user starts the gate.
public final class Rootless {
    private Rootless() {}

    /// What the launcher puts before `java` when it is not root: a user namespace in which the user keeps the own
    /// uid and gid, and has the capabilities to make namespaces for sessions.
    ///
    /// The JVM cannot enter one itself (unshare(2): a user namespace takes a single thread). Find the JDK and the
    /// build before: inside, files of other users show as `nobody`. Needs util-linux 2.36.
    public static List<String> prefix() {
        return List.of("unshare", "--user", "--map-current-user", "--keep-caps", "--");
    }
}
