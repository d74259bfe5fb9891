package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.LedgerReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// One process for several sessions (`shared: true`), and what follows from it: it may tell one what another told it.
@Tag("mcp")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedServerTest {
    private Gate gate;

    @BeforeAll
    void start() throws IOException {
        gate = Gate.prepared("");
        var scripts = Files.createDirectories(gate.directory.resolve("scripts"));
        Files.copy(Peer.script("board.py"), scripts.resolve("board.py"));
        Files.copy(Peer.script("actor.py"), scripts.resolve("actor.py"));
        var board = "command: [python3, \"" + scripts + "/board.py\"], read: [\"" + scripts + "\"], labels: [],"
                + " tools: { put: read, get: read, who: read, echo: read, ask: read, crash: read }";
        Files.writeString(gate.config, Files.readString(gate.config) + """
                approvals: { wait: 0s }
                mcp:
                  servers:
                    board: { %s, shared: true }
                    own: { %s }
                    vault:
                      command: [python3, "%s/actor.py", "{workspace}", vault, vault]
                      dir: "%s"
                      read: ["%s"]
                      labels: [secret]
                      tools: { secret_note: read }
                """.formatted(board, board, scripts, gate.work(), scripts));
        gate.serve();
        for (var server : List.of("board", "own", "vault")) gate.run("tools", "approve", server).ok();
    }

    @AfterAll
    void stop() throws IOException {
        gate.close();
    }

    private List<String> calls(String token, String path, String... calls) throws IOException {
        return Peer.lines(Peer.command("client.mjs", "http", "http://127.0.0.1:" + gate.gates + path, token,
                "[" + String.join(", ", calls) + "]"));
    }

    private static String call(String name, String text) {
        return "[\"" + name + "\", {\"text\": \"" + text + "\"}]";
    }

    /// Of the agent's newest session, from the record.
    private Set<String> labels(String agent) throws IOException {
        try (var record = LedgerReader.open(LedgerOptions.at(gate.home))) {
            var mine = record.standing().sessions().all().stream().filter(it -> it.agent().equals(agent))
                    .reduce((_, later) -> later);
            return record.standing().facts(mine.orElseThrow().id()).labels();
        }
    }

    @Test
    void oneProcessServesAllAndWithoutItEachHasItsOwn() throws IOException {
        var one = gate.token("one");
        var two = gate.token("two");
        assertEquals(calls(one, "/mcp/board", call("who", "")), calls(two, "/mcp/board", call("who", "")));
        assertNotEquals(calls(one, "/mcp/own", call("who", "")), calls(two, "/mcp/own", call("who", "")));
        calls(one, "/mcp/board", call("put", "a note of one"));
        assertTrue(calls(two, "/mcp/board", call("get", "")).getFirst().contains("a note of one"));
    }

    /// Whoever reads from it has read what all who wrote to it had read before; also in the gate's next life.
    @Test
    void whatItSaysCarriesTheLabelsOfAllWhoWroteToIt() throws IOException {
        var writer = gate.token("writer");
        var reader = gate.token("reader");
        var alone = gate.token("alone");
        calls(reader, "/mcp/board", call("get", ""));
        assertFalse(labels("reader").contains("secret"));
        calls(writer, "/mcp", "[\"vault__secret_note\", {}]", "[\"board__put\", {\"text\": \"from the vault\"}]",
                "[\"own__put\", {\"text\": \"from the vault\"}]");
        assertTrue(labels("writer").contains("secret"));
        calls(reader, "/mcp/board", call("get", ""));
        assertTrue(labels("reader").contains("secret"));
        // The twin: a process of its own tells nobody anything of others.
        calls(alone, "/mcp/own", call("get", ""));
        assertFalse(labels("alone").contains("secret"));
        gate.end();
        gate.serve();
        var late = gate.token("late");
        calls(late, "/mcp/board", call("get", ""));
        assertTrue(labels("late").contains("secret"));
        gate.run("log", "verify").ok();
    }

    @Test
    void answersReachWhoAsked() throws Exception {
        var tokens = List.of(gate.token("a"), gate.token("b"), gate.token("c"));
        try (var pool = Executors.newFixedThreadPool(3)) {
            var said = new ArrayList<Future<List<String>>>();
            for (var token : tokens) {
                var calls = new ArrayList<String>();
                for (int i = 0; i < 60; i++) calls.add(call("echo", token.substring(4, 12) + "-" + i));
                said.add(pool.submit(() -> calls(token, "/mcp/board", calls.toArray(String[]::new))));
            }
            for (int of = 0; of < 3; of++)
                for (int i = 0; i < 60; i++)
                    assertTrue(said.get(of).get().get(i).contains(tokens.get(of).substring(4, 12) + "-" + i),
                            said.get(of).get().get(i));
        }
    }

    @Test
    void itMayAskNobody() throws IOException {
        var said = calls(gate.token("asked"), "/mcp/board", call("ask", ""));
        assertTrue(said.getFirst().contains("nobody can be asked"), said.toString());
    }

    @Test
    void theEndOfOneSessionOrOfTheProcessIsNotThatOfTheOthers() throws IOException {
        var stays = gate.token("stays");
        var goes = gate.token("goes");
        var who = calls(stays, "/mcp/board", call("who", ""));
        calls(goes, "/mcp/board", call("who", ""));
        gate.run("agents", "revoke", "goes").ok();
        assertEquals(who, calls(stays, "/mcp/board", call("who", "")));
        assertTrue(calls(stays, "/mcp/board", call("crash", "")).getFirst().contains("board has ended"));
        var after = calls(stays, "/mcp/board", call("who", ""));
        assertNotEquals(who, after);
        assertEquals(after, calls(gate.token("new"), "/mcp/board", call("who", "")));
    }
}
