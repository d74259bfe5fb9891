package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Query;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How a gate begins, how it ends, and what it does when it cannot go on.
@Tag("invariants")
class LifecycleTest {
    private static final String RECORDER =
            """
            mcp:
              servers:
                rec: { command: [python3, "{scripts}/recorder.py", "{workspace}", rec.seen], dir: "{work}", read: ["{scripts}"], tools: { note: read } }
            """;

    private static Gate prepared() throws IOException {
        var gate = Gate.prepared(RECORDER);
        var scripts = JudgedIsSentTest.scripts(gate);
        Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
        return gate;
    }

    private static void refused(Gate gate, String says) throws IOException {
        refused(gate, says, "serve", "--config", gate.config.toString());
    }

    private static void refused(Gate gate, String says, String... command) throws IOException {
        var said = gate.run(command);
        var all = said.out() + said.err();
        assertEquals(1, said.exit(), all);
        assertTrue(all.contains(says), all);
        assertFalse(all.contains("agents: http"), "it listened: " + all);
    }

    @Test
    void aBrokenConfigurationOrPolicyDoesNotStartAndARepairedOneDoes() throws IOException {
        try (var gate = prepared()) {
            var good = Files.readString(gate.config);
            Files.writeString(gate.config, "limits: { calls: 3/h }\n" + good);
            refused(gate, gate.config + ":1:");
            Files.writeString(gate.config, good + "\t]\n");
            refused(gate, gate.config + ":" + (good.lines().count() + 1) + ":");
            var policy = gate.directory.resolve("mine.cedar");
            Files.writeString(policy, "// first\npermit (principal, action, resourc);\n");
            Files.writeString(gate.config, good + "policy: mine.cedar\n");
            refused(gate, policy + ":2:");
            Files.writeString(policy, "@id(\"nothing\")\nforbid (principal, action, resource);\n");
            gate.serve();
            assertEquals(200, health(gate));
        }
    }

    @Test
    void aSecondGateProcessOnOneHomeIsToldWhoHasIt() throws IOException {
        try (var gate = prepared()) {
            gate.serve();
            var first = Files.readString(gate.home.resolve("gate.lock")).strip();
            refused(gate, "another gate has the home `" + gate.home + "`: process " + first, "gate-process");
            refused(gate, "process " + first + " serves this home already", "serve", "--config", gate.config.toString());
            assertEquals(200, health(gate));
            gate.run("ps").ok();
        }
    }

    @Test
    void afterAKillInTheMiddleOfACallTheRecordSaysWhatIsNotKnown() throws Exception {
        try (var gate = prepared()) {
            gate.serve();
            var token = gate.token("coder");
            gate.run("tools", "approve", "rec").ok();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                    var client = new RawClient(gate.gates, "/mcp/rec", token).initialize()) {
                client.callTool("note", "{\"text\":\"well\"}");
                threads.submit(() -> client.callTool("note", "{\"text\":\"silence\"}"));
                var seen = gate.work().resolve("rec.seen");
                Await.until(Duration.ofSeconds(20), () -> Files.readString(seen).contains("silence"));
                gate.kill();
            }
            // What it leaves behind is no obstacle.
            assertTrue(Files.exists(gate.home.resolve("gate.lock")) && Files.exists(gate.home.resolve("control.sock")));
            gate.serve();
            assertTrue(gate.run("log", "verify").ok().out().contains("the record holds"));
            long[] calls = calls(gate);
            assertEquals(2, calls.length);
            assertFalse(gate.run("log", "show", "d-" + calls[0]).ok().out().contains("outcome unknown"));
            assertTrue(gate.run("log", "show", "d-" + calls[1]).ok().out().contains("outcome unknown"));
            try (var client = new RawClient(gate.gates, "/mcp/rec", token).initialize()) {
                assertTrue(client.callTool("note", "{\"text\":\"again\"}").toString().contains("noted"));
            }
        }
    }

    private static long[] calls(Gate gate) {
        try (var record = LedgerReader.open(LedgerOptions.at(gate.home))) {
            return record.entries(Query.ALL.withType("decided")).stream()
                    .filter(it -> it.event() instanceof Event.Decided decided && decided.kind() == Action.Kind.TOOL_CALL)
                    .mapToLong(it -> it.seq())
                    .toArray();
        }
    }

    @Test
    void aFullDiskClosesTheGatesAndAStopStillActs() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs a disk of its own, which only root can make");
        try (var gate = prepared()) {
            Files.createDirectory(gate.home);
            assumeTrue(shell("mount", "-t", "tmpfs", "-o", "size=32m,mode=700", "tmpfs", gate.home.toString()) == 0, "no mounts here");
            try {
                gate.serve();
                full(gate);
            } finally {
                if (gate.process() != null && gate.process().isAlive()) gate.end();
                shell("umount", "-l", gate.home.toString());
            }
        }
    }

    private static void full(Gate gate) throws Exception {
        var token = gate.token("coder");
        gate.run("tools", "approve", "rec").ok();
        try (var client = new RawClient(gate.gates, "/mcp/rec", token).initialize()) {
            var call = RawClient.call(1, "note", "{\"text\":\"" + "x".repeat(8_000) + "\"}");
            assertEquals(200, client.post(call).statusCode());
            assertEquals(200, health(gate));
            fill(gate.home.resolve("filler"));
            // The database may have a little room left in files that it has already.
            Await.until(Duration.ofSeconds(30), () -> client.post(call).statusCode() == 503);
            var closed = client.post(call);
            assertEquals(503, closed.statusCode());
            assertTrue(closed.body().contains("-31003"), closed.body());
            assertEquals(503, health(gate));
            long sent = sent(gate);
            client.post(call);
            assertEquals(sent, sent(gate), "nothing leaves that cannot be recorded");
            var stop = gate.run("stop");
            assertTrue(stop.exit() == 0 || stop.err().contains("stopped, but not on record"), stop.exit() + stop.out() + stop.err());
            Files.delete(gate.home.resolve("filler"));
            Await.until(Duration.ofSeconds(30), () -> health(gate) == 200 || client.post(call).statusCode() != 503);
            var after = client.post(call);
            assertFalse(after.body().contains("noted"), after.body());
            assertEquals(sent, sent(gate), "it was stopped");
        }
    }

    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            for (var block = new byte[4096]; ; ) out.write(block);
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("No space"), full.toString());
        }
    }

    private static long sent(Gate gate) throws IOException {
        return Files.readAllLines(gate.work().resolve("rec.seen")).stream().filter(it -> it.contains("tools/call")).count();
    }

    private static int shell(String... command) throws Exception {
        var process = new ProcessBuilder(command).inheritIO().start();
        return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    private static int health(Gate gate) throws IOException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gate.people + "/healthz")).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
