package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/// How seals begin and end: fast, many at once, whole, and never later than the gate.
@EnabledIf("dev.masugata.sandbox.Legs#canSeal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopTest {
    /// Ignores every signal that can be ignored, leaves daemons behind, and keeps forking.
    private static final String STUBBORN = """
        trap '' TERM INT HUP QUIT USR1 PIPE
        for i in 1 2 3; do (setsid sh -c 'trap "" TERM HUP INT; while :; do sleep 27182818; done' &) ; done
        sh -c 'trap "" TERM; kill -STOP $$' &
        echo up
        while :; do sleep 27182818; done
        """;

    private Bench bench;

    @BeforeAll
    void open() throws Exception {
        bench = new Bench();
    }

    @AfterAll
    void close() throws Exception {
        bench.close();
    }

    @Test
    void stopEndsEverythingWithinASecond() throws Exception {
        var session = bench.session(80);
        List<SealedProcess> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var process = session.start(SealSpec.agent(List.of("sh", "-c", STUBBORN), Map.of()));
            assertEquals("up\n", new String(process.stdout().readNBytes(3)));
            all.add(process);
        }
        assertTrue(Bench.processesWith("27182818").size() >= 3);
        var before = System.nanoTime();
        session.stop();
        var milliseconds = (System.nanoTime() - before) / 1_000_000;
        System.out.println("stop of 3 stubborn seals: " + milliseconds + " ms");
        assertTrue(milliseconds < 1000, "stop took " + milliseconds + " ms");
        assertEquals(List.of(), Bench.processesWith("27182818"));
        for (var process : all) assertEquals(128 + 9, process.onExit().get(1, TimeUnit.SECONDS));
        session.stop();
        assertThrows(SealException.class, () -> session.start(SealSpec.agent(List.of("true"), Map.of())));
        assertEquals(List.of(), session.processes());
    }

    /// Whoever stops it may have been told to hurry.
    @Test
    void anInterruptedCallerStopsItAllTheSame() throws Exception {
        var session = bench.session();
        session.start(SealSpec.agent(List.of("sleep", "22360679"), Map.of()));
        Thread.currentThread().interrupt();
        session.stop();
        assertTrue(Thread.interrupted());
        assertEquals(List.of(), Bench.processesWith("22360679"));
        assertEquals(List.of(), bench.sandbox.running());
    }

    /// A start that is under way while the session is stopped leaves nothing.
    @Test
    void stopDuringAStart() throws Exception {
        for (int i = 0; i < 5; i++) {
            var session = bench.session();
            var start = CompletableFuture.runAsync(
                    () -> {
                        try {
                            while (true) session.start(SealSpec.agent(List.of("sleep", "16180339"), Map.of()));
                        } catch (SealException ended) {
                            // What the loop waits for.
                        }
                    },
                    Thread::startVirtualThread);
            while (session.processes().isEmpty()) Thread.onSpinWait();
            session.stop();
            start.get(5, TimeUnit.SECONDS);
            assertEquals(List.of(), Bench.processesWith("16180339"));
        }
    }

    private Process gate(Path home, String how) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GateMain.class.getName(),
                        home.toString(),
                        bench.workspace.toString(),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void kill(Process gate, String marker) throws Exception {
        gate.destroyForcibly().waitFor();
        var deadline = System.nanoTime() + 1_000_000_000L;
        while (!Bench.processesWith(marker).isEmpty() && System.nanoTime() < deadline) Thread.onSpinWait();
        assertEquals(List.of(), Bench.processesWith(marker));
    }

    /// Probe 56: nothing survives the gate, however it ends.
    @Test
    void killingTheGateEndsItsSeals() throws Exception {
        var home = Files.createDirectory(bench.base.resolve("gate"));
        var gate = gate(home, "once");
        var said = new BufferedReader(new InputStreamReader(gate.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("ready", said.readLine());
        assertTrue(Bench.processesWith("14142135").size() >= 2);
        kill(gate, "14142135");
        assertFalse(Files.readString(Path.of("/proc/self/mountinfo")).contains(home.toString()));
        // What the session did is kept, and can be reviewed by the next gate.
        try (var next = Sandbox.at(home, Path.of("/opt"));
                var review = next.review("s-gate")) {
            assertEquals(
                    List.of("left.txt"),
                    review.changes().list().stream()
                            .map(it -> it.path().toString())
                            .toList());
        }
    }

    /// Killed at any moment of a start: no process may come to life after its gate.
    @Test
    void killingTheGateWhileItStartsSeals() throws Exception {
        for (int round = 0; round < 4; round++) {
            var gate = gate(Files.createDirectory(bench.base.resolve("storm-" + round)), "storm");
            var said = new BufferedReader(new InputStreamReader(gate.getInputStream(), StandardCharsets.UTF_8));
            for (int line = 0; line <= 4 * round; line++) assertEquals("started", said.readLine());
            kill(gate, "14142135");
        }
    }

    @Test
    void manySessionsAtOnce() throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            var id = "many-" + i;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        try (var session =
                                bench.sandbox.open(new SessionSpec(id, Optional.of(bench.workspace), List.of(80)))) {
                            assertEquals(
                                    id + "\n",
                                    Bench.say(session, "echo " + id + " > who; cat who")
                                            .out());
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    },
                    Thread::startVirtualThread));
        }
        for (var one : all) one.get(20, TimeUnit.SECONDS);
        assertEquals(List.of(), bench.sandbox.running());
        assertFalse(Files.exists(bench.workspace.resolve("who")));
    }

    @Test
    void oneSessionForEachName() throws Exception {
        try (var first = bench.sandbox.open(new SessionSpec("same", Optional.of(bench.workspace), List.of()))) {
            var again = new SessionSpec("same", Optional.of(bench.workspace), List.of());
            assertThrows(SealException.class, () -> bench.sandbox.open(again));
            assertThrows(SealException.class, () -> bench.sandbox.discard("same"));
            assertEquals(0, Bench.say(first, "true").code());
        }
        assertThrows(
                SealException.class,
                () -> bench.sandbox.open(new SessionSpec("same", Optional.of(bench.workspace), List.of())));
        bench.sandbox.discard("same");
        bench.sandbox
                .open(new SessionSpec("same", Optional.of(bench.workspace), List.of()))
                .close();
        assertThrows(IllegalArgumentException.class, () -> new SessionSpec("../x", Optional.empty(), List.of()));
    }

    /// No session leaves descriptors or threads behind.
    @Test
    void nothingLeaks() throws Exception {
        Runnable one = () -> {
            try (var session = bench.session(80)) {
                Bench.say(session, "true");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        one.run();
        var before = descriptors();
        for (int i = 0; i < 10; i++) one.run();
        assertTrue(descriptors() <= before + 2, before + " then " + descriptors());
        assertEquals(
                0,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(it -> it.getName().startsWith("session-s-"))
                        .count());
    }

    private static int descriptors() {
        return new java.io.File("/proc/self/fd").list().length;
    }

    /// From nothing to a command's first output; the workspace, network and listener are made anew each time.
    @Test
    void aSealStandsSoon() throws Exception {
        var times = new long[20];
        for (int i = 0; i < times.length; i++) {
            var before = System.nanoTime();
            try (var session = bench.session(80, 7172)) {
                var process = session.start(SealSpec.agent(List.of("echo", "x"), Map.of()));
                process.stdout().read();
                times[i] = (System.nanoTime() - before) / 1000;
                process.waitFor();
            }
        }
        java.util.Arrays.sort(times);
        System.out.printf(
                "sealed session, open to first output: p50 %.1f ms, min %.1f, max %.1f (%s)%n",
                times[10] / 1e3, times[0] / 1e3, times[19] / 1e3, Standing.here());
        assertTrue(times[10] < 250_000, "p50 " + times[10] + " us");
    }
}
