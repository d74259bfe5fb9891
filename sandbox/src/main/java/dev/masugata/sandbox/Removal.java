package dev.masugata.sandbox;

/// Deletes a tree that a hostile process has built: any depth, any permissions, no link followed.
///
/// Directories are pulled up to the top before they are emptied, so the tree never has to be descended: no path
/// grows too long, no stack too deep, and never more than three descriptors are open.
final class Removal {
    private final Fd top;
    private long pulled;

    private Removal(Fd top) {
        this.top = top;
    }

    /// Removes the entry of a directory with all beneath it.
    static void remove(Fd parent, String name) throws KernelException {
        try (var top = openable(parent, name)) {
            new Removal(top).run();
        }
        UnsafeFiles.removeDirectory(parent, name);
    }

    private void run() throws KernelException {
        for (var names = UnsafeFiles.names(top); !names.isEmpty(); names = reread())
            for (var name : names) {
                if (UnsafeFiles.find(top, name).map(Stat::isDirectory).orElse(false)) flatten(name);
                else UnsafeFiles.unlink(top, name);
            }
    }

    private java.util.List<String> reread() throws KernelException {
        try (var again = UnsafeFiles.open(top, "", UnsafeFiles.O_DIRECTORY)) {
            return UnsafeFiles.names(again);
        }
    }

    private void flatten(String name) throws KernelException {
        try (var directory = openable(top, name)) {
            for (var child : UnsafeFiles.names(directory)) {
                if (!UnsafeFiles.find(directory, child).map(Stat::isDirectory).orElse(false)) {
                    UnsafeFiles.unlink(directory, child);
                    continue;
                }
                // Moving a directory changes its `..`, for which it must be writable.
                openable(directory, child).close();
                pull(directory, child);
            }
        }
        UnsafeFiles.removeDirectory(top, name);
    }

    private void pull(Fd directory, String child) throws KernelException {
        while (true) {
            try {
                UnsafeFiles.rename(directory, child, top, ".pulled-" + pulled++, UnsafeFiles.RENAME_NOREPLACE);
                return;
            } catch (KernelException e) {
                if (!e.is(KernelException.EEXIST)) throw e;
            }
        }
    }

    private static Fd openable(Fd parent, String name) throws KernelException {
        try (var path =
                UnsafeFiles.open(parent, name, UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY | UnsafeFiles.O_NOFOLLOW)) {
            if ((UnsafeFiles.stat(path).mode() & 0700) != 0700) UnsafeFiles.permitPath(path, 0700);
        }
        return UnsafeFiles.open(parent, name, UnsafeFiles.O_DIRECTORY | UnsafeFiles.O_NOFOLLOW);
    }
}
