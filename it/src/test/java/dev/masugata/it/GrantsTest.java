package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a person lets holds for one call, some time or a session, and can be taken back, also from under a call.
@Tag("mcp")
class GrantsTest {
    private static final Pattern APPROVAL = Pattern.compile("held for approval (a-\\d+)");

    private static Gate serving() throws IOException {
        var gate = Gate.prepared("""
                approvals: { wait: 1s }
                mcp:
                  servers:
                    out:
                      command: [python3, "{scripts}/recorder.py", "{workspace}", out.seen]
                      dir: "{work}"
                      read: ["{scripts}"]
                      tools: { note: egress }
                """);
        var scripts = JudgedIsSentTest.scripts(gate);
        Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
        gate.serve();
        gate.run("tools", "approve", "out").ok();
        return gate;
    }

    private static String notes(RawClient client, String text) throws IOException {
        return client.callTool("note", "{\"text\":\"" + text + "\"}").toString();
    }

    private static String held(String said) {
        var approval = APPROVAL.matcher(said);
        assertTrue(approval.find(), said);
        return approval.group(1);
    }

    private static String seen(Gate gate) throws IOException {
        var seen = gate.work().resolve("out.seen");
        return Files.exists(seen) ? Files.readString(seen) : "";
    }

    @Test
    void aGrantForOneCallServesOne() throws Exception {
        try (var gate = serving();
                var client = new RawClient(gate.gates, "/mcp/out", gate.token("coder")).initialize()) {
            var id = held(notes(client, "a"));
            gate.run("approve", id).ok();
            assertTrue(gate.run("grants").ok().out().contains(id));
            assertTrue(notes(client, "a").contains("noted"));
            assertFalse(gate.run("grants").ok().out().contains(id));
            assertFalse(held(notes(client, "a")).equals(id));
            assertEquals(1, gate.run("grants", "revoke", id).exit(), "there is nothing to take back");
        }
    }

    @Test
    void aGrantForATimeServesEveryEqualCallUntilThen() throws Exception {
        try (var gate = serving();
                var client = new RawClient(gate.gates, "/mcp/out", gate.token("coder")).initialize()) {
            var id = held(notes(client, "a"));
            gate.run("approve", id, "--for", "20s").ok();
            assertTrue(notes(client, "a").contains("noted"));
            assertTrue(notes(client, "a").contains("noted"));
            held(notes(client, "b"));
            Await.until(Duration.ofSeconds(40), () -> APPROVAL.matcher(notes(client, "a")).find());
        }
    }

    @Test
    void aGrantForASessionEndsWithIt() throws Exception {
        try (var gate = serving()) {
            var token = gate.token("coder");
            try (var client = new RawClient(gate.gates, "/mcp/out", token).initialize()) {
                gate.run("approve", held(notes(client, "a")), "--for", "session").ok();
                for (int i = 0; i < 3; i++) assertTrue(notes(client, "a").contains("noted"));
            }
            gate.run("agents", "fresh", "coder").ok();
            assertTrue(gate.run("grants").ok().out().contains("nothing is granted"));
            try (var client = new RawClient(gate.gates, "/mcp/out", token).initialize()) {
                held(notes(client, "a"));
            }
        }
    }

    @Test
    void whatIsTakenBackCutsTheCallThatRunsUnderIt() throws Exception {
        try (var gate = serving();
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                var client = new RawClient(gate.gates, "/mcp/out", gate.token("coder")).initialize();
                var twin = new RawClient(gate.gates, "/mcp/out", gate.token("other")).initialize()) {
            // The server never answers to this word.
            var id = held(notes(client, "silence"));
            var twins = held(notes(twin, "silence"));
            gate.run("approve", id, "--for", "10m").ok();
            gate.run("approve", twins, "--for", "10m").ok();
            var running = threads.submit(() -> notes(client, "silence"));
            var stays = threads.submit(() -> notes(twin, "silence"));
            Await.until(Duration.ofSeconds(20), () -> seen(gate).lines().filter(it -> it.contains("tools/call"))
                    .count() == 2);
            gate.run("grants", "revoke", id, "--note", "enough").ok();
            assertTrue(running.get().contains("its approval was taken back"), running.get());
            assertFalse(stays.isDone(), "a call under another approval goes on");
            Await.until(Duration.ofSeconds(20), () -> seen(gate).contains("notifications/cancelled"));
            assertTrue(notes(client, "silence").contains("denied by a person"));
            assertTrue(gate.run("log").ok().out().contains("refused   " + id));
            gate.run("grants", "revoke", twins).ok();
            assertTrue(stays.get().contains("its approval was taken back"), stays.get());
        }
    }
}
