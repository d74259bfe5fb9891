package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// What the gate sees of a session's files is what the session sees, and no link leads it elsewhere.
@EnabledIf("dev.masugata.sandbox.Legs#canSeal")
class MergedFilesTest {
    private static final long MOST = 1000;

    private static FileSeen file(String content) throws Exception {
        var hash = java.security.MessageDigest.getInstance("SHA-256").digest(content.getBytes());
        return new FileSeen.File(content.length(), HexFormat.of().formatHex(hash));
    }

    private static FileSeen at(MergedFiles files, String path) {
        return files.at(TreePath.of(path), MOST);
    }

    @Test
    void theSessionsLayerStandsAboveTheHosts() throws Exception {
        try (var bench = new Bench()) {
            for (var name : List.of("kept", "edited", "gone", "dir/kept", "gone-dir/f", "anew/old", "file/f")) {
                var path = bench.workspace.resolve(name);
                Files.createDirectories(path.getParent());
                Files.writeString(path, "host\n");
            }
            try (var review = bench.changed("""
                    printf 'session\\n' > edited; rm gone; printf n > dir/new; rm -r gone-dir; rm -r anew; mkdir anew
                    printf 'a\\n' > anew/new; rm -r file; printf f > file
                    """);
                    var files = MergedFiles.open(bench.workspace, layer(bench, review))) {
                assertEquals(file("host\n"), at(files, "kept"));
                assertEquals(file("session\n"), at(files, "edited"));
                assertEquals(file("host\n"), at(files, "dir/kept"));
                assertEquals(file("n"), at(files, "dir/new"));
                assertEquals(file("a\n"), at(files, "anew/new"));
                assertEquals(file("f"), at(files, "file"));
                for (var none : List.of("gone", "gone-dir/f", "anew/old", "file/f", "dir", "nowhere", "kept/f",
                        "x".repeat(300)))
                    assertInstanceOf(FileSeen.NoFile.class, at(files, none), none);
            }
            try (var host = MergedFiles.open(bench.workspace, Optional.empty())) {
                assertEquals(file("host\n"), at(host, "edited"));
            }
        }
    }

    /// A link in either layer, at the end or on the way, is said to be one; the file beside it is read.
    @Test
    void noLinkIsFollowed() throws Exception {
        try (var bench = new Bench()) {
            Files.writeString(bench.outside.resolve("secret"), "outside\n");
            Files.createSymbolicLink(bench.workspace.resolve("host-link"), bench.outside.resolve("secret"));
            Files.createSymbolicLink(bench.workspace.resolve("host-dir"), bench.outside);
            Files.createDirectory(bench.workspace.resolve("dir"));
            try (var review = bench.changed("""
                    ln -s %s/secret link; ln -s . here; rmdir dir; ln -s %s dir; echo beside > beside; mkfifo pipe
                    """.formatted(bench.outside, bench.outside));
                    var files = MergedFiles.open(bench.workspace, layer(bench, review))) {
                for (var name : List.of("host-link", "host-dir/secret", "link", "here/beside", "dir/secret",
                        "dir/nothing"))
                    assertTrue(why(files, name).contains("symbolic link"), name);
                assertTrue(why(files, "pipe").contains("pipe"));
                assertEquals(file("beside\n"), at(files, "beside"));
            }
        }
    }

    @Test
    void aLongFileIsNotRead() throws Exception {
        try (var bench = new Bench()) {
            Files.writeString(bench.workspace.resolve("most"), "x".repeat((int) MOST));
            Files.writeString(bench.workspace.resolve("more"), "x".repeat((int) MOST + 1));
            try (var files = MergedFiles.open(bench.workspace, Optional.empty())) {
                assertEquals(file("x".repeat((int) MOST)), at(files, "most"));
                assertTrue(why(files, "more").contains("too long"));
            }
        }
    }

    private static String why(MergedFiles files, String path) {
        return assertInstanceOf(FileSeen.Unknown.class, at(files, path), path).why();
    }

    private static Optional<Path> layer(Bench bench, Review review) {
        return Optional.of(bench.home.resolve("sessions").resolve(review.session().id()).resolve("upper"));
    }
}
