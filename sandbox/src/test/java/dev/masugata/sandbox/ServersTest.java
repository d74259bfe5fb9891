package dev.masugata.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

/// A server that speaks over its pipes, sealed apart from the agent whose session it serves.
@EnabledIf("dev.masugata.sandbox.Legs#canSeal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServersTest {
    private Bench bench;
    private SealedSession session;

    @BeforeAll
    void open() throws Exception {
        bench = new Bench();
        Files.writeString(bench.workspace.resolve("real.txt"), "real\n");
        session = bench.session(80);
    }

    @AfterAll
    void close() throws Exception {
        bench.close();
    }

    private Bench.Said server(String script, SealSpec.Files files) throws Exception {
        return Bench.say(
                session.start(SealSpec.server(List.of("sh", "-c", script), Map.of("CONFIGURED", "yes"), files)));
    }

    /// As a gate talks to it: a line in, a line out, for as long as it lives.
    @Test
    void linesGoInAndOut() throws Exception {
        var server = session.start(SealSpec.server(
                List.of("sh", "-c", "while read line; do echo \"answer to $line\"; echo logged >&2; done"),
                Map.of(),
                new SealSpec.Files.Nothing()));
        for (int i = 0; i < 5; i++) {
            server.stdin().write((i + "\n").getBytes(StandardCharsets.UTF_8));
            assertEquals("answer to " + i + "\n", new String(server.stdout().readNBytes(12)));
        }
        assertTrue(server.isAlive());
        var said = Bench.say(server);
        assertEquals(0, said.code());
        assertEquals(5, said.err().lines().count());
    }

    @Test
    void withoutFilesThereAreNone() throws Exception {
        var nothing = new SealSpec.Files.Nothing();
        for (var path : List.of(bench.home, bench.workspace, bench.outside, bench.home.resolve("sessions")))
            assertTrue(server("ls '" + path + "'", nothing).err().contains("No such file"), path.toString());
        assertEquals("", server("ls -A ~", nothing).out());
        assertTrue(server("env", nothing).out().contains("CONFIGURED=yes"));
        assertFalse(server("env; cat /proc/*/environ", nothing).out().contains("canary"));
    }

    @Test
    void withTheWorkspaceItSeesWhatTheAgentSees() throws Exception {
        var workspace = new SealSpec.Files.Workspace();
        Bench.say(session, "echo agent > from-agent");
        assertEquals(
                bench.workspace + "\nagent\nreal\n",
                server("pwd; cat from-agent real.txt; echo server > from-server", workspace)
                        .out());
        assertEquals("server\n", Bench.say(session, "cat from-server").out());
        assertFalse(Files.exists(bench.workspace.resolve("from-server")));
    }

    /// It reaches neither the gate's listeners nor the agent's, nor anything else.
    @Test
    void noNetwork() throws Exception {
        var connect = "perl -e 'use IO::Socket::INET; for my $a (@ARGV) { print IO::Socket::INET->new(PeerAddr => $a,"
                + " Timeout => 2) ? \"ok \" : $! + 0, \" \" }' 198.18.0.1:80 1.1.1.1:443 127.0.0.1:80";
        assertEquals(
                "101 101 111 ", server(connect, new SealSpec.Files.Nothing()).out());
        assertEquals("ok  101 111 ", Bench.say(session, connect).out());
    }

    /// Two seals of one session do not see each other's processes, not even as one user.
    @Test
    void processesOfTheSessionAreApart() throws Exception {
        var agent = session.start(SealSpec.agent(List.of("sleep", "17320508"), Map.of()));
        assertEquals(
                "",
                server("cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -o 1732[0]508", new SealSpec.Files.Workspace())
                        .out());
        agent.kill();
        agent.waitFor();
    }

    /// Where its program lies is shown when it is said, and only then.
    @Test
    void programsElsewhere() throws Exception {
        var program = Files.writeString(bench.outside.resolve("program"), "#!/bin/sh\necho ran\n");
        program.toFile().setExecutable(true, false);
        var spec = SealSpec.server(List.of(program.toString()), Map.of(), new SealSpec.Files.Nothing());
        assertEquals(127, Bench.say(session.start(spec)).code());
        assertEquals(
                "ran\n",
                Bench.say(session.start(spec.with(List.of(Bind.read(bench.outside)))))
                        .out());
    }

    /// Under `serve` there is no session's overlay: a real directory, if the operator says so.
    @Test
    void aRealDirectory() throws Exception {
        try (var house = bench.sandbox.open(new SessionSpec("house", Optional.empty(), List.of()))) {
            var directory = new SealSpec.Files.Directory(bench.outside);
            var spec = SealSpec.server(List.of("sh", "-c", "pwd; echo x > written"), Map.of(), directory);
            assertEquals(bench.outside + "\n", Bench.say(house.start(spec)).out());
            assertEquals("x\n", Files.readString(bench.outside.resolve("written")));
            var home = SealSpec.server(List.of("true"), Map.of(), new SealSpec.Files.Directory(bench.home));
            assertThrows(SealException.class, () -> house.start(home));
            var workspace = SealSpec.server(List.of("true"), Map.of(), new SealSpec.Files.Workspace());
            assertThrows(SealException.class, () -> house.start(workspace));
            var missing = SealSpec.server(List.of("true"), Map.of(), new SealSpec.Files.Directory(Path.of("/no/such")));
            assertTrue(assertThrows(SealException.class, () -> house.start(missing))
                    .getMessage()
                    .contains("/no/such"));
        }
    }
}
