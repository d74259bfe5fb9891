package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

/// An interactive shell in a seal is a whole one: a controlling terminal, job control, a window that can change.
@EnabledIf("dev.masugata.sandbox.Legs#canSeal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TerminalTest {
    /// A job that says when the terminal is its own: keys typed earlier would go to the shell. It starts no process:
    /// one that is stopped between vfork and exec holds up its parent, which then cannot be stopped itself.
    private static final String REPORTING =
            "perl -e '$| = 1; while (1) { open F, q(/proc/self/stat); my @f = split q( ), <F>;"
                    + " print q(in ), qq(front\\n) if $f[4] == $f[7]; select(undef, undef, undef, 0.02) }'\n";

    private Bench bench;
    private SealedSession session;

    @BeforeAll
    void open() throws Exception {
        bench = new Bench();
        session = bench.session();
    }

    @AfterAll
    void close() throws Exception {
        bench.close();
    }

    /// Types at a shell and reads what appears.
    private final class Shell implements AutoCloseable {
        final SealedProcess process;
        private final StringBuilder seen = new StringBuilder();
        private boolean atEnd;

        Shell() throws SealException {
            var environment = Map.of("PS1", "$ ", "TERM", "dumb");
            process = session.start(SealSpec.agent(List.of("bash", "--norc", "--noediting"), environment)
                    .on(new Terminal(40, 100)));
            Thread.startVirtualThread(this::read);
        }

        private void read() {
            var buffer = new byte[4096];
            try (var in = process.stdout()) {
                for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    synchronized (this) {
                        seen.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                        notifyAll();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                synchronized (this) {
                    atEnd = true;
                    notifyAll();
                }
            }
        }

        void type(String keys) throws IOException {
            process.stdin().write(keys.getBytes(StandardCharsets.UTF_8));
        }

        /// Waits until a text has appeared, and says what came until then.
        synchronized String until(String text) throws InterruptedException {
            var deadline = System.nanoTime() + 10_000_000_000L;
            while (seen.indexOf(text) < 0) {
                if (atEnd || System.nanoTime() > deadline) throw new AssertionError("no `" + text + "` in: " + seen);
                wait(100);
            }
            var all = seen.substring(0, seen.indexOf(text) + text.length());
            seen.delete(0, all.length());
            return all;
        }

        synchronized void untilTheEnd() throws InterruptedException {
            var deadline = System.nanoTime() + 10_000_000_000L;
            while (!atEnd && System.nanoTime() < deadline) wait(100);
            assertTrue(atEnd, "the terminal stays open after: " + seen);
        }

        @Override
        public void close() throws Exception {
            process.kill();
            process.onExit().get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void theShellHasJobControl() throws Exception {
        try (var shell = new Shell()) {
            shell.type("case $- in *m*) echo job''control;; esac; tty; stty size\n");
            shell.until("jobcontrol");
            shell.until("40 100");
            shell.type(REPORTING);
            shell.until("in front");
            shell.type("\032");
            shell.until("Stopped");
            shell.type("bg; jobs\n");
            shell.until("Running");
            shell.type("fg\n");
            shell.until("in front");
            shell.type("\003");
            shell.until("^C");
            shell.type("echo bet''ween; sleep 2000 & kill $!; wait $!; echo ended $?\n");
            shell.until("between");
            shell.until("ended 143");
            shell.type("exit 5\n");
            assertEquals(5, shell.process.onExit().get(5, TimeUnit.SECONDS));
            shell.untilTheEnd();
        }
    }

    @Test
    void aNewSizeIsTold() throws Exception {
        try (var shell = new Shell()) {
            shell.type("trap 'stty size; echo chan''ged' WINCH; echo rea''dy\n");
            shell.until("ready");
            shell.process.resize(new Terminal(50, 132));
            shell.type("\n");
            assertTrue(shell.until("changed").contains("50 132"));
        }
        assertThrows(IllegalArgumentException.class, () -> new Terminal(0, 80));
        assertThrows(IllegalArgumentException.class, () -> new Terminal(24, Terminal.MOST + 1));
    }

    /// Probe 44: the call is refused, and the terminal is one of the gate's own anyway.
    @Test
    void nothingTypesIntoATerminal() throws Exception {
        try (var shell = new Shell()) {
            for (var request : List.of("0x5412", "0x541c")) {
                shell.type("perl -e 'my $x = \"x\"; ioctl(STDIN, " + request
                        + ", $x) and print \"typ\".\"ed\"; print \"errno=\", $! + 0, \"\\n\"'\n");
                assertTrue(shell.until("errno=1\r\n").contains("errno=1"));
            }
            // The harmless twin: another call on the same terminal works (TIOCGWINSZ).
            shell.type(
                    "perl -e 'my $w = \"\\0\" x 8; ioctl(STDIN, 0x5413, $w); print \"rows=\", unpack(\"S\", $w), \"\\n"
                            + "\"'\n");
            shell.until("rows=40\r\n");
        }
    }

    @Test
    void theControllingTerminalIsTheSealsOwn() throws Exception {
        try (var shell = new Shell()) {
            shell.type("echo to-the-t''ty > /dev/tty; ps -o sid= -p $$ | tr -d ' ' | sed 's/^/sid-/'; echo pid-$$\n");
            shell.until("to-the-tty");
            var said = shell.until("pid-");
            assertTrue(said.contains("sid-"), said);
        }
        // Pipes have none to open.
        assertEquals(
                1,
                Bench.say(session, "(echo x > /dev/tty) 2>/dev/null || exit 1").code());
    }
}
