package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The main job from outside: `./masugata run`, as the user who runs the tests and, where that is root, as an ordinary
/// one too.
class SealedRunTest {
    /// A prefix that becomes another user; empty: this one.
    record As(String name, List<String> prefix) {
        static List<As> everybody() {
            var everybody = new ArrayList<As>();
            everybody.add(new As("self", List.of()));
            if (System.getProperty("user.name").equals("root")) everybody.add(new As("user", List.of("runuser", "-u", "masugata-test", "--")));
            return everybody;
        }
    }

    /// A home and a workspace of that user.
    static final class Place implements AutoCloseable {
        final As as;
        final Path directory;

        Place(As as) throws Exception {
            this.as = as;
            this.directory = Files.createTempDirectory("masugata-run-").toRealPath();
            Files.createDirectory(work());
            Files.writeString(work().resolve("old.txt"), "old\n");
            own();
        }

        void own() throws Exception {
            if (!as.prefix().isEmpty())
                assertEquals(0, new ProcessBuilder("chown", "-R", "masugata-test:", directory.toString()).start().waitFor());
        }

        Path work() {
            return directory.resolve("work");
        }

        Gate.Said masugata(String... arguments) throws Exception {
            return fed("", arguments);
        }

        Gate.Said fed(String input, String... arguments) throws Exception {
            var command = new ArrayList<>(as.prefix());
            command.add(Gate.ROOT.resolve("masugata").toString());
            command.addAll(List.of(arguments));
            var out = Files.createTempFile("masugata-out", "");
            var err = Files.createTempFile("masugata-err", "");
            var builder = new ProcessBuilder(command).directory(work().toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().put("MASUGATA_HOME", directory.resolve("home").toString());
            builder.environment().put("HOME", directory.toString());
            var process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes());
            }
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end: " + command + Files.readString(err));
            }
            return new Gate.Said(process.exitValue(), Files.readString(out), Files.readString(err));
        }

        String session(Gate.Said run) {
            var at = run.err().indexOf("session s-");
            return run.err().substring(at + 8, run.err().indexOf(' ', at + 8));
        }

        @Override
        public void close() throws Exception {
            ProcessHandle.allProcesses()
                    .filter(it -> it.info().commandLine().orElse("").contains(directory.toString()))
                    .forEach(ProcessHandle::destroy);
            Await.until(Duration.ofSeconds(20), () -> ProcessHandle.allProcesses()
                    .noneMatch(it -> it.info().commandLine().orElse("").contains("gate-process --home " + directory)));
            new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
        }
    }

    @Test
    @Tag("sandbox")
    void changesCountOnlyWhenTheyAreApplied() throws Exception {
        for (var as : As.everybody())
            try (var place = new Place(as)) {
                var run = place.masugata("run", "--", "sh", "-c", "cat old.txt && echo more >> old.txt && echo new > new.txt && exit 7");
                assertEquals(7, run.exit(), run.err());
                assertEquals("old\n", run.out());
                assertTrue(run.err().contains("sealed in") && run.err().contains("final checkpoint"), run.err());
                assertEquals("old\n", Files.readString(place.work().resolve("old.txt")));
                assertFalse(Files.exists(place.work().resolve("new.txt")));
                assertTrue(place.masugata("diff").ok().out().contains("+more"));
                place.masugata("apply", place.session(run), "new.txt").ok();
                assertEquals("new\n", Files.readString(place.work().resolve("new.txt")));
                assertEquals("old\n", Files.readString(place.work().resolve("old.txt")));
                place.masugata("apply").ok();
                assertEquals("old\nmore\n", Files.readString(place.work().resolve("old.txt")));
                assertEquals(place.as.prefix().isEmpty() ? System.getProperty("user.name") : "masugata-test", Files.getOwner(place.work().resolve("new.txt")).getName());
                var moved = place.masugata("run", "--", "sh", "-c", "echo mine > old.txt");
                Files.writeString(place.work().resolve("old.txt"), "the host moved on\n");
                var refused = place.masugata("apply", place.session(moved));
                assertEquals(1, refused.exit(), refused.out());
                assertEquals("the host moved on\n", Files.readString(place.work().resolve("old.txt")));
                place.masugata("discard", place.session(moved)).ok();
                assertTrue(place.masugata("log", "verify").ok().out().contains("the record holds"));
            }
    }

    @Test
    @Tag("invariants")
    void fromInsideNothingThatCommandsIsReached() throws Exception {
        for (var as : As.everybody())
            try (var gate = Gate.serving("mcp: {}\n");
                    var place = new Place(as)) {
                Files.copy(TypeScriptClientTest.resource("reach.py"), place.work().resolve("reach.py"), StandardCopyOption.REPLACE_EXISTING);
                place.own();
                var run = place.masugata(
                        "run", "--", "python3", "reach.py", "" + gate.gates, "" + gate.people, place.directory.resolve("home").toString(), "localhost.localdomain");
                var answers = run.out().lines().toList();
                assertEquals("done", answers.getLast(), run.err());
                // The harmless twin: the way to the tools is open, so the probe can see what is there.
                assertTrue(answers.stream().anyMatch(it -> it.startsWith("masugata.internal 80") && it.contains(" /mcp ")), run.out());
                var commanding = answers.stream().filter(it -> commands(it)).toList();
                assertEquals(List.of(), commanding);
                // Nor did anything come to the listeners of another gate on this machine, to be refused there.
                assertFalse(gate.run("log", "-n", "5000").ok().out().contains("http/4"));
                // What was turned away unread (another Host, a path with dots) is on record as this session's.
                var refused = place.masugata("log", "--json", "-n", "5000", "--session", place.session(run)).ok().out();
                assertTrue(refused.contains("http/421"), refused);
            }
    }

    /// What no program was told of a proxy comes to the gate all the same, over IPv4 and IPv6, on every port; and what
    /// brings it there is out of its reach.
    @Test
    @Tag("sandbox")
    void everyConnectionComesToTheGate() throws Exception {
        var script = """
                get() { curl -sS -m 10 -k --noproxy '*' "$1" 2>&1; echo; }
                echo "plain $(get http://example.com/a)"
                echo "tls $(get https://example.com/b)"
                echo "port $(get http://example.com:8081/c)"
                echo "four $(get http://93.184.216.34:8080/d)"
                echo "six $(get 'http://[2606:2800::1]:81/e')"
                echo "machine $(get http://169.254.169.254/f)"
                echo "name $(getent ahostsv4 example.org | head -1)"
                echo "own $(getent ahostsv4 masugata.internal | head -1)"
                (python3 -m http.server -b 127.0.0.1 8099 >/dev/null 2>&1 & echo $! > /tmp/pid)
                until curl -s -o /dev/null --noproxy '*' http://127.0.0.1:8099/; do :; done
                echo "self $(curl -sS --noproxy '*' -o /dev/null -w '%{http_code}' http://127.0.0.1:8099/)"
                echo "other $(python3 other.py 2>&1 | tail -1)"
                echo "flush $(ip route flush table local 2>&1; ip link set lo down 2>&1)"
                """;
        var other = """
                import socket
                s = socket.create_connection(("192.0.2.9", 22), 5)
                s.sendall(b"SSH-2.0-x\\r\\n")
                print(s.recv(200).split()[0])
                u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                u.settimeout(5)
                u.connect(("192.0.2.9", 443))
                u.send(b"x")
                try:
                    u.recv(10)
                    print("answered")
                except OSError as gone:
                    print("datagram", type(gone).__name__)
                """;
        for (var as : As.everybody())
            try (var place = new Place(as)) {
                Files.writeString(place.work().resolve("script.sh"), script);
                Files.writeString(place.work().resolve("other.py"), other);
                place.own();
                var run = place.masugata("run", "--review", "discard", "--", "sh", "script.sh");
                for (var what : List.of("plain", "tls", "port", "four", "six", "machine"))
                    assertTrue(run.out().lines().anyMatch(it -> it.startsWith(what + " {")
                            && it.contains("not in the allow list")), what + ": " + run.out() + run.err());
                assertTrue(run.out().contains("name 198.19."), run.out());
                assertTrue(run.out().contains("own 198.18.0.1"), run.out());
                assertTrue(run.out().contains("self 200"), "what is its own stays its own: " + run.out());
                assertTrue(run.out().contains("other datagram ConnectionRefusedError"), run.out());
                assertTrue(run.out().contains("not permitted") || run.out().contains("denied"), run.out());
                assertTrue(place.masugata("log", "-n", "500", "--session", place.session(run)).ok().out()
                        .contains("http://93.184.216.34:8080/d"));
            }
    }

    /// True for an answer that is more than the gate's /mcp refusing, under its one name and address.
    private static boolean commands(String answer) {
        if (answer.equals("done")) return false;
        if (answer.startsWith("unix") || answer.startsWith("file") || answer.endsWith("True")) return true;
        boolean refuses = List.of(" 400 ", " 403 ", " 404 ", " 405 ", " 415 ", " 421 ", " 501 ").stream().anyMatch(answer::contains);
        // Every address answers, for every connection is brought to the gate; what answers refuses.
        return !refuses;
    }

    @Test
    @Tag("invariants")
    void theProbeSeesAHandlerThatAnswers() throws Exception {
        try (var gate = Gate.serving("mcp: {}\n")) {
            var probe = new ProcessBuilder("python3", TypeScriptClientTest.resource("reach.py").toString(), "" + gate.gates, "" + gate.people, gate.home.toString())
                    .directory(gate.directory.toFile()).start();
            var answers = new String(probe.getInputStream().readAllBytes()).lines().toList();
            assertTrue(answers.stream().anyMatch(it -> it.endsWith("True")), "outside a seal /metrics answers");
            assertTrue(answers.stream().anyMatch(it -> it.startsWith("unix") && it.endsWith("CONNECTED")), "and control.sock connects");
            assertTrue(answers.stream().filter(it -> commands(it)).count() > 3);
        }
    }

    @Test
    @Tag("sandbox")
    void aStopEndsProcessesAndStreamsWithinASecond() throws Exception {
        try (var place = new Place(new As("self", List.of()))) {
            var running = new ProcessBuilder(Gate.ROOT.resolve("masugata").toString(), "run", "-q", "--", "sh", "-c", "trap '' TERM INT HUP; (sleep 1000 &) ; echo begun; while :; do sleep 1; done")
                    .directory(place.work().toFile());
            running.environment().put("MASUGATA_HOME", place.directory.resolve("home").toString());
            var run = running.redirectError(ProcessBuilder.Redirect.DISCARD).start();
            assertEquals("begun", new java.io.BufferedReader(new java.io.InputStreamReader(run.getInputStream())).readLine());
            var status = place.masugata("ps", "--json").ok().out();
            assertTrue(status.contains("\"sealed\""), status);
            long began = System.nanoTime();
            var stopped = place.masugata("stop");
            // The command's own start is a JVM; what it does is measured by when the run is over.
            assertTrue(run.waitFor(10, TimeUnit.SECONDS), "the run goes on");
            var took = Duration.ofNanos(System.nanoTime() - began);
            assertEquals(0, stopped.exit(), stopped.err());
            assertEquals(137, run.exitValue());
            System.out.println("stop, with the start of its own command: " + took.toMillis() + " ms");
            assertTrue(gone("sleep 1000"), "a daemon of the run is left");
        }
    }

    private static boolean gone(String command) {
        return ProcessHandle.allProcesses().noneMatch(it -> it.info().commandLine().orElse("").endsWith(command));
    }

    @Test
    void runsAServeAttemptAndApprovalsAtOnceLeaveOneRecordThatHolds() throws Exception {
        try (var place = new Place(new As("self", List.of()));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            place.masugata("run", "--", "true").ok();
            // Both last until they are told: however slow this machine is, they are under way when `serve` is tried.
            var signal = Files.createDirectory(place.directory.resolve("signal"));
            var first = threads.submit(() -> lasting(place, "one.txt", signal));
            var second = threads.submit(() -> lasting(place, "two.txt", signal));
            Await.until(Duration.ofSeconds(30), () -> place.masugata("ps", "--json").ok().out().split("sealed").length > 2);
            var serve = place.masugata("serve");
            assertEquals(1, serve.exit());
            assertTrue(serve.err().contains("runs under way"), serve.err());
            for (int i = 0; i < 3; i++) place.masugata("approvals").ok();
            Files.createFile(signal.resolve("go"));
            first.get().ok();
            second.get().ok();
            assertTrue(place.masugata("log", "verify").ok().out().contains("the record holds"));
        }
    }

    private static Gate.Said lasting(Place place, String file, Path signal) throws Exception {
        var script = "for i in 1 2 3 4 5; do echo $i >> " + file + "; done; until [ -e /signal/go ]; do sleep 0.1; done";
        return place.masugata("run", "--mount", signal + ":/signal:ro", "--", "sh", "-c", script);
    }

    @Test
    void aWorkspaceThatWouldShowTooMuchIsRefused() throws Exception {
        try (var place = new Place(new As("self", List.of()))) {
            for (var workspace : List.of("/", place.directory.toString(), place.directory.resolve("home").toString(), Gate.ROOT.toString(), "/etc", "/nonexistent")) {
                var run = place.masugata("run", "--workspace", workspace, "--", "true");
                assertEquals(125, run.exit(), workspace + ": " + run.err());
                assertTrue(run.err().contains("--workspace"), run.err());
            }
            place.masugata("run", "--workspace", place.work().toString(), "--", "true").ok();
        }
    }

    @Test
    void aCommandThatIsNotThereOrNotExecutableHasTheShellsExitCode() throws Exception {
        try (var place = new Place(new As("self", List.of()))) {
            assertEquals(127, place.masugata("run", "-q", "--", "no-such-command").exit());
            Files.writeString(place.work().resolve("plain"), "x");
            assertEquals(126, place.masugata("run", "-q", "--", "./plain").exit());
            assertEquals(2, place.masugata("run", "--allow", "ex/ample", "--", "true").exit());
            assertEquals(2, place.masugata("run", "--secret", "a@example.com", "--", "true").exit());
            assertEquals(2, place.masugata("undo").exit());
            assertEquals("in\n", place.fed("in\n", "run", "-q", "--", "cat").ok().out());
        }
    }
}
