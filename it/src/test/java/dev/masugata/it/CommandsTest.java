package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.it.SealedRunTest.As;
import dev.masugata.it.SealedRunTest.Place;
import dev.masugata.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What commands say and answer, word by word where a person relies on it.
class CommandsTest {
    private static Place place() throws Exception {
        return new Place(new As("self", List.of()));
    }

    private static Json.Obj json(Gate.Said said) {
        return RawClient.object(said.ok().out());
    }

    private static void fails(int exit, String says, Gate.Said said) {
        assertEquals(exit, said.exit(), said.out() + said.err());
        assertTrue(said.err().contains(says), said.err());
        assertFalse(said.err().contains("Exception"), said.err());
    }

    @Test
    void anUnknownIdIsOneAndTheReasonIsSaid() throws Exception {
        try (var place = place()) {
            place.masugata("run", "-q", "--", "sh", "-c", "echo x > f").ok();
            for (var what : List.of("diff", "apply", "discard")) fails(1, "`zzz`", place.masugata(what, "zzz"));
            fails(1, "there is no entry `zzz`", place.masugata("log", "show", "zzz"));
            fails(1, "there is no entry `d-9999`", place.masugata("log", "show", "d-9999"));
            fails(1, "there is no entry `zzz`", place.masugata("log", "prove", "zzz"));
            fails(1, "there is no such file", place.masugata("log", "verify", "--checkpoint", "/nonexistent"));
            fails(1, "`/nonexistent`", place.masugata("log", "check", "/nonexistent", "--key", "k"));
            fails(1, "there is no session `zzz`", place.masugata("reach", "zzz"));
            place.masugata("diff").ok();
            place.masugata("log", "show", "1").ok();
        }
    }

    @Test
    void discardWithoutANameMeansTheLatestAndNoOther() throws Exception {
        try (var place = place()) {
            var first = place.session(place.masugata("run", "--", "sh", "-c", "echo 1 > f"));
            var second = place.session(place.masugata("run", "--", "sh", "-c", "echo 2 > f"));
            assertTrue(place.masugata("discard").ok().out().contains(second));
            var again = place.masugata("discard");
            fails(1, second + " has kept no changes", again);
            assertTrue(again.err().contains(first), "those that are kept are named: " + again.err());
            assertTrue(place.masugata("diff", first).ok().out().contains("+1"));
            assertTrue(place.masugata("diff").ok().out().contains("no changes"));
            place.masugata("discard", first).ok();
        }
    }

    private static List<String> kept(Place place) throws Exception {
        try (var all = Files.list(place.directory.resolve("home/sessions"))) {
            return all.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatLeftNothingToDecideIsNotKept() throws Exception {
        try (var place = place()) {
            for (int i = 0; i < 3; i++) place.masugata("run", "-q", "--", "cat", "old.txt").ok();
            assertEquals(List.of(), kept(place));
            var session = place.session(place.masugata("run", "--", "sh", "-c", "echo 1 > a; echo 2 > b"));
            place.masugata("apply", session, "a").ok();
            assertEquals(List.of(session), kept(place), "b is still to be decided");
            assertTrue(place.masugata("apply").ok().out().contains("1 changes applied"));
            assertEquals(List.of(), kept(place));
            assertTrue(place.masugata("apply").ok().out().contains("0 changes applied"));
            assertTrue(place.masugata("log", "verify").ok().out().contains("the record holds"));
        }
    }

    @Test
    void reachSaysWhatItCanWhereNothingCouldRun() throws Exception {
        try (var place = place()) {
            var here = place.masugata("reach").ok().out();
            assertTrue(here.contains("1 file in " + place.work()), here);
            var root = place.masugata("reach", "--workspace", "/").ok().out();
            assertTrue(root.contains("whole machine") && root.contains("network"), root);
            fails(125, "whole machine", place.masugata("run", "--dry-run", "--workspace", "/", "--", "true"));
            place.masugata("run", "-q", "--agent", "coder", "--", "true").ok();
            var agent = json(place.masugata("reach", "coder", "--json"));
            assertEquals(List.of(), agent.items("used"));
            assertFalse(agent.at("fromOutsideWrittenAtOnce").isPresent(), "it has no token");
            place.masugata("agents", "add", "coder", "--user", "alice").ok();
            assertTrue(json(place.masugata("reach", "coder", "--json")).at("fromOutsideWrittenAtOnce").isPresent());
        }
    }

    @Test
    void whatCountsAtOnceIsSaidAlsoToWhoWantsToHearNothing() throws Exception {
        try (var place = place()) {
            var data = Files.createDirectory(place.directory.resolve("data"));
            var loud = place.masugata("run", "--", "true");
            assertTrue(loud.err().contains("Nothing else of ~ is visible\n"), loud.err());
            var reading = place.masugata("run", "--read", data.toString(), "--", "true");
            assertTrue(reading.err().contains("visible but what is named below\n           ~/data to read"),
                    reading.err());
            var quiet = place.masugata("run", "-q", "--mount", data + ":/data", "--", "sh", "-c", "echo x > /data/f");
            assertEquals("masugata: ~/data at /data for real: changes there count at once",
                    quiet.ok().err().lines().findFirst().orElse(""));
            assertEquals("x\n", Files.readString(data.resolve("f")));
            assertEquals("", place.masugata("run", "-q", "--mount", data + ":/data:ro", "--", "true").ok().err());
            for (var system : List.of("/etc", "/usr/local", "/var/lib"))
                fails(125, ":ro", place.masugata("run", "-q", "--mount", system + ":/data", "--", "true"));
            var home = place.directory.resolve("home") + ":/data";
            fails(125, "no session may see", place.masugata("run", "-q", "--mount", home, "--", "true"));
            place.masugata("run", "-q", "--mount", "/usr/share:/data:ro", "--", "ls", "/data").ok();
        }
    }

    @Test
    void bitsThatAreNeverAppliedAreSaidAndChangesAreData() throws Exception {
        try (var place = place()) {
            place.masugata("run", "-q", "--", "sh", "-c",
                    "cp /bin/true suid; chmod 6755 suid; chmod 600 old.txt; ln -s old.txt l").ok();
            assertTrue(place.masugata("diff").ok().out().contains("suid   (without set-user-id, set-group-id)"));
            var changes = json(place.masugata("diff", "--json")).items("changes").stream().map(it -> (Json.Obj) it)
                    .toList();
            assertEquals(List.of("l", "old.txt", "suid"),
                    changes.stream().map(it -> it.string("path").orElse("")).toList());
            assertEquals("{\"type\":\"link\",\"target\":\"old.txt\"}", changes.get(0).object("after").toString());
            assertEquals("permissions", changes.get(1).string("kind").orElse(""));
            assertEquals("0600", changes.get(1).object("after").string("mode").orElse(""));
            assertEquals("0644", changes.get(1).object("before").string("mode").orElse(""));
            assertEquals("6755", changes.get(2).object("after").string("mode").orElse(""));
            assertEquals(2, changes.get(2).items("dropped").size());
            var applied = place.masugata("apply").ok();
            assertTrue(applied.err().contains("applied without set-user-id, set-group-id: suid"), applied.err());
            assertFalse(applied.err().contains("old.txt"), applied.err());
            assertEquals(0755, (int) Files.getAttribute(place.work().resolve("suid"), "unix:mode") & 07777);
        }
    }

    @Test
    void aCommandThatCannotBeRunIsToldInOurWords() throws Exception {
        try (var place = place()) {
            Files.writeString(place.work().resolve("plain"), "x");
            Files.createDirectory(place.work().resolve("dir"));
            fails(126, "masugata: `./plain` may not be executed", place.masugata("run", "-q", "--", "./plain"));
            fails(126, "masugata: `./dir` is a directory", place.masugata("run", "-q", "--", "./dir"));
            for (var missing : List.of("./none", "none-such", "cd"))
                fails(127, "masugata: `" + missing + "` was not found inside the seal",
                        place.masugata("run", "-q", "--", missing));
            var script = Files.writeString(place.work().resolve("runs"), "#!/bin/sh\necho \"$1\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            assertEquals("a b\n", place.masugata("run", "-q", "--", "./runs", "a b").ok().out());
            assertEquals("c d\n", place.masugata("run", "-q", "--", "echo", "c d").ok().out());
        }
    }

    @Test
    void theGatesOwnFilesAreForItsOwnerAlone() throws Exception {
        try (var place = place()) {
            place.masugata("run", "-q", "--", "true").ok();
            for (var name : List.of("gate.lock", "gate.log", "ledger.lock", "ledger.db", "ledger.head", "control.sock"))
                assertEquals("rw-------", mode(place.directory.resolve("home").resolve(name)), name);
        }
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
