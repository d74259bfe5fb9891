package dev.masugata.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.checkpoint.NamedFiles.Seen;
import dev.masugata.sandbox.MergedFiles;
import dev.masugata.wire.Json;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an approval is held to: every file that a call names, whole, or nothing is approved.
class CallFilesTest {
    @TempDir
    Path work;

    @BeforeEach
    void write() throws Exception {
        work = work.toRealPath();
        Files.writeString(work.resolve("run.sh"), "echo one\n");
        Files.createDirectory(work.resolve("dir"));
        Files.writeString(work.resolve("dir/a"), "a");
        Files.createSymbolicLink(work.resolve("link"), Path.of("run.sh"));
    }

    private Seen look(Json arguments) throws Exception {
        try (var files = MergedFiles.open(work, Optional.empty())) {
            return CallFiles.look(List.of(new CallFiles.Place(work.toString(), files)), arguments);
        }
    }

    private Seen named(String... names) throws Exception {
        return look(Json.object("paths", Json.strings(List.of(names))));
    }

    private String digest(Json arguments) throws Exception {
        return assertInstanceOf(Seen.Content.class, look(arguments)).digest();
    }

    private String why(Json arguments) throws Exception {
        return assertInstanceOf(Seen.Unknown.class, look(arguments)).why();
    }

    /// The same file under every name that leads to it without a link.
    @Test
    void aChangedFileIsAnotherDigestHoweverItIsNamed() throws Exception {
        var notations = List.of(
                "run.sh", "./run.sh", "dir/../run.sh", work + "/run.sh", "file://" + work + "/run.sh", work
                        + "//dir/.././run.sh");
        var before = new java.util.ArrayList<Seen>();
        for (var name : notations) before.add(named(name));
        assertTrue(before.stream().noneMatch(new Seen.Content("")::equals), "" + before);
        assertEquals(before.getFirst(), named("run.sh"), "unchanged, it is the same");
        Files.writeString(work.resolve("run.sh"), "echo two\n");
        for (int i = 0; i < notations.size(); i++) assertNotEquals(before.get(i), named(notations.get(i)),
                notations.get(i));
    }

    @Test
    void aKeyMayBeANameToo() throws Exception {
        var call = Json.object("edits", Json.object("run.sh", Json.of("s/one/two/")));
        var before = digest(call);
        Files.writeString(work.resolve("run.sh"), "echo two\n");
        assertNotEquals(before, digest(call));
    }

    @Test
    void whatIsNoFileOfItsPlaceIsNotRead() throws Exception {
        assertEquals(new Seen.Content(""), named("none", "dir", "..", "/etc/passwd", "../../etc/passwd", "a\nb",
                "dir/a/b", "\0", "x".repeat(5000)));
    }

    /// A file that comes to be after the person looked is a difference as well.
    @Test
    void aFileThatComesToBeIsADifference() throws Exception {
        var before = named("later.sh");
        Files.writeString(work.resolve("later.sh"), "echo evil\n");
        assertNotEquals(before, named("later.sh"));
    }

    @Test
    void aLinkCannotBeVouchedFor() throws Exception {
        Files.createSymbolicLink(work.resolve("away"), Path.of("dir"));
        for (var name : List.of("link", work + "/link", "link/../run.sh", "away/a", "dir/../link"))
            assertTrue(why(Json.object("path", name)).contains("symbolic link"), name);
        assertInstanceOf(Seen.Content.class, named("run.sh"));
    }

    /// As many files as the limit count all of them; one more, and nothing can be approved.
    @Test
    void everyFileCountsAndOneTooManyIsSaid() throws Exception {
        for (int i = 0; i <= CallFiles.FILES_MAX; i++) Files.writeString(work.resolve("f" + i), "x");
        var most = files(CallFiles.FILES_MAX);
        var before = digest(most);
        Files.writeString(work.resolve("f" + (CallFiles.FILES_MAX - 1)), "y");
        assertNotEquals(before, digest(most), "the last one is covered too");
        assertTrue(why(files(CallFiles.FILES_MAX + 1)).contains("more than " + CallFiles.FILES_MAX));
    }

    private static Json files(int count) {
        return Json.strings(IntStream.range(0, count).mapToObj(it -> "f" + it).toList());
    }

    @Test
    void tooManyNamesAreSaid() throws Exception {
        var most = Json.strings(IntStream.range(0, CallFiles.NAMES_MAX).mapToObj(it -> "n" + it).toList());
        assertEquals("", digest(most));
        var more = Json.strings(IntStream.rangeClosed(0, CallFiles.NAMES_MAX).mapToObj(it -> "n" + it).toList());
        assertTrue(why(more).contains("more than"));
    }

    /// The bytes of all files together are bounded; up to there the last byte of each counts.
    @Test
    void theLastByteOfALongFileCounts() throws Exception {
        try (var file = new RandomAccessFile(work.resolve("long").toFile(), "rw")) {
            file.setLength(CallFiles.BYTES_MAX);
            var before = named("long");
            file.seek(CallFiles.BYTES_MAX - 1);
            file.write(1);
            assertNotEquals(before, assertInstanceOf(Seen.Content.class, named("long")));
            assertTrue(why(Json.strings(List.of("long", "dir/a"))).contains("too long"));
        }
    }
}
