package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A real session with a real process that tells what stands around it: the only ground on which a wall is named.
final class Trial {
    private static final List<String> NAMESPACES = List.of("user", "pid", "mnt", "net", "ipc", "uts", "cgroup");
    private static final int ANSWER_BYTES = 64 * 1024;
    private static final String LOOK = """
        cat /proc/self/status
        for n in user pid mnt net ipc uts cgroup; do echo "ns-$n: $(readlink /proc/self/ns/$n)"; done
        echo "seen: $(cat file)"
        echo mine > file && rm file
        """;

    private Trial() {}

    static List<Machine.Part> run(Path home, Path installation, Standing standing) {
        var id = "trial-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        try {
            var workspace = Files.createTempDirectory(home.toRealPath(), "trial-");
            try (var sandbox = Sandbox.at(home, installation)) {
                Files.writeString(workspace.resolve("file"), "real");
                var answer = look(sandbox, new SessionSpec(id, Optional.of(workspace.toRealPath()), List.of()));
                var kept = Files.readString(workspace.resolve("file")).equals("real");
                sandbox.discard(id);
                return read(answer, kept, standing);
            } finally {
                Files.deleteIfExists(workspace.resolve("file"));
                Files.delete(workspace);
            }
        } catch (SealException | IOException e) {
            return List.of(Machine.missing("trial seal", String.valueOf(e.getMessage()), mend(e)));
        }
    }

    private static String mend(Exception e) {
        return String.valueOf(e.getMessage()).contains("overlay")
                ? "put Masugata's home on a local filesystem such as ext4, xfs or btrfs: --home DIR"
                : "see the message; in a container, allow user namespaces and mounts";
    }

    private static Map<String, String> look(Sandbox sandbox, SessionSpec spec) throws SealException, IOException {
        try (var session = sandbox.openUnchecked(spec)) {
            var process = session.start(SealSpec.agent(List.of("/bin/sh", "-c", LOOK), Map.of()));
            process.stdin().close();
            var text = new String(process.stdout().readNBytes(ANSWER_BYTES), StandardCharsets.UTF_8);
            Map<String, String> answer = new HashMap<>();
            for (var line : text.split("\n")) {
                var colon = line.indexOf(':');
                if (colon > 0)
                    answer.put(
                            line.substring(0, colon), line.substring(colon + 1).strip());
            }
            return answer;
        }
    }

    private static List<Machine.Part> read(Map<String, String> answer, boolean kept, Standing standing)
            throws IOException {
        List<Machine.Part> parts = new ArrayList<>();
        List<String> shared = new ArrayList<>();
        for (var name : NAMESPACES) {
            var ours = Files.readSymbolicLink(Path.of("/proc/self/ns", name)).toString();
            var inside = answer.getOrDefault("ns-" + name, "");
            if (inside.isEmpty() || inside.equals(ours)) shared.add(name);
        }
        parts.add(wall("namespaces", shared.isEmpty(), shared.isEmpty() ? "all seven" : "shared: " + shared));
        parts.add(wall("seccomp", "2".equals(answer.get("Seccomp")), "mode " + answer.get("Seccomp")));
        var caps = answer.getOrDefault("CapEff", "?") + answer.getOrDefault("CapBnd", "?");
        var bare = caps.chars().allMatch(it -> it == '0') && "1".equals(answer.get("NoNewPrivs"));
        parts.add(wall("no privileges", bare, "no capabilities, no new ones"));
        var overlay = kept && "real".equals(answer.get("seen"));
        parts.add(wall("overlay", overlay, standing == Standing.ROOT ? "with mapped owners" : "in a user namespace"));
        return parts;
    }

    private static Machine.Part wall(String name, boolean stands, String detail) {
        return stands
                ? new Machine.Part(name, Machine.State.WALL, detail, Optional.empty())
                : Machine.missing(name, detail, "report this machine: a seal stood without it");
    }
}
