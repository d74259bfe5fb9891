package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What scripts do with the command line: pipe into it, and name what is not there.
@Tag("mcp")
class CommandLineTest {
    private static Gate gate() throws IOException {
        var gate = Gate.prepared(
                "mcp:\n  servers:\n    rec: { command: [python3, \"{scripts}/recorder.py\", \"{workspace}\","
                + " rec.seen], dir: \"{work}\", read: [\"{scripts}\"], tools: { note: read } }\n");
        var scripts = JudgedIsSentTest.scripts(gate);
        Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
        gate.serve();
        return gate;
    }

    @Test
    void aRequestThatIsPipedInIsAnsweredThoughItsInputEnds() throws IOException {
        try (var gate = gate()) {
            gate.run("tools", "approve", "rec").ok();
            var hello = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":"
                    + "{\"protocolVersion\":\"2025-11-25\","
                    + "\"capabilities\":{},\"clientInfo\":{\"name\":\"pipe\",\"version\":\"1\"}}}\n";
            var input = hello + RawClient.call(1, "note", "{\"text\":\"piped\"}") + "\n";
            var said = gate.run(Map.of(), input, "mcp", "--server", "rec").out();
            assertTrue(said.contains("serverInfo") && said.contains("noted"), said);
        }
    }

    @Test
    void whatIsNoDecisionIsNotShownAsOne() throws IOException {
        try (var gate = gate()) {
            gate.run("log", "show", "1").ok();
            assertEquals(1, gate.run("log", "show", "d-1").exit(), "the first entry is a change of policy");
            assertEquals(1, gate.run("log", "prove", "d-1").exit());
            assertEquals(1, gate.run("log", "show", "a-1").exit());
            gate.run("log", "prove", "1").ok();
        }
    }

    @Test
    void ourOwnNamesCannotBeTaken() throws IOException {
        try (var gate = gate()) {
            assertEquals(2, gate.run("mcp", "--server", "rec", "--agent", "masugata").exit());
            assertEquals(2, gate.run("run", "--agent", "masugata", "--", "true").exit());
        }
    }

    @Test
    void whatHasEndedIsSaidToHaveEnded() throws IOException {
        try (var gate = gate()) {
            gate.token("coder");
            var first = gate.run("agents", "fresh", "coder").ok().out().strip().replace("session ", "");
            var second = gate.run("agents", "fresh", "coder").ok().out().strip().replace("session ", "");
            for (var command : List.of("stop", "resume")) {
                var said = gate.run(command, first);
                assertEquals(1, said.exit());
                assertEquals("", said.out());
                assertTrue(said.err().contains("session `" + first + "` has ended, at 20"), said.err());
            }
            assertEquals("stopped " + second, gate.run("stop", second).ok().out().strip());
        }
    }

    @Test
    void onlyWhatIsStoppedIsResumed() throws Exception {
        try (var gate = gate()) {
            gate.token("coder");
            var session = gate.run("agents", "fresh", "coder").ok().out().strip().replace("session ", "");
            var early = gate.run("resume", session);
            assertEquals(1, early.exit());
            assertTrue(early.err().contains("is not stopped"), early.err());
            gate.run("stop", session).ok();
            assertEquals("resumed " + session, gate.run("resume", session).ok().out().strip());
        }
    }
}
