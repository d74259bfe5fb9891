package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one process is shown, as whom it runs and where it starts.
///
/// @param directory where it starts unless told otherwise: where its files are
record Showing(Identity who, List<Bwrap.Shown> shown, Path directory) {

    /// The part of a session that decides it.
    ///
    /// @param workspace the session's, with its merged view on the stage, if it has one
    /// @param owner as whom one works there
    record Session(Sandbox.Parts parts, Stage stage, Optional<Bwrap.Shown> workspace, Identity owner) {}

    /// Sets everything up on the session's stage. On the session's thread.
    static Showing of(SealSpec process, Session session) throws IOException, SealException {
        List<Bwrap.Shown> shown = new ArrayList<>();
        return switch (process.files()) {
            case SealSpec.Files.Nothing() -> {
                var who = Identity.withoutFiles(session.parts().standing());
                binds(process, session, who, shown);
                yield new Showing(who, shown, who.home());
            }
            case SealSpec.Files.Workspace() -> {
                var workspace = session.workspace()
                        .orElseThrow(() -> new SealException("this session has no workspace to work on"));
                binds(process, session, session.owner(), shown);
                shown.add(workspace);
                yield new Showing(session.owner(), shown, workspace.target());
            }
            case SealSpec.Files.Directory(var path) -> {
                var who = ownerOf(path, session.parts().standing());
                binds(process, session, who, shown);
                var real = path.toRealPath();
                shown.add(show(new Bind(real, real, true), session, who));
                yield new Showing(who, shown, real);
            }
        };
    }

    private static Identity ownerOf(Path directory, Standing standing) throws IOException, SealException {
        if (!Files.isDirectory(directory)) throw new SealException("there is no directory `" + directory + "`");
        var uid = (int) Files.getAttribute(directory, "unix:uid");
        return Identity.forOwner(standing, uid, (int) Files.getAttribute(directory, "unix:gid"));
    }

    private static void binds(SealSpec process, Session session, Identity who, List<Bwrap.Shown> shown)
            throws IOException, SealException {
        for (var bind : process.binds()) shown.add(show(bind, session, who));
    }

    private static Bwrap.Shown show(Bind bind, Session session, Identity who) throws IOException, SealException {
        var what = "`" + bind.source() + "` cannot be shown inside: ";
        try {
            var real = bind.source().toRealPath();
            if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(real))
                throw new SealException(what + "it is neither a directory nor a file");
            var never = MountCheck.never(real, session.parts().hidden());
            if (never.isEmpty()) never = Sockets.exposedBy(real);
            if (never.isPresent()) throw new SealException(what + never.get());
            // By descriptor from here on: what was looked at is what is mounted.
            try (var source = UnsafeFiles.open(TreePath.raw(real), UnsafeFiles.O_PATH)) {
                return new Bwrap.Shown(session.stage().bind(source, who), bind.target(), bind.writable());
            }
        } catch (NoSuchFileException e) {
            throw new SealException(what + "it does not exist", e);
        } catch (KernelException e) {
            throw new SealException(what + e.getMessage(), e);
        }
    }
}
