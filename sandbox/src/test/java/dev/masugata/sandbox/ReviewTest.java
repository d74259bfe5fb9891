package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// What a session changed: listed as it is, applied as it was shown, refused where the host moved on.
@EnabledIf("dev.masugata.sandbox.Legs#canSeal")
class ReviewTest {
    private Bench bench;
    private Path work;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench();
        work = bench.workspace;
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private Path write(String name, String text) throws Exception {
        var path = work.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private static Map<String, String> kinds(Review review) throws SealException {
        return review.changes().list().stream()
                .collect(Collectors.toMap(
                        it -> it.path().toString(), it -> it.kind().word(), (a, b) -> a + "," + b));
    }

    private static Changes limited(Review review, int changes, long file, long total) throws SealException {
        return review.changes(new ChangeScan.Limits(changes, file, total));
    }

    private static Applied applyAll(Review review) throws SealException {
        return review.apply(review.changes().list());
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    private List<String> tree() throws Exception {
        try (var all = Files.walk(work)) {
            return all.map(it -> work.relativize(it).toString())
                    .filter(it -> !it.isEmpty())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyKindOfChangeIsListedAndApplied() throws Exception {
        write("kept.txt", "kept\n");
        write("edited.txt", "one\ntwo\nthree\n");
        write("gone.txt", "gone\n");
        write("mode.sh", "#!/bin/sh\n");
        write("old/a", "a");
        write("old/deep/b", "b");
        write("swap", "a file\n");
        write("replaced/was", "was");
        Files.createSymbolicLink(work.resolve("link"), Path.of("kept.txt"));
        try (var review = bench.changed("""
            sed -i s/two/TWO/ edited.txt; rm gone.txt; chmod 755 mode.sh; rm -r old; mkdir -p new/dir; echo n > new/dir/f
            ln -sfn edited.txt link; ln -s kept.txt relative; rm swap; mkdir swap; echo in > swap/in
            rm -r replaced; mkdir replaced; echo now > replaced/now; touch kept.txt; cat kept.txt > /dev/null
            """)) {
            var expected = Map.ofEntries(
                    Map.entry("edited.txt", "modified"),
                    Map.entry("gone.txt", "deleted"),
                    Map.entry("mode.sh", "permissions"),
                    Map.entry("old", "deleted"),
                    Map.entry("old/a", "deleted"),
                    Map.entry("old/deep", "deleted"),
                    Map.entry("old/deep/b", "deleted"),
                    Map.entry("new", "added"),
                    Map.entry("new/dir", "added"),
                    Map.entry("new/dir/f", "added"),
                    Map.entry("link", "modified"),
                    Map.entry("relative", "added"),
                    Map.entry("swap", "deleted,added"),
                    Map.entry("swap/in", "added"),
                    Map.entry("replaced/was", "deleted"),
                    Map.entry("replaced/now", "added"));
            assertEquals(expected, kinds(review));
            assertEquals(List.of(), review.changes().unread());
            var applied = applyAll(review);
            assertEquals(List.of(), applied.refused());
            assertEquals(17, applied.done().size());
            assertEquals(Map.of(), kinds(review));
        }
        assertEquals(
                List.of(
                        "edited.txt",
                        "kept.txt",
                        "link",
                        "mode.sh",
                        "new",
                        "new/dir",
                        "new/dir/f",
                        "relative",
                        "replaced",
                        "replaced/now",
                        "swap",
                        "swap/in"),
                tree());
        assertEquals("one\nTWO\nthree\n", Files.readString(work.resolve("edited.txt")));
        assertEquals("rwxr-xr-x", mode(work.resolve("mode.sh")));
        assertEquals("edited.txt", Files.readSymbolicLink(work.resolve("link")).toString());
    }

    /// Probe 57: until something is applied, nothing is; discarding leaves every byte.
    @Test
    void discardLeavesTheHostAsItWas() throws Exception {
        write("a", "bytes\n");
        write("d/e", "e");
        Files.setPosixFilePermissions(work.resolve("a"), PosixFilePermissions.fromString("rw-r-----"));
        var before = tree();
        var id = "";
        try (var review =
                bench.changed("rm -rf d; echo x > a; chmod 600 a; ln -s a l; mkdir -m 000 locked; mkfifo p")) {
            assertFalse(review.changes().list().isEmpty());
            id = review.session().id();
        }
        bench.sandbox.discard(id);
        assertEquals(before, tree());
        assertEquals("bytes\n", Files.readString(work.resolve("a")));
        assertEquals("rw-r-----", mode(work.resolve("a")));
        assertFalse(Files.exists(bench.home.resolve("sessions").resolve(id)));
        var gone = id;
        assertThrows(SealException.class, () -> bench.sandbox.review(gone));
        assertEquals(List.of(), bench.sandbox.stored());
    }

    @Test
    void whatTheHostChangedMeanwhileIsRefused() throws Exception {
        for (var name : List.of("edited", "deleted", "fine", "touched")) write(name, name + "\n");
        write("dir/x", "x");
        try (var review = bench.changed(
                "for f in edited fine touched; do echo session >> $f; done; rm -r deleted dir; echo s > added")) {
            write("edited", "host\n");
            write("deleted", "host\n");
            write("dir/new-on-host", "host\n");
            write("added", "host\n");
            var changes = review.changes();
            assertEquals(
                    List.of("deleted", "edited"),
                    changes.list().stream()
                            .filter(it -> it.obstacle().isPresent()
                                    && !it.path().toString().equals("added"))
                            .map(it -> it.path().toString())
                            .filter(it -> !it.startsWith("dir"))
                            .toList());
            var applied = review.apply(changes.list());
            var refused = applied.refused().stream()
                    .collect(Collectors.toMap(it -> it.path().toString(), Applied.Refused::reason));
            assertEquals(java.util.Set.of("edited", "deleted", "added", "dir", "dir/new-on-host"), refused.keySet());
            assertTrue(refused.get("edited").contains("changed after the session began"), refused.get("edited"));
            assertEquals("host\n", Files.readString(work.resolve("edited")));
            assertEquals("host\n", Files.readString(work.resolve("added")));
            assertEquals("host\n", Files.readString(work.resolve("dir/new-on-host")));
            assertEquals("fine\nsession\n", Files.readString(work.resolve("fine")));
        }
    }

    /// A copy of what the host has no more is not made again; what only the session made is.
    @Test
    void whatTheHostDeletedOrMovedIsNotMadeAgain() throws Exception {
        for (var name : List.of("deleted", "moved", "kept", "dir/in")) write(name, name + "\n");
        var script = "for f in deleted moved kept dir/in; do echo session >> $f; done; echo n > mine";
        try (var review = bench.changed(script)) {
            Files.delete(work.resolve("deleted"));
            Files.move(work.resolve("moved"), work.resolve("moved-by-host"));
            Files.move(work.resolve("dir"), work.resolve("dir-by-host"));
            var refused = applyAll(review).refused().stream()
                    .collect(Collectors.toMap(it -> it.path().toString(), Applied.Refused::reason));
            assertEquals(java.util.Set.of("deleted", "moved", "dir", "dir/in"), refused.keySet());
            assertTrue(refused.get("deleted").contains("the host deleted or moved it"), refused.get("deleted"));
            var after = List.of("dir-by-host", "dir-by-host/in", "kept", "mine", "moved-by-host");
            assertEquals(after, tree());
            assertEquals("kept\nsession\n", Files.readString(work.resolve("kept")));
            // Nor the second time, nor what was applied before and deleted since.
            Files.delete(work.resolve("mine"));
            applyAll(review);
            assertEquals(after.stream().filter(it -> !it.equals("mine")).toList(), tree());
        }
    }

    /// An editor puts a new file in the old one's place: the overlay keeps no trace of the old one.
    @Test
    void whatTheSessionReplacedAndTheHostDeletedIsNotMadeAgain() throws Exception {
        for (var name : List.of("edited", "kept", "dir/in", "swapped", "old/in")) write(name, name + "\n");
        Files.createSymbolicLink(work.resolve("link"), Path.of("kept"));
        try (var review = bench.changed("sed -i s/edited/session/ edited; sed -i s/kept/session/ kept;"
                + " sed -i s/in/session/ dir/in; ln -sfn edited link; rm swapped; mkdir swapped; echo s > swapped/new;"
                + " rm -r old; echo s > old; echo s > mine; mkdir made; echo s > made/in")) {
            for (var name : List.of("edited", "link")) Files.delete(work.resolve(name));
            Files.move(work.resolve("dir/in"), work.resolve("by-host"));
            var refused = applyAll(review).refused().stream()
                    .collect(Collectors.toMap(it -> it.path().toString(), Applied.Refused::reason));
            assertEquals(java.util.Set.of("edited", "link", "dir/in"), refused.keySet());
            assertEquals("the host deleted or moved it after the session began", refused.get("edited"));
            // The twins: what only the session made, and what it put in the place of what is still there.
            var after = List.of("by-host", "dir", "kept", "made", "made/in", "mine", "old", "swapped", "swapped/new");
            assertEquals(after, tree());
            assertEquals("session\n", Files.readString(work.resolve("kept")));
        }
    }

    /// What an apply took away, the session may make again.
    @Test
    void whatWasAppliedAsDeletedMayBeMadeAgain() throws Exception {
        for (var name : List.of("f", "dir/in")) write(name, name + "\n");
        var session = bench.session();
        try (var review = bench.sandbox.review(session.id())) {
            assertEquals(0, Bench.say(session, "rm -r f dir").code());
            assertEquals(List.of(), applyAll(review).refused());
            assertEquals(List.of(), tree());
            assertEquals(0, Bench.say(session, "mkdir dir; echo 2 > dir/in; echo 2 > f").code());
            assertEquals(List.of(), applyAll(review).refused());
            assertEquals(List.of("dir", "dir/in", "f"), tree());
        }
        session.stop();
    }

    @Test
    void aListingEndsAtItsLimitAndSaysSo() throws Exception {
        for (var name : List.of("a", "b", "dir/in")) write(name, name);
        var kept = bench.base.resolve("listing");
        try (var open = UnsafeFiles.open(TreePath.raw(work), UnsafeFiles.O_DIRECTORY)) {
            Listing.of(open, 4).write(kept);
            var whole = Listing.read(kept);
            assertTrue(whole.isWhole());
            for (var name : List.of("a", "b", "dir", "dir/in")) assertTrue(whole.had(TreePath.of(name)), name);
            assertFalse(whole.had(TreePath.of("c")));
            Listing.of(open, 3).write(kept);
            assertFalse(Listing.read(kept).isWhole());
            assertFalse(Listing.read(kept).had(TreePath.of("dir/in")));
        }
        try (var review = bench.changed("echo s > new")) {
            assertEquals(List.of(), review.changes().unread());
            Files.copy(kept, bench.home.resolve("sessions/s-1/began"), StandardCopyOption.REPLACE_EXISTING);
            var said = review.changes().unread().getFirst().reason();
            assertTrue(said.contains("1000000 paths at most"), said);
        }
    }

    /// The twin: what the session moved stands under its new name, whatever it wrote to it before.
    @Test
    void whatTheSessionMovedIsApplied() throws Exception {
        for (var name : List.of("deleted", "renamed", "kept", "old/in")) write(name, name + "\n");
        try (var review = bench.changed("for f in deleted kept old/in; do echo session >> $f; done;"
                + " mv renamed elsewhere; mkdir new; mv kept new/kept; mv old/in new/in; mv old older")) {
            Files.delete(work.resolve("deleted"));
            var refused = applyAll(review).refused().stream().map(it -> it.path().toString()).toList();
            assertEquals(List.of("deleted"), refused);
            assertEquals("renamed\n", Files.readString(work.resolve("elsewhere")));
            assertEquals("kept\nsession\n", Files.readString(work.resolve("new/kept")));
            assertEquals("old/in\nsession\n", Files.readString(work.resolve("new/in")));
            assertTrue(Files.isDirectory(work.resolve("older")));
        }
    }

    /// Step by step: the old name first, the new one later.
    @Test
    void aMoveIsAppliedInTwoSteps() throws Exception {
        write("renamed", "text\n");
        try (var review = bench.changed("mv renamed elsewhere")) {
            var changes = review.changes().list();
            var gone = changes.stream().filter(it -> it.after().isEmpty()).toList();
            assertEquals(List.of(), review.apply(gone).refused());
            assertEquals(List.of(), applyAll(review).refused());
            assertEquals("text\n", Files.readString(work.resolve("elsewhere")));
        }
    }

    /// What was shown is what is written: neither side may change between the two.
    @Test
    void whatChangesAfterItWasShownIsRefused() throws Exception {
        write("host-side", "a\n");
        write("session-side", "a\n");
        var session = bench.session();
        Bench.say(session, "echo b > host-side; echo b > session-side; echo b > new");
        try (var review = bench.sandbox.review(session.id())) {
            var shown = review.changes();
            Bench.say(session, "echo c > session-side");
            var before = Files.getLastModifiedTime(work.resolve("host-side"));
            Files.delete(work.resolve("host-side"));
            write("host-side", "a\n");
            Files.setLastModifiedTime(work.resolve("host-side"), before);
            var applied = review.apply(shown.list());
            assertEquals(
                    List.of("new"),
                    applied.done().stream().map(TreePath::toString).toList());
            assertEquals(
                    List.of("host-side", "session-side"),
                    applied.refused().stream().map(it -> it.path().toString()).toList());
            assertEquals("a\n", Files.readString(work.resolve("session-side")));
            assertEquals(List.of("host-side", "new", "session-side"), tree());
        }
    }

    /// A session may go on after an apply; what was applied from it is known to it.
    @Test
    void applyingAgainAndAgain() throws Exception {
        write("f", "0\n");
        var session = bench.session();
        try (var review = bench.sandbox.review(bench.sandbox.stored().getFirst().id())) {
            for (int i = 1; i <= 3; i++) {
                assertEquals(
                        0,
                        Bench.say(session, "echo " + i + " > f; echo " + i + " > new")
                                .code());
                var changes = review.changes();
                assertEquals(List.of(), applyAll(review).refused());
                // The same list once more: all of it stands already, so nothing is to be done or to be harmed.
                review.apply(changes.list());
                assertEquals(i + "\n", Files.readString(work.resolve("f")));
                assertEquals(i + "\n", Files.readString(work.resolve("new")));
            }
        }
        session.stop();
        try (var restarted = Sandbox.at(bench.home, bench.outside);
                var review = restarted.review(session.id())) {
            assertEquals(Map.of(), kinds(review));
        }
    }

    /// Special bits, special files and links out of the workspace stay in the session.
    @Test
    void whatWouldHarmTheHostIsDroppedOrRefused() throws Exception {
        try (var review = bench.changed("""
            cp /bin/true suid; chmod 6755 suid; mkfifo pipe; perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "sock", Listen => 1)'
            ln -s /etc/shadow abs; ln -s ../outside/secret up; mkdir d; ln -s ../ok d/in; ln -s d/../../x tricky; ln -s /usr/bin/perl system
            ln -s "$PWD/suid" self; echo ok > ok; mkdir -m 1777 sticky
            """)) {
            var applied = applyAll(review);
            assertEquals(
                    List.of("abs", "pipe", "sock", "tricky", "up"),
                    applied.refused().stream().map(it -> it.path().toString()).toList());
            assertEquals(List.of("d", "d/in", "ok", "self", "sticky", "suid", "system"), tree());
        }
        assertEquals(0755, (int) Files.getAttribute(work.resolve("suid"), "unix:mode") & 07777);
        assertEquals(0777, (int) Files.getAttribute(work.resolve("sticky"), "unix:mode") & 07777);
    }

    /// Probe 5 at the time of applying: the way to a file leads through no link, whoever made it.
    @Test
    void applyDoesNotFollowLinks() throws Exception {
        write("dir/f", "f\n");
        try (var review = bench.changed("echo evil > dir/f; echo evil > dir/new")) {
            var shown = review.changes();
            Files.move(work.resolve("dir"), work.resolve("real"));
            Files.createSymbolicLink(work.resolve("dir"), bench.outside);
            Files.writeString(bench.outside.resolve("f"), "outside\n");
            var applied = review.apply(shown.list());
            assertEquals(List.of(), applied.done());
            assertEquals(2, applied.refused().size());
            assertEquals("outside\n", Files.readString(bench.outside.resolve("f")));
            assertFalse(Files.exists(bench.outside.resolve("new")));
        }
    }

    /// A mode belongs to the inode, and an inode may have a name outside the workspace.
    @Test
    void aModeIsNotSetThroughAHardLink() throws Exception {
        var outside = Files.writeString(bench.outside.resolve("key"), "shared\n");
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rw-------"));
        Files.createLink(work.resolve("linked"), outside);
        var alone = write("alone", "x\n");
        Files.setPosixFilePermissions(alone, PosixFilePermissions.fromString("rw-------"));
        var inode = Files.getAttribute(alone, "unix:ino");
        try (var review = bench.changed("chmod 666 linked alone")) {
            assertEquals(Map.of("linked", "permissions", "alone", "permissions"), kinds(review));
            assertEquals(List.of(), applyAll(review).refused());
        }
        assertEquals("rw-------", mode(outside));
        assertEquals("shared\n", Files.readString(outside));
        assertEquals("rw-rw-rw-", mode(work.resolve("linked")));
        assertEquals("shared\n", Files.readString(work.resolve("linked")));
        // The twin: a file with one name keeps being that file.
        assertEquals("rw-rw-rw-", mode(alone));
        assertEquals(inode, Files.getAttribute(alone, "unix:ino"));
    }

    /// Probe 7: a directory that is swapped for a link while changes are applied.
    @Test
    void aSwappedDirectoryIsNeverWrittenThrough() throws Exception {
        Files.createDirectory(work.resolve("dir"));
        Files.createSymbolicLink(work.resolve("other"), bench.outside);
        var swaps = new java.util.concurrent.atomic.AtomicInteger();
        try (var review = bench.changed("for i in $(seq 400); do echo evil > dir/f$i; done");
                var parent = UnsafeFiles.open(TreePath.raw(work), UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY)) {
            var shown = review.changes().list();
            var swapping = Thread.ofPlatform().start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    try {
                        UnsafeFiles.rename(parent, "dir", parent, "other", UnsafeFiles.RENAME_EXCHANGE);
                        swaps.incrementAndGet();
                    } catch (KernelException e) {
                        return;
                    }
                }
            });
            var done = 0;
            for (int round = 0; round < 3; round++)
                done += review.apply(shown).done().size();
            swapping.interrupt();
            swapping.join();
            System.out.println("swapped " + swaps + " times, " + done + " applied");
        }
        assertTrue(swaps.get() > 100, "the directory was swapped " + swaps + " times");
        assertArrayEquals(new String[0], bench.outside.toFile().list());
    }

    /// The twin: a copy by path, as one would write it first, is led outside by the same swapping.
    @Test
    void copyingByPathWouldBeWrittenThrough() throws Exception {
        Files.createDirectory(work.resolve("dir"));
        Files.createSymbolicLink(work.resolve("other"), bench.outside);
        try (var parent = UnsafeFiles.open(TreePath.raw(work), UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY)) {
            for (int i = 0; bench.outside.toFile().list().length == 0 && i < 2; i++) {
                Files.writeString(work.resolve("dir/f"), "evil");
                UnsafeFiles.rename(parent, "dir", parent, "other", UnsafeFiles.RENAME_EXCHANGE);
            }
        }
        assertEquals(1, bench.outside.toFile().list().length);
    }

    @Test
    void oddNamesAndContents() throws Exception {
        try (var review = bench.changed("""
            perl -e 'for my $n ("latin\\xe9", "new\\nline", "esc\\x1b[2J", "bidi\\xe2\\x80\\xae", "sp ace", "-n", "\\xe6\\x9e\\xa1") {
                open my $f, ">", $n or die; print $f "x\\0\\xff"; }'
            ln -s loop loop; ln -s b a; ln -s a b; mkdir -p x/y; ln -s .. x/y/up
            """)) {
            var names = review.changes().list().stream()
                    .map(it -> it.path().toString())
                    .toList();
            assertTrue(
                    names.containsAll(
                            List.of("latin\\xe9", "new\\x0aline", "esc\\x1b[2J", "bidi\\u{202e}", "sp ace", "-n", "枡")),
                    "" + names);
            assertEquals(List.of(), applyAll(review).refused());
            assertEquals(Map.of(), kinds(review));
            try (var host = UnsafeFiles.open(TreePath.raw(work), UnsafeFiles.O_PATH | UnsafeFiles.O_DIRECTORY)) {
                assertTrue(UnsafeFiles.find(host, "latin\u00e9").isPresent());
            }
        }
    }

    /// Holes cost nothing to make and hours to read.
    @Test
    void hugeFilesAreNotRead() throws Exception {
        try (var review = bench.changed("truncate -s " + (Changes.FILE_BYTES + 1) + " more; echo x > small")) {
            var changes = review.changes();
            assertEquals(
                    List.of("small"),
                    changes.list().stream().map(it -> it.path().toString()).toList());
            assertEquals("more", changes.unread().getFirst().path().toString());
            assertTrue(changes.unread().getFirst().reason().contains("longer than"));
        }
    }

    @Test
    void changesBeyondTheLimitAreTold() throws Exception {
        try (var review = bench.changed("for i in $(seq 30); do echo $i > f$i; done")) {
            assertEquals(30, limited(review, 30, 100, 1000).list().size());
            assertEquals(List.of(), limited(review, 30, 100, 1000).unread());
            var fewer = limited(review, 29, 100, 1000);
            assertEquals(29, fewer.list().size());
            assertTrue(fewer.unread().getFirst().reason().contains("more than 29"));
            // f1 to f9 hold two bytes, the others three: 18 and 63.
            assertEquals(9, limited(review, 30, 2, 1000).list().size());
            assertEquals(List.of(), limited(review, 30, 3, 81).unread());
            assertEquals(1, limited(review, 30, 3, 80).unread().size());
        }
    }

    @Test
    void deepTreesAreTold() throws Exception {
        try (var review = bench.changed(
                "perl -e 'for (1 .. 600) { mkdir \"deep-directory\" or die; chdir \"deep-directory\" } open my $f,"
                        + " \">\", \"end\"'; echo x > shallow")) {
            var changes = review.changes();
            assertEquals(1, changes.unread().size());
            assertTrue(
                    changes.unread().getFirst().reason().contains("longer than"),
                    changes.unread().toString());
            var shallow = changes.list().stream()
                    .filter(it -> it.path().toString().equals("shallow"))
                    .toList();
            assertEquals(1, review.apply(shallow).done().size());
            bench.sandbox.discard(review.session().id());
        }
        assertEquals(List.of("shallow"), tree());
        assertFalse(Files.exists(bench.home.resolve("sessions/s-1")));
    }

    @Test
    void attributesOfTheHostStay() throws Exception {
        var file = write("f", "a\n");
        var view = Files.getFileAttributeView(file, java.nio.file.attribute.UserDefinedFileAttributeView.class);
        view.write("kept", java.nio.ByteBuffer.wrap(new byte[] {1, 2}));
        try (var review = bench.changed("echo b > f")) {
            assertEquals(List.of(), applyAll(review).refused());
        }
        assertEquals("b\n", Files.readString(file));
        assertEquals(
                List.of("kept"),
                Files.getFileAttributeView(file, java.nio.file.attribute.UserDefinedFileAttributeView.class)
                        .list());
    }

    @Test
    void anotherWorkspaceInThePlaceIsNotTouched() throws Exception {
        try (var review = bench.changed("echo x > f")) {
            assertEquals(1, review.changes().list().size());
        }
        Files.move(work, bench.base.resolve("moved"));
        Files.createDirectory(work);
        assertThrows(SealException.class, () -> bench.sandbox.review("s-1"));
    }

    /// A crash between two steps leaves a file beside the place; the next apply removes it, unless it is the host's.
    @Test
    void anInterruptedApplyIsClearedUp() throws Exception {
        write("f", "host\n");
        try (var review = bench.changed("echo session > f; echo session > g")) {
            var changes = review.changes();
            var f = changes.list().getFirst();
            var baseline = Baseline.read(
                    bench.home.resolve("sessions/s-1"), review.session().started());
            baseline.intend(f.path(), f.host());
            write(Place.aside(f.path(), "s-1"), "half writ");
            assertEquals(List.of(), review.apply(changes.list()).refused());
            assertEquals(List.of("f", "g"), tree());
        }
        try (var review = bench.changed("echo again > f")) {
            var change = review.changes().list().getFirst();
            var baseline = Baseline.read(
                    bench.home.resolve("sessions/s-2"), review.session().started());
            baseline.intend(change.path(), change.host());
            // As if the host had written `f` just before the exchange: its newer content lies aside.
            Files.move(work.resolve("f"), work.resolve("f2"));
            write("f", "what the session has\n");
            Files.delete(work.resolve("f2"));
            write(Place.aside(change.path(), "s-2"), "the host's newer\n");
            var refused = review.apply(review.changes().list()).refused();
            assertTrue(refused.stream().anyMatch(it -> it.reason().contains("keep the one you want")), "" + refused);
            assertEquals("the host's newer\n", Files.readString(work.resolve(Place.aside(change.path(), "s-2"))));
        }
    }

    @Test
    void theDigestNamesContentAndPath() throws Exception {
        String first;
        try (var review = bench.changed("echo x > f; mkdir d")) {
            first = review.changes().digest();
            assertEquals(first, review.changes().digest());
            assertEquals(64, first.length());
        }
        try (var same = bench.changed("mkdir d; echo x > f");
                var content = bench.changed("echo y > f; mkdir d");
                var mode = bench.changed("echo x > f; mkdir d; chmod 600 f")) {
            assertEquals(first, same.changes().digest());
            assertNotEquals(first, content.changes().digest());
            assertNotEquals(first, mode.changes().digest());
        }
    }

    @Test
    void differencesAreShownAsText() throws Exception {
        write("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        write("bin", "\0");
        try (var review = bench.changed(
                "sed -i 's/5/five/' f; printf 'a\\033[31mb\\n' > new; printf '\\0\\1' > bin; ln -s f l")) {
            assertEquals(
                    List.of("@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"), diff(review, "f"));
            assertEquals(List.of("@@ -0,0 +1 @@", "+a\\x1b[31mb"), diff(review, "new"));
            assertEquals(1, diff(review, "bin").size());
            assertTrue(diff(review, "bin").getFirst().contains("binary"));
            assertEquals(List.of("nothing -> link to f"), diff(review, "l"));
        }
    }

    private static List<String> diff(Review review, String path) throws SealException {
        Predicate<Change> named = it -> it.path().toString().equals(path);
        return review.diff(
                review.changes().list().stream().filter(named).findFirst().orElseThrow());
    }

    /// A half-made session directory holds nothing and is in nobody's way.
    @Test
    void whatACrashLeftOfASessionIsNoSession() throws Exception {
        Files.createDirectories(bench.home.resolve("sessions/s-1/upper/x"));
        assertEquals(List.of(), bench.sandbox.stored());
        try (var session = bench.sandbox.open(new SessionSpec("s-1", Optional.of(work), List.of()))) {
            assertEquals("", Bench.say(session, "ls").out());
        }
    }
}
