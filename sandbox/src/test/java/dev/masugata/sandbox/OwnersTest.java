package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// A root gate works in workspaces of anybody: each command runs as an ordinary user, each file keeps its owner.
@EnabledIf("dev.masugata.sandbox.Legs#isRoot")
class OwnersTest {
    /// Known to no password file.
    private static final int ALICE = 61999;

    private static int owner(Path path) throws Exception {
        return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static void give(Path path, int uid) throws Exception {
        Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
    }

    private static void workAs(int uid, int inside) throws Exception {
        try (var bench = new Bench()) {
            var secret = Files.writeString(bench.workspace.resolve("secret"), "mine\n");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
            Files.setPosixFilePermissions(bench.workspace, PosixFilePermissions.fromString("rwx------"));
            give(secret, uid);
            give(bench.workspace, uid);
            var repository = Bench.host(
                    "sh",
                    "-c",
                    "cd '" + bench.workspace + "' && git init -q . && chown -R " + uid + ":" + uid + " .git");
            assertEquals(0, repository.code(), repository.err());
            try (var review = bench.changed("""
                [ "$(id -u)" = %d ] && cat secret && git status --short > /dev/null && git add secret
                echo more >> secret; echo n > new; mkdir d; ln -s new l; chmod 600 new
                """.formatted(inside))) {
                assertEquals(List.of(), review.apply(review.changes().list()).refused());
            }
            for (var name : List.of("secret", "new", "d", "l", ".git/index"))
                assertEquals(uid, owner(bench.workspace.resolve(name)), name);
            assertEquals("mine\nmore\n", Files.readString(secret));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
        }
    }

    @Test
    void aWorkspaceOfRoot() throws Exception {
        workAs(0, 1000);
    }

    @Test
    void aWorkspaceOfAnotherUser() throws Exception {
        workAs(ALICE, ALICE);
    }

    /// A file of root's in another user's workspace keeps its walls: that user could not read it either.
    @Test
    void aForeignFileStaysForeign() throws Exception {
        try (var bench = new Bench()) {
            give(bench.workspace, ALICE);
            var roots = Files.writeString(bench.workspace.resolve("roots"), "root's\n");
            Files.setPosixFilePermissions(roots, PosixFilePermissions.fromString("rw-------"));
            try (var session = bench.session()) {
                assertTrue(Bench.say(session, "cat roots").err().contains("Permission denied"));
                assertTrue(Bench.say(session, "echo x >> roots").code() != 0);
                assertEquals("nobody\n", Bench.say(session, "stat -c %U roots").out());
            }
        }
    }

    /// A server may be given a real directory: root's is written as root's, another's as another's.
    @Test
    void aServersDirectoryKeepsItsOwner() throws Exception {
        for (var uid : List.of(0, ALICE))
            try (var bench = new Bench();
                    var house = bench.sandbox.open(new SessionSpec("house", Optional.empty(), List.of()))) {
                give(bench.outside, uid);
                Files.setPosixFilePermissions(bench.outside, PosixFilePermissions.fromString("rwx------"));
                var spec = SealSpec.server(
                        List.of("sh", "-c", "pwd; echo x > written; id -u"),
                        Map.of(),
                        new SealSpec.Files.Directory(bench.outside));
                assertEquals(
                        bench.outside + "\n" + (uid == 0 ? 1000 : uid) + "\n",
                        Bench.say(house.start(spec)).out());
                assertEquals(uid, owner(bench.outside.resolve("written")));
            }
    }

    /// An installation where every seal looks: it is covered.
    @Test
    void anInstallationBeneathUsrIsCovered() throws Exception {
        var installation = Files.createTempDirectory(Path.of("/usr/local"), "masugata-installation");
        Files.setPosixFilePermissions(installation, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(installation.resolve("part.jar"), "x");
        try (var bench = new Bench();
                var covering = Sandbox.at(Files.createDirectory(bench.base.resolve("home2")), installation)) {
            try (var session = covering.open(new SessionSpec("s", Optional.of(bench.workspace), List.of()));
                    var other = bench.session()) {
                assertEquals(
                        "part.jar\n", Bench.say(other, "ls " + installation).out());
                assertEquals(
                        "",
                        Bench.say(session, "ls -A " + installation + "; touch " + installation + "/x 2>/dev/null")
                                .out());
            }
        } finally {
            Files.delete(installation.resolve("part.jar"));
            Files.delete(installation);
        }
    }
}
