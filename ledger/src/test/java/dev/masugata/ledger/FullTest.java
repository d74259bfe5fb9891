package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No room: at the limit that is configured, on a disk that is really full, and where the system cuts files short.
class FullTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    /// Records until the ledger cannot write any more.
    ///
    /// @return the last number that was acknowledged
    private static long fill(Ledger ledger) {
        long last = 0;
        for (int i = 0; i < 100_000; i++) {
            try {
                last = ledger.append(Samples.asked("s-" + i, "x".repeat(20_000)));
            } catch (LedgerUnavailable full) {
                return last;
            }
        }
        throw new AssertionError("it never became full");
    }

    @Test
    void atTheLimitOnlyOperatorsStillHaveRoom() {
        var home = new Home(directory);
        home.withLimits(home.options.limits().withSize(4 * MIB, MIB, 64 * 1024));
        try (var ledger = home.open()) {
            long last = fill(ledger);
            var why = assertThrows(LedgerUnavailable.class, () -> ledger.append(Samples.asked("s-1", "x")));
            assertTrue(why.getMessage().contains("limit of"), why.getMessage());
            assertEquals(last + 1, ledger.append(Sessions.stopped(Samples.ALICE, "s-1")));
            assertTrue(ledger.standing().facts("s-1").stopped());
            // Room is made by dropping what is old.
            home.pass(Duration.ofDays(2));
            assertTrue(ledger.retain(Samples.HOUSE, Duration.ofDays(1)).count() > 0);
            ledger.append(Samples.asked("s-1", "goes on"));
        }
        var report = home.verify();
        assertTrue(report.holds(), () -> report.bad().toString());
    }

    @Test
    void theOperatorsPartEndsTooAndTheFileNeverOutgrowsItsLimit() throws Exception {
        var home = new Home(directory);
        home.withLimits(home.options.limits().withSize(2 * MIB, MIB, 64 * 1024));
        try (var ledger = home.open()) {
            fill(ledger);
            long operators = 0;
            try {
                while (true) {
                    ledger.append(new Event.Answered(
                            "", Samples.ALICE.id(), 1, false, Home.START, 1,
                            Json.of("x".repeat(20_000))));
                    operators++;
                }
            } catch (LedgerUnavailable full) {
                assertTrue(operators > 10, "operators recorded " + operators);
            }
        }
        assertTrue(Files.size(home.options.database()) <= 2 * MIB);
        assertTrue(home.verify().holds());
    }

    @Test
    void onAFullDiskStopIsRecordedAndAllGoesOnWhenThereIsRoomAgain() throws Exception {
        assumeTrue(isRoot(), "mounting needs root; FullTest.whereTheSystemCutsFilesShort covers the rest");
        run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", directory.toString());
        try {
            onAFullDisk();
        } finally {
            run("umount", directory.toString());
        }
    }

    private void onAFullDisk() throws Exception {
        var home = new Home(directory);
        home.withLimits(home.options.limits().withSize(1L << 32, MIB, 4 * MIB));
        var ballast = directory.resolve("ballast");
        try (var ledger = home.open()) {
            ledger.append(Samples.asked("s-1", "before"));
            fillUp(ballast);
            long last = fill(ledger);
            assertTrue(last > 10, "recorded " + last);
            var why = assertThrows(LedgerUnavailable.class, () -> ledger.append(Samples.asked("s-1", "x")));
            assertTrue(why.getMessage().contains("no room"), why.getMessage());
            assertTrue(ledger.append(Sessions.stopped(Samples.ALICE, "s-1")) > last);
            assertTrue(ledger.standing().facts("s-1").stopped());
            assertFalse(Files.exists(directory.resolve("ledger.reserve")), "the reserve was given back for it");
            assertThrows(LedgerUnavailable.class, () -> ledger.append(Samples.asked("s-1", "not for others")));
            ledger.append(Sessions.stopped(Samples.ALICE, "s-2"));

            Files.delete(ballast);
            ledger.append(Samples.asked("s-1", "after"));
            assertTrue(Files.size(directory.resolve("ledger.reserve")) == 4 * MIB, "and is put aside anew");
            assertTrue(ledger.reader().entry(last).isPresent(), "what was acknowledged is there");
        }
        var report = home.verify();
        assertTrue(report.holds(), () -> report.bad().toString());
    }

    private static void fillUp(Path file) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            var block = new byte[64 * 1024];
            while (true) out.write(block);
        } catch (IOException full) {
            assertTrue(full.getMessage().contains("space"), full.getMessage());
        }
        try (var ballast = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ballast.truncate(ballast.size() - MIB);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void run(String... command) throws Exception {
        var process = new ProcessBuilder(command).inheritIO().start();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0, String.join(" ", command));
    }

    /// A file-size limit of the system, in a process of its own: works as an ordinary user too.
    @Test
    void whereTheSystemCutsFilesShort() throws Exception {
        var process = Child.java("FillUp", directory).start();
        process.getInputStream().read(); // it is open, with all its libraries
        run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + MIB);
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        var said = new String(process.getInputStream().readAllBytes()).strip();
        process.waitFor();
        var words = said.substring(said.lastIndexOf('\n') + 1).split(" ");
        assertEquals("full", words[0], said);
        long acknowledged = Long.parseLong(words[1]);
        assertTrue(acknowledged > 5, said);
        var home = new Home(directory);
        try (var reader = home.reader()) {
            assertTrue(reader.size() >= acknowledged);
        }
        assertTrue(home.verify().holds(), () -> home.verify().bad().toString());
        try (var ledger = home.open()) {
            assertTrue(ledger.append(Samples.asked("s-1", "without the limit it goes on")) > acknowledged);
        }
    }
}
