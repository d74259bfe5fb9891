package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Unified diffs: that patch(1) makes the new text of the old one is the definition of right.
class UnifiedDiffTest {
    @TempDir
    Path directory;

    @Test
    void equalTextsHaveNoHunk() {
        assertEquals(List.of(), UnifiedDiff.hunks("a\nb\n", "a\nb\n"));
        assertEquals(List.of(), UnifiedDiff.hunks("", ""));
    }

    @Test
    void smallOnes() {
        assertEquals(List.of("@@ -0,0 +1,2 @@", "+a", "+b"), UnifiedDiff.hunks("", "a\nb\n"));
        assertEquals(List.of("@@ -1,2 +0,0 @@", "-a", "-b"), UnifiedDiff.hunks("a\nb\n", ""));
        assertEquals(List.of("@@ -1,2 +1,2 @@", " a", "-b", "+c"), UnifiedDiff.hunks("a\nb\n", "a\nc\n"));
        assertEquals(List.of("@@ -1 +1 @@", "-a", "\\ No newline at end of file", "+a"), UnifiedDiff.hunks("a", "a\n"));
    }

    @Test
    void changesFarApartAreTwoHunks() {
        var old = lines(IntStream.range(0, 40));
        assertEquals(
                2,
                UnifiedDiff.hunks(old, old.replace("\n5\n", "\nx\n").replace("\n30\n", "\ny\n")).stream()
                        .filter(it -> it.startsWith("@@"))
                        .count());
        assertEquals(
                1,
                UnifiedDiff.hunks(old, old.replace("\n5\n", "\nx\n").replace("\n11\n", "\ny\n")).stream()
                        .filter(it -> it.startsWith("@@"))
                        .count());
    }

    private static String lines(IntStream numbers) {
        return numbers.mapToObj(it -> it + "\n").collect(Collectors.joining());
    }

    @Test
    void patchMakesTheNewTextOfTheOld() throws Exception {
        var random = new Random(7);
        for (int round = 0; round < 60; round++) {
            var old = IntStream.range(0, random.nextInt(60))
                    .mapToObj(_ -> "" + random.nextInt(12))
                    .collect(Collectors.toList());
            var now = new java.util.ArrayList<>(old);
            for (int edits = random.nextInt(12); edits > 0; edits--) {
                var at = random.nextInt(now.size() + 1);
                if (random.nextBoolean() || at == now.size()) now.add(at, "n" + random.nextInt(5));
                else now.remove(at);
            }
            var end = round % 3 == 0 ? "" : "\n";
            patch(old.isEmpty() ? "" : String.join("\n", old) + end, now.isEmpty() ? "" : String.join("\n", now) + end);
        }
    }

    /// More edits than are searched: still right, if not the shortest.
    @Test
    void beyondTheLimitOfEdits() throws Exception {
        patch(
                lines(IntStream.range(0, 3 * UnifiedDiff.EDITS)),
                lines(IntStream.range(0, 3 * UnifiedDiff.EDITS).map(it -> it * 7)));
    }

    private void patch(String old, String now) throws Exception {
        var hunks = UnifiedDiff.hunks(old, now);
        if (old.equals(now)) return;
        var file = Files.writeString(directory.resolve("f"), old);
        var patch = Files.writeString(directory.resolve("p"), "--- f\n+++ f\n" + String.join("\n", hunks) + "\n");
        var git = Bench.host("git", "-C", directory.toString(), "apply", "-p0", "--unidiff-zero", patch.toString());
        assertEquals(0, git.code(), git.err() + Files.readString(patch));
        assertEquals(now, Files.exists(file) ? Files.readString(file) : "");
    }

    @Test
    void nothingInALineActsOnTheTerminal() {
        var hunks = UnifiedDiff.hunks("", "\u001b]0;title\u0007 \u202e\u200b\r\tok 枡\n");
        assertEquals("+\\x1b]0;title\\x07 \\u{202e}\\u{200b}\\x0d\tok 枡", hunks.get(1));
        assertTrue(hunks.stream().allMatch(line -> line.chars().allMatch(it -> it >= 0x20 || it == '\t')));
    }
}
