package dev.masugata.sandbox;

import java.nio.file.Path;
import java.util.List;

/// Where a symbolic link would lead on the host, by its text alone.
final class LinkTarget {
    /// Read-only for ordinary users and shown in every seal: `python3 -> /usr/bin/python3` is a usual thing to make.
    private static final List<String> SYSTEM = List.of("/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/");

    private LinkTarget() {}

    /// Whether a link at a path leads out of the workspace: to no system directory, or by a way that its text does
    /// not settle (`..` after a name, which may be a link itself).
    static boolean leaves(TreePath link, String target, Path workspace) {
        if (target.startsWith("/")) return leavesAbsolute(target, TreePath.raw(workspace));
        var depth = link.raw().chars().filter(it -> it == '/').count();
        var named = false;
        for (var part : target.split("/")) {
            if (part.isEmpty() || part.equals(".")) continue;
            if (!part.equals("..")) named = true;
            else if (named || --depth < 0) return true;
        }
        return false;
    }

    private static boolean leavesAbsolute(String target, String workspace) {
        if (List.of(target.split("/")).contains("..")) return true;
        return !target.equals(workspace)
                && !target.startsWith(workspace + "/")
                && SYSTEM.stream().noneMatch(target::startsWith);
    }
}
