package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// One name in a directory of the real workspace, changed in single steps of the kernel.
///
/// What is new is made beside its place and renamed into it. What stood there is exchanged out, looked at once more,
/// and put back if it is not what was expected.
///
/// @param parent its directory, held open
record Place(Fd parent, TreePath path, String session) {

    /// A name beside a path that is the same in every run, so that what a crash left there is found again.
    static String aside(TreePath path, String session) {
        try {
            var text = (session + "\0" + path.raw()).getBytes(StandardCharsets.ISO_8859_1);
            var hash = MessageDigest.getInstance("SHA-256").digest(text);
            return ".masugata-" + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Optional<Stat> now() throws KernelException {
        return UnsafeFiles.find(parent, path.name());
    }

    interface Making {
        void make(String aside) throws IOException, SealException;
    }

    /// Makes something and puts it here, in place of the expected file or where nothing is.
    void put(Optional<Change.Stamp> expected, Making making) throws IOException, SealException {
        var aside = aside(path, session);
        if (!clear(expected)) throw new SealException("the host's own file lies beside it as `" + aside + "`");
        try {
            making.make(aside);
            if (expected.isEmpty()) move(aside, path.name(), UnsafeFiles.RENAME_NOREPLACE);
            else exchange(aside, expected.get());
        } finally {
            // After an exchange the host's old file lies there, else what could not be placed.
            if (UnsafeFiles.find(parent, aside).isPresent()) UnsafeFiles.unlink(parent, aside);
        }
    }

    private void exchange(String aside, Change.Stamp expected) throws KernelException, SealException {
        move(aside, path.name(), UnsafeFiles.RENAME_EXCHANGE);
        if (isStill(aside, expected)) return;
        move(aside, path.name(), UnsafeFiles.RENAME_EXCHANGE);
        throw new SealException("the host's file changed meanwhile");
    }

    /// Removes the expected file.
    void take(Change.Stamp expected) throws KernelException, SealException {
        var aside = aside(path, session);
        move(path.name(), aside, UnsafeFiles.RENAME_NOREPLACE);
        if (!isStill(aside, expected)) {
            move(aside, path.name(), UnsafeFiles.RENAME_NOREPLACE);
            throw new SealException("the host's file changed meanwhile");
        }
        UnsafeFiles.unlink(parent, aside);
    }

    /// Removes what an interrupted step left beside this place.
    ///
    /// @param expected the host's file that the step was to replace
    /// @return false if it may be the host's own newer file: then it stays
    boolean clear(Optional<Change.Stamp> expected) throws KernelException {
        var aside = aside(path, session);
        if (UnsafeFiles.find(parent, aside).isEmpty()) return true;
        // Ours if nothing was replaced, if the replaced file still stands here, or if it was exchanged out as it was.
        var ours = expected.isEmpty() || isStill(path.name(), expected.get()) || isStill(aside, expected.get());
        if (ours) UnsafeFiles.unlink(parent, aside);
        return ours;
    }

    private boolean isStill(String name, Change.Stamp expected) throws KernelException {
        return UnsafeFiles.find(parent, name)
                .map(it -> Change.Stamp.of(it).sameContent(expected))
                .orElse(false);
    }

    private void move(String from, String to, int flags) throws KernelException {
        UnsafeFiles.rename(parent, from, parent, to, flags);
    }

    /// A new file beside this place, for writing, for the gate alone until its owner and rights are set.
    Fd create(String aside) throws KernelException {
        var flags = UnsafeFiles.O_WRONLY | UnsafeFiles.O_CREAT | UnsafeFiles.O_EXCL | UnsafeFiles.O_NOFOLLOW;
        return UnsafeFiles.create(parent, aside, flags, 0600);
    }

    void makeLink(String aside, String target, Optional<Stat> owner) throws KernelException {
        UnsafeFiles.link(target, parent, aside);
        if (owner.isPresent())
            UnsafeFiles.own(parent, aside, owner.get().uid(), owner.get().gid());
    }

    void makeDirectory(int mode, Optional<Stat> owner) throws KernelException {
        UnsafeFiles.makeDirectory(parent, path.name(), 0700);
        var flags = UnsafeFiles.O_DIRECTORY | UnsafeFiles.O_NOFOLLOW;
        try (var made = UnsafeFiles.open(parent, path.name(), flags)) {
            if (owner.isPresent())
                UnsafeFiles.own(made, owner.get().uid(), owner.get().gid());
            UnsafeFiles.permit(made, mode);
        }
    }

    void removeDirectory() throws KernelException {
        UnsafeFiles.removeDirectory(parent, path.name());
    }

    /// Sets the permissions of the expected file or directory itself.
    ///
    /// @return false, and nothing is set, if the file has further names: a mode is the inode's, so it would change
    ///     outside the workspace too
    boolean permit(Change.Stamp expected, int mode) throws KernelException, SealException {
        try (var it = UnsafeFiles.open(parent, path.name(), UnsafeFiles.O_PATH | UnsafeFiles.O_NOFOLLOW)) {
            var now = UnsafeFiles.stat(it);
            // A directory's times and size move with its entries, which may have been applied just before.
            boolean same = now.isDirectory()
                    ? now.device() == expected.device() && now.inode() == expected.inode()
                    : Change.Stamp.of(now).equals(expected);
            if (!same) throw new SealException("the host has something else there now");
            if (!now.isDirectory() && now.links() > 1) return false;
            UnsafeFiles.permitPath(it, mode);
            return true;
        }
    }
}
