package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/// The place in a session's own mount namespace where everything stands ready that bubblewrap shows.
///
/// A small tmpfs over a directory that is empty for everyone else. Bubblewrap opens its sources as the sealed
/// identity, which need not reach the places they come from (a root's home, say); here it reaches them all.
/// Every method runs on the session's thread.
final class Stage {
    private static final String SIZE = "size=64m,nr_inodes=20000,mode=0711";

    private final Path root;
    private final UserNamespaces owners;
    private final Map<String, byte[]> files;
    private final Map<Identity, Path> etcs = new HashMap<>();
    private int binds;

    /// @param files that `/etc/masugata` holds
    Stage(Path root, UserNamespaces owners, Map<String, byte[]> files) {
        this.files = files;
        this.root = root;
        this.owners = owners;
    }

    /// Where the stage of every session lies: the namespaces keep them apart, so one name serves all.
    static Path at(Standing standing, Path home) {
        return standing == Standing.ROOT ? Path.of("/run/masugata") : home.resolve("stage");
    }

    void mount() throws IOException {
        Files.createDirectories(root);
        UnsafeMounts.mount(
                "tmpfs", TreePath.raw(root), UnsafeMounts.NOSUID | UnsafeMounts.NODEV | UnsafeMounts.NOEXEC, SIZE);
    }

    private Path directory(String name) throws IOException {
        return Files.setPosixFilePermissions(
                Files.createDirectory(root.resolve(name)), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Mounts the overlay of a session's workspace.
    Path overlay(Fd workspace, Fd session, Identity who) throws IOException, SealException {
        var merged = directory("workspace");
        var lower = workspace.path();
        var layers = session.path();
        if (who.mapped()) {
            lower = TreePath.raw(directory("lower"));
            layers = TreePath.raw(directory("layers"));
            mapped(workspace, lower, "the workspace belongs to root, and its filesystem");
            mapped(session, layers, "the filesystem of Masugata's home");
        }
        // userxattr for root too: one format of upper directories, and no right over `trusted.` needed to read it.
        var options = "userxattr,lowerdir=" + lower + ",upperdir=" + layers + "/" + Store.UPPER + ",workdir=" + layers
                + "/" + Store.WORK;
        try {
            UnsafeMounts.mount("overlay", TreePath.raw(merged), UnsafeMounts.NOSUID | UnsafeMounts.NODEV, options);
        } catch (KernelException e) {
            throw new SealException(
                    "the overlay on the workspace could not be mounted (" + e.word() + "): its filesystem or that of"
                            + " Masugata's home cannot carry"
                            + " one, or other filesystems are"
                            + " mounted inside the workspace",
                    e);
        }
        return merged;
    }

    private void mapped(Fd source, String target, String what) throws IOException, SealException {
        try {
            bindMapped(source, target);
        } catch (KernelException e) {
            throw new SealException(
                    what + " cannot show its files as another user's (" + e.word() + "): give the workspace to a user",
                    e);
        }
    }

    /// Shows a real file or directory at a place of the stage.
    Path bind(Fd source, Identity who) throws IOException, SealException {
        var target = root.resolve("bind-" + binds++);
        if (UnsafeFiles.stat(source).isDirectory()) Files.createDirectory(target);
        else Files.createFile(target);
        try {
            if (who.mapped()) {
                bindMapped(source, TreePath.raw(target));
                return target;
            }
        } catch (KernelException e) {
            // A filesystem that cannot map owners: the files keep theirs, and stay closed where they were closed.
            if (!e.is(KernelException.EINVAL)) throw e;
        }
        UnsafeMounts.bind(source, TreePath.raw(target));
        return target;
    }

    private void bindMapped(Fd source, String target) throws IOException, SealException {
        UnsafeMounts.bindMapped(source, target, owners.swapped(Identity.UNPRIVILEGED));
    }

    /// The generated `/etc` for an identity.
    Path etc(Identity who) throws IOException {
        var known = etcs.get(who);
        if (known != null) return known;
        var made = directory("etc-" + etcs.size());
        Etc.fill(Path.of("/etc"), made, who);
        Etc.add(made, files);
        etcs.put(who, made);
        return made;
    }

    void unmount() throws KernelException {
        UnsafeMounts.unmount(TreePath.raw(root));
    }
}
