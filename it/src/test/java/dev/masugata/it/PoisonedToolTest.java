package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A tool whose description tries to steer the agent is not approved by the way; one that says what it does is.
@Tag("mcp")
class PoisonedToolTest {
    private static String server(String name, String how) {
        return "    " + name + ": { command: [python3, \"{scripts}/recorder.py\", \"{workspace}\", " + name + ".seen"
                + how
                + "], dir: \"{work}\", read: [\"{scripts}\"], tools: { note: read } }\n";
    }

    @Test
    void aPoisonedDescriptionNeedsAWord() throws IOException {
        try (var gate = Gate.prepared("mcp:\n  servers:\n" + server("good", "") + server("bad", ", poisoned"))) {
            var scripts = JudgedIsSentTest.scripts(gate);
            Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
            gate.serve();
            gate.run("tools", "approve", "good").ok();
            var refused = gate.run("tools", "approve", "bad");
            assertEquals(1, refused.exit());
            assertTrue(refused.err().contains("tool-poisoning/"), refused.err());
            assertTrue(refused.err().contains("--anyway"), refused.err());
            var token = gate.token("coder");
            try (var client = new RawClient(gate.gates, "/mcp", token).initialize()) {
                var listed = client.post("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/list\"}").body();
                assertTrue(listed.contains("good__note"), listed);
                assertFalse(listed.contains("bad__note"), listed);
            }
            gate.run("tools", "approve", "bad", "--anyway").ok();
        }
    }

    /// A server that shows a poisoned tool once, so that only its harmless one is looked at the second time.
    @Test
    void onlyWhatWasLookedAtIsApproved() throws IOException {
        try (var gate = Gate.prepared("mcp:\n  servers:\n" + server("two", ", twofaced"))) {
            var scripts = JudgedIsSentTest.scripts(gate);
            Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
            gate.serve();
            assertEquals(1, gate.run("tools", "approve", "two").exit());
            var approved = gate.run("tools", "approve", "two").ok().out();
            assertTrue(approved.contains("two/note"), approved);
            assertFalse(approved.contains("two/helper"), approved);
            assertTrue(gate.run("tools").ok().out().lines()
                    .anyMatch(it -> it.contains("two/helper") && it.contains("quarantined: suspect")));
        }
    }

    /// An agent of the same name that acts for somebody else is somebody else.
    @Test
    void anAgentAddedAgainForAnotherUserBeginsItsOwnSession() throws IOException {
        try (var gate = Gate.prepared("mcp:\n  servers:\n" + server("rec", ""))) {
            var scripts = JudgedIsSentTest.scripts(gate);
            Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
            gate.serve();
            gate.run("tools", "approve", "rec").ok();
            try (var client = new RawClient(gate.gates, "/mcp/rec", gate.token("coder")).initialize()) {
                client.callTool("note", "{\"text\":\"of alice\"}");
            }
            gate.run("agents", "revoke", "coder").ok();
            var bobs = gate.run("agents", "add", "coder", "--user", "bob").ok().out().strip();
            try (var client = new RawClient(gate.gates, "/mcp/rec", bobs).initialize()) {
                assertTrue(client.callTool("note", "{\"text\":\"of bob\"}").toString().contains("noted"));
            }
            var sessions = gate.run("ps").ok().out();
            assertTrue(sessions.contains("bob") && !sessions.contains("alice"), sessions);
        }
    }
}
