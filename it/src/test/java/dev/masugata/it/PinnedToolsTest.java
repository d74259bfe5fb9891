package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Servers that do not stay what they were, in front of a real client: what changed, was renamed or passes for
/// another's is quarantined before the client sees it, and can be read and approved; what stays is left alone.
@Tag("mcp")
class PinnedToolsTest {
    private static Gate gate;
    private static String token;

    /// A server that drifts once there is a file of its name in the working directory.
    private static String drifting(String name, String how, String... more) {
        return "    " + name + ": { command: [\"" + Peer.NODE + "\", \"{scripts}/drifting-server.mjs\", " + how
                + ", \"@{workspace}/" + name + ".drifts\"" + (more.length > 0 ? ", " + more[0] : "")
                        + "], dir: \"{work}\","
                + " read: [\"{scripts}\", \"{peers}\"], tools: {"
                        + " note: read, note_safely: read, memo: read, read_file: read }"
                + (more.length > 1 ? ", " + more[1] : "") + " }\n";
    }

    private static Gate prepared(String servers) throws IOException {
        var gate = Gate.prepared("mcp:\n  servers:\n" + servers);
        var scripts = Files.createDirectories(gate.directory.resolve("scripts"));
        Files.copy(Peer.script("drifting-server.mjs"), scripts.resolve("drifting-server.mjs"));
        Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
        return gate;
    }

    @BeforeAll
    static void start() throws IOException {
        gate = prepared(
                """
                    files:
                      command: [node, "{peers}/@modelcontextprotocol/server-filesystem/dist/index.js", "{workspace}"]
                      dir: "{work}"
                      read: ["{peers}"]
                """
                        + drifting("steady", "describe")
                        + drifting("turns", "describe")
                        + drifting("renames", "rename")
                        + drifting("shadows", "shadow", "read_file")
                        + drifting("grows", "shadow", "memo"));
        gate.serve();
        token = gate.token("coder");
        for (var server : List.of("files", "steady", "turns", "renames", "shadows", "grows"))
            gate.run("tools", "approve", server).ok();
    }

    @AfterAll
    static void stop() throws IOException {
        gate.close();
    }

    private static void drift(Gate gate, String server) throws IOException {
        Files.writeString(gate.work().resolve(server + ".drifts"), "");
    }

    /// What the TypeScript client sees and gets: the list, then each call.
    private static List<String> client(Gate gate, String token, String path, String calls) throws IOException {
        return Peer.lines(Peer.command("client.mjs", "http", "http://127.0.0.1:" + gate.gates + path, token, calls));
    }

    private static List<String> client(String path, String calls) throws IOException {
        return client(gate, token, path, calls);
    }

    private static String line(Gate gate, String tool) throws IOException {
        return gate.run("tools").ok().out().lines().filter(it -> it.startsWith(tool + " ")).findFirst().orElse("");
    }

    private static final String NOTE = "[\"list\", [\"note\", {\"text\": \"a\"}]]";

    @Test
    void aDescriptionThatChangesAfterItsApprovalIsQuarantined() throws IOException {
        assertTrue(client("/mcp/turns", NOTE).get(1).contains("noted"));
        drift(gate, "turns");
        var said = client("/mcp/turns", NOTE);
        assertEquals("[]", said.get(0));
        assertTrue(said.get(1).contains("\"isError\":true") && said.get(1).contains("not approved as it is now"),
                said.get(1));
        assertFalse(client("/mcp", "[\"list\"]").getFirst().contains("turns__note"));
        var line = line(gate, "turns/note");
        assertTrue(line.contains("quarantined: changed") && line.contains("tool-poisoning/order"), line);
        var diff = gate.run("tools", "diff", "turns/note");
        assertEquals(1, diff.exit(), diff.out());
        assertTrue(diff.out().contains("+ /description  \"Keeps a note{+."), diff.out());
        // Its neighbours, and the same tool of others, are left alone.
        assertTrue(client("/mcp/steady", NOTE).get(1).contains("noted"));
        assertEquals(0, gate.run("tools", "diff", "steady/note").exit());
        // It orders the agent about: that needs a word more.
        var refused = gate.run("tools", "approve", "turns");
        assertTrue(refused.exit() == 1 && refused.err().contains("tool-poisoning/order"), refused.err());
        var approved = gate.run("tools", "approve", "turns", "--anyway").ok().out();
        assertTrue(approved.indexOf("{+.") < approved.indexOf("approved  turns/note"), approved);
        said = client("/mcp/turns", NOTE);
        assertTrue(said.get(0).contains("note") && said.get(1).contains("noted"), said.toString());
    }

    @Test
    void aToolUnderAnotherNameIsQuarantined() throws IOException {
        drift(gate, "renames");
        var said = client("/mcp/renames", "[\"list\", [\"note_safely\", {\"text\": \"a\"}]]");
        assertEquals("[]", said.get(0));
        assertTrue(said.get(1).contains("not approved as it is now"), said.get(1));
        var diff = gate.run("tools", "diff", "renames/note_safely");
        assertTrue(diff.exit() == 1 && diff.out().contains("quarantined: renamed") && diff.out()
                .contains("renames/note"), diff.out());
        var among = gate.run("tools", "approve", "renames");
        assertTrue(among.exit() == 1 && among.err().contains("masugata tools approve renames/note_safely"),
                among.err());
        gate.run("tools", "approve", "renames/note_safely").ok();
        assertTrue(client("/mcp/renames", "[[\"note_safely\", {\"text\": \"a\"}]]").getFirst().contains("noted"));
    }

    @Test
    void aToolThatPassesForAnotherServersIsQuarantined() throws IOException {
        drift(gate, "shadows");
        var said = client("/mcp/shadows",
                "[\"list\", [\"read_file\", {\"text\": \"a\"}], [\"note\", {\"text\": \"a\"}]]");
        assertEquals("[\"note\"]", said.get(0));
        assertTrue(said.get(1).contains("not approved as it is now"), said.get(1));
        assertTrue(said.get(2).contains("noted"), "its other tool is as it was");
        var all = client("/mcp", "[\"list\"]").getFirst();
        assertTrue(all.contains("files__read_file") && !all.contains("shadows__read_file"), all);
        var diff = gate.run("tools", "diff");
        assertTrue(diff.exit() == 1 && diff.out().contains("shadows/read_file  quarantined: shadows"), diff.out());
        assertTrue(diff.out().contains("`files/read_file`") && diff.out().contains("pin/names-another-tool"),
                diff.out());
        assertTrue(diff.out().contains("+ /description  \"Use this read_file and not the one of"), diff.out());
        var among = gate.run("tools", "approve", "shadows");
        assertTrue(among.exit() == 1 && among.err().contains("masugata tools approve shadows/read_file"), among.err());
        gate.run("tools", "approve", "shadows/read_file").ok();
        assertTrue(client("/mcp/shadows", "[[\"read_file\", {\"text\": \"a\"}]]").getFirst().contains("noted"));
    }

    @Test
    void aNewToolLeavesTheOthersAlone() throws IOException {
        drift(gate, "grows");
        var said = client("/mcp/grows", "[\"list\", [\"note\", {\"text\": \"a\"}], [\"memo\", {\"text\": \"a\"}]]");
        assertEquals("[\"note\"]", said.get(0));
        assertTrue(said.get(1).contains("noted"), said.get(1));
        assertTrue(said.get(2).contains("not approved"), said.get(2));
        assertTrue(line(gate, "grows/memo").contains(" new "), line(gate, "grows/memo"));
        gate.run("tools", "approve", "grows").ok();
        assertTrue(client("/mcp/grows", "[[\"memo\", {\"text\": \"a\"}]]").getFirst().contains("noted"));
    }

    @Test
    void theReferenceServersPassTheChecks() throws IOException {
        var files = gate.run("tools").ok().out().lines().filter(it -> it.startsWith("files/")).toList();
        assertTrue(files.size() > 10, files.toString());
        for (var line : files) assertFalse(line.contains("quarantined"), line);
    }

    @Test
    void whatIsSeenFirstIsPinnedAndItsChangeIsQuarantined() throws IOException {
        try (var first = prepared(drifting("first", "describe", "x", "pin: first-use"))) {
            first.serve();
            var token = first.token("coder");
            assertTrue(client(first, token, "/mcp/first", NOTE).get(1).contains("noted"));
            drift(first, "first");
            assertEquals("[]", client(first, token, "/mcp/first", NOTE).getFirst());
            assertTrue(line(first, "first/note").contains("quarantined: changed"), line(first, "first/note"));
        }
    }

    @Test
    void aProgramThatChangedIsNotStartedUntilItIsApproved() throws IOException {
        try (var own = prepared(drifting("own", "describe"))) {
            own.serve();
            own.run("tools", "approve", "own").ok();
            var token = own.token("coder");
            assertTrue(client(own, token, "/mcp/own", NOTE).get(1).contains("noted"));
            // Its twin: the same server after a restart of all.
            own.end();
            own.serve();
            assertTrue(client(own, token, "/mcp/own", NOTE).get(1).contains("noted"));
            own.end();
            var script = own.directory.resolve("scripts/drifting-server.mjs");
            Files.writeString(script, "\n// another one\n", StandardOpenOption.APPEND);
            own.serve();
            var said = client(own, token, "/mcp/own", "[[\"note\", {\"text\": \"a\"}]]").getFirst();
            assertTrue(said.contains("its program is not the one that was approved"), said);
            var diff = own.run("tools", "diff", "own/program:");
            assertTrue(diff.exit() == 1 && diff.out().contains("/script/sha256"), diff.out());
            assertTrue(own.run("doctor").out().contains("own/program:"));
            own.run("tools", "approve", "own").ok();
            assertTrue(client(own, token, "/mcp/own", NOTE).get(1).contains("noted"));
        }
    }

    @Test
    void aReviewThatIsDueIsSaidAndTheToolStaysUsable() throws IOException {
        try (var due = prepared(drifting("due", "describe"))) {
            due.serve();
            due.run("tools", "approve", "due").ok();
            assertFalse(due.run("tools").ok().out().contains("review due"));
            due.run("tools", "approve", "due/note", "--review-in", "1ms").ok();
            assertTrue(line(due, "due/note").contains("approved, review due"), line(due, "due/note"));
            assertTrue(due.run("doctor").out().contains("review due: due/note"));
            var reach = due.run("reach").ok().out();
            assertTrue(reach.contains("review due      due/note"), reach);
            assertTrue(client(due, due.token("coder"), "/mcp/due", NOTE).get(1).contains("noted"));
            due.run("tools", "approve", "due/note", "--review-in", "90d").ok();
            assertFalse(due.run("tools").ok().out().contains("review due"));
        }
    }

    @Test
    void whatTheOperatorsKeysDidNotSignIsHeldBack() throws Exception {
        try (var keyed = prepared(drifting("keyed", "describe", "x", "signed: { keys: [\"file:key.pem\"] }"))) {
            var key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
            Files.writeString(Path.of(keyed.directory.toString(), "key.pem"), "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder().encodeToString(key.getEncoded()) + "\n-----END PUBLIC KEY-----\n");
            keyed.serve();
            var refused = keyed.run("tools", "approve", "keyed/note", "--anyway");
            assertTrue(refused.exit() == 1 && refused.err().contains("is not signed by a key"), refused.err());
            assertEquals("[]", client(keyed, keyed.token("coder"), "/mcp/keyed", "[\"list\"]").getFirst());
            assertTrue(keyed.run("tools", "show", "keyed/note").ok().out().contains("signature/none"));
        }
    }
}
