package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What this machine offers for seals, each part looked at and none assumed: for `doctor`, and for the walls that
/// the banner of `run` names.
///
/// @param parts in the order in which they are told
public record Machine(Standing standing, List<Part> parts) {
    public Machine {
        parts = List.copyOf(parts);
    }

    /// @param detail what was seen
    /// @param mend the line that gets what is missing
    public record Part(String name, State state, String detail, Optional<String> mend) {}

    public enum State {
        /// It stood around a process that was sealed to look.
        WALL,
        /// It is there and needed, though no wall itself.
        READY,
        /// The machine has it, and this version does not use it.
        UNUSED,
        /// It is not there.
        MISSING
    }

    /// Whether a trial process was sealed and found every wall around itself.
    public boolean seals() {
        return parts.stream().anyMatch(it -> it.state() == State.WALL)
                && missing().isEmpty();
    }

    /// The names of the walls that were seen to stand.
    public List<String> walls() {
        return parts.stream()
                .filter(it -> it.state() == State.WALL)
                .map(Part::name)
                .toList();
    }

    private List<Part> missing() {
        return parts.stream()
                .filter(it -> it.state() == State.MISSING && it.mend().isPresent())
                .toList();
    }

    /// Looks at this machine, sealing a short trial process if it can.
    ///
    /// @param home Masugata's home, whose filesystem must carry the overlays
    public static Machine probe(Path home, Path installation) {
        List<Part> parts = new ArrayList<>();
        var standing = Standing.here();
        if (!System.getProperty("os.name").equals("Linux")) {
            parts.add(missing("sandbox", "this is no Linux", "use the gates without `run`"));
            return new Machine(standing, parts);
        }
        tools(parts);
        parts.add(namespaces(standing));
        if (parts.stream().noneMatch(it -> it.state() == State.MISSING))
            parts.addAll(Trial.run(home, installation, standing));
        parts.add(landlock());
        parts.add(cgroups());
        return new Machine(standing, parts);
    }

    private static void tools(List<Part> parts) {
        try {
            var tools = Tools.find();
            parts.add(ready("bubblewrap", tools.bwrap() + " " + tools.version()));
        } catch (SealException e) {
            parts.add(missing("bubblewrap", String.valueOf(e.getMessage()), Tools.MEND));
        }
    }

    private static Part namespaces(Standing standing) {
        return switch (standing) {
            case ROOT -> ready("right to make namespaces", "root");
            case ROOTLESS -> ready("right to make namespaces", "an ordinary user's own user namespace");
            case NONE -> missing("right to make namespaces", "not given to this process", namespacesMend());
        };
    }

    private static String namespacesMend() {
        if (value("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").equals("1"))
            return "AppArmor keeps user namespaces from programs without a profile: sudo sysctl -w"
                    + " kernel.apparmor_restrict_unprivileged_userns=0, or run as root";
        if (value("/proc/sys/user/max_user_namespaces").equals("0"))
            return "sudo sysctl -w user.max_user_namespaces=15000";
        if (value("/proc/sys/kernel/unprivileged_userns_clone").equals("0"))
            return "sudo sysctl -w kernel.unprivileged_userns_clone=1";
        return "start through `" + String.join(" ", Rootless.prefix()) + "`; in a container, with user namespaces"
                + " allowed by its seccomp profile";
    }

    /// The version of Landlock's interface (landlock_create_ruleset(2) with the version flag).
    private static Part landlock() {
        var version = UnsafeKernel.raw(Call.LANDLOCK_CREATE_RULESET, 0, 0, 1, 0, 0, 0);
        return version > 0
                ? new Part("Landlock", State.UNUSED, "interface " + version, Optional.empty())
                : new Part("Landlock", State.MISSING, "not in this kernel", Optional.empty());
    }

    private static Part cgroups() {
        var unified = value("/sys/fs/cgroup/cgroup.controllers");
        if (!unified.isEmpty())
            return new Part("cgroup limits", State.UNUSED, "version 2: " + unified, Optional.empty());
        return Files.isDirectory(Path.of("/sys/fs/cgroup/memory"))
                ? new Part("cgroup limits", State.UNUSED, "version 1", Optional.empty())
                : new Part("cgroup limits", State.MISSING, "no controllers here", Optional.empty());
    }

    private static String value(String path) {
        try {
            return Files.readString(Path.of(path)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    static Part ready(String name, String detail) {
        return new Part(name, State.READY, detail, Optional.empty());
    }

    static Part missing(String name, String detail, String mend) {
        return new Part(name, State.MISSING, detail, Optional.of(mend));
    }
}
