package dev.masugata.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;

/// Namespaces and mounts of the calling thread. Every method acts on the thread that calls it, and on no other.
final class UnsafeMounts {
    static final int NOSUID = 2;
    static final int NODEV = 4;
    static final int NOEXEC = 8;

    private static final long NEW_MOUNTS = 0x00020000;
    private static final long NEW_NETWORK = 0x40000000;
    private static final long RECURSIVE = 0x4000;
    private static final long PRIVATE = 1 << 18;
    private static final long NEW_PROCESSES = 0x20000000;
    private static final int DETACH = 2;
    private static final int CLONE_TREE = 1;
    private static final int AT_RECURSIVE = 0x8000;
    private static final int FROM_EMPTY_PATH = 4;
    private static final long IDMAP = 0x00100000;

    private UnsafeMounts() {}

    /// Gives this thread a mount namespace of its own, from which nothing spreads, and a network namespace with
    /// nothing in it.
    static void unshare() throws KernelException {
        UnsafeKernel.must(Call.UNSHARE, NEW_MOUNTS | NEW_NETWORK);
        try (var arena = Arena.ofConfined()) {
            var root = UnsafeKernel.text(arena, "/");
            UnsafeKernel.must(Call.MOUNT, 0, root, 0, RECURSIVE | PRIVATE, 0, 0);
        }
    }

    /// Lets the next child of this thread begin a process namespace; threads it can start no more.
    static void unshareProcesses() throws KernelException {
        UnsafeKernel.must(Call.UNSHARE, NEW_PROCESSES);
    }

    static void mount(String type, String target, long flags, String options) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var name = UnsafeKernel.text(arena, type);
            UnsafeKernel.must(
                    Call.MOUNT,
                    name,
                    UnsafeKernel.text(arena, target),
                    name,
                    flags,
                    UnsafeKernel.text(arena, options),
                    0);
        }
    }

    static void unmount(String target) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            UnsafeKernel.must(Call.UMOUNT2, UnsafeKernel.text(arena, target), DETACH);
        }
    }

    /// Mounts an open file or directory, without what is mounted beneath it, at another place.
    static void bind(Fd source, String target) throws KernelException {
        try (var tree = clone(source, 0)) {
            attach(tree, target);
        }
    }

    /// As [#bind], with what is mounted beneath it.
    static void bindAll(Fd source, String target) throws KernelException {
        try (var tree = clone(source, AT_RECURSIVE)) {
            attach(tree, target);
        }
    }

    /// As [#bind], owners changed as the user namespace maps them (Linux 5.12; as an overlay's layer 5.19).
    static void bindMapped(Fd source, String target, Fd owners) throws KernelException {
        try (var tree = clone(source, 0);
                var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(32, 8);
            attributes.set(JAVA_LONG, 0, IDMAP);
            attributes.set(JAVA_LONG, 24, owners.number());
            var here = UnsafeKernel.text(arena, "");
            UnsafeKernel.must(
                    Call.MOUNT_SETATTR,
                    tree.number(),
                    here,
                    UnsafeFiles.AT_EMPTY_PATH,
                    attributes.address(),
                    attributes.byteSize(),
                    0);
            attach(tree, target);
        }
    }

    private static Fd clone(Fd source, int more) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var flags = CLONE_TREE | UnsafeFiles.O_CLOEXEC | UnsafeFiles.AT_EMPTY_PATH | more;
            var here = UnsafeKernel.text(arena, "");
            return new Fd(UnsafeKernel.must(Call.OPEN_TREE, source.number(), here, flags));
        }
    }

    private static void attach(Fd tree, String target) throws KernelException {
        try (var arena = Arena.ofConfined()) {
            var here = UnsafeKernel.text(arena, "");
            var path = UnsafeKernel.text(arena, target);
            UnsafeKernel.must(Call.MOVE_MOUNT, tree.number(), here, UnsafeFiles.AT_FDCWD, path, FROM_EMPTY_PATH, 0);
        }
    }
}
