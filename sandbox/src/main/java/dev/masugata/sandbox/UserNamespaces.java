package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// User namespaces that exist only as mappings for idmapped mounts (mount_setattr(2)); each is made once.
///
/// Used by a root gate alone: an ordinary user maps nobody but itself.
final class UserNamespaces implements AutoCloseable {
    private final Map<Integer, Fd> made = new HashMap<>();

    /// A namespace in which root and another id stand for each other, and everyone else for itself.
    synchronized Fd swapped(int other) throws IOException, SealException {
        var known = made.get(other);
        if (known != null) return known;
        var fresh = make(other);
        made.put(other, fresh);
        return fresh;
    }

    /// A JVM cannot enter a user namespace (it has threads), so a child does, and the gate keeps a descriptor of it.
    private static Fd make(int other) throws IOException, SealException {
        try (var toChild = UnsafeProcess.pipe(UnsafeProcess.Ours.WRITE);
                var fromChild = UnsafeProcess.pipe(UnsafeProcess.Ours.READ);
                var output = new UnsafeStream(fromChild.read().release())) {
            var pid = UnsafeSpawn.start(
                    List.of("/usr/bin/unshare", "--user", "/bin/sh", "-c", "echo ready; read end"),
                    Map.of("PATH", "/usr/bin:/bin"),
                    List.of(
                            toChild.read().number(),
                            fromChild.write().number(),
                            fromChild.write().number()));
            fromChild.write().close();
            try (var end = UnsafeProcess.open(pid)) {
                var said = new String(output.input().readNBytes(6), StandardCharsets.US_ASCII);
                if (!said.equals("ready\n"))
                    throw new SealException("no user namespace for idmapped mounts: " + said.strip());
                map(pid, other);
                return UnsafeFiles.openNamespace("/proc/" + pid + "/ns/user");
            } finally {
                toChild.write().close();
                toChild.read().close();
                UnsafeProcess.await(pid);
            }
        }
    }

    private static void map(int pid, int other) throws IOException {
        var ids = Standing.idsFromZero();
        var text = "0 %1$d 1\n1 1 %2$d\n%1$d 0 1\n".formatted(other, other - 1);
        if (ids > other + 1) text += "%1$d %1$d %2$d\n".formatted(other + 1, ids - other - 1);
        Files.writeString(Path.of("/proc/" + pid + "/uid_map"), text);
        Files.writeString(Path.of("/proc/" + pid + "/gid_map"), text);
    }

    @Override
    public synchronized void close() {
        made.values().forEach(Fd::close);
        made.clear();
    }
}
