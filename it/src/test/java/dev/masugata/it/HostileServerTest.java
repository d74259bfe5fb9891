package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Query;
import dev.masugata.model.Event;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Servers that do wrong: a clear error for who called, and for nobody else; and a seal around what they are.
@Tag("mcp")
class HostileServerTest {
    private static Gate gate;
    private static String token;

    private static String server(String name, String mode, String more) {
        return "    " + name + ": { command: [python3, \"{scripts}/hostile.py\", " + mode
                + "], read: [\"{scripts}\"], tools: { do: read }" + more + " }\n";
    }

    @BeforeAll
    static void start() throws IOException {
        gate = Gate.prepared("mcp:\n  servers:\n"
                + server("bad", "any", ", timeout: 5s, env: { ONLY_THIS_NAME: is-configured }")
                + server("good", "any", "")
                + server("twice", "twice", "")
                + server("many", "many", "")
                + server("thousand", "thousand", "")
                + "    gone: { command: [masugata-no-such-program] }\n"
                + server("endless", "endless", "")
                + server("crawling", "crawling", ", timeout: 3s")
                + server("unhurried", "unhurried", ", timeout: 30s")
                + "    turn: { command: [python3, \"{scripts}/recorder.py\", \"{workspace}\", turn.seen, turncoat], dir: \"{work}\", read: [\"{scripts}\"], tools: { note: read } }\n"
                + "limits: { caller: 100000/s, tool: 100000/s, address: 100000/s }\n");
        var scripts = JudgedIsSentTest.scripts(gate);
        Files.copy(TypeScriptClientTest.resource("hostile.py"), scripts.resolve("hostile.py"));
        Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
        gate.serve();
        token = gate.token("coder");
        for (var name : new String[] {"bad", "good", "turn"}) gate.run("tools", "approve", name).ok();
    }

    @AfterAll
    static void stop() throws IOException {
        gate.close();
    }

    /// Whatever was done wrong, another server goes on, and the same one is there again for the next call.
    @AfterEach
    void othersGoOn() throws IOException {
        assertTrue(call("good", "{\"how\":\"well\"}").contains("as asked"));
        assertTrue(call("bad", "{\"how\":\"well\"}").contains("as asked"));
    }

    private static RawClient client(String server) throws IOException {
        return new RawClient(gate.gates, "/mcp/" + server, token).initialize();
    }

    private static String call(String server, String arguments) throws IOException {
        try (var client = client(server)) {
            return client.callTool(server.equals("turn") ? "note" : "do", arguments).toString();
        }
    }

    private static String list(String server) throws IOException {
        try (var client = client(server)) {
            return client.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}").body();
        }
    }

    /// Of the newest 10,000: a flood alone leaves as many.
    private static Set<String> found() {
        var found = new TreeSet<String>();
        try (var record = LedgerReader.open(LedgerOptions.at(gate.home))) {
            for (var entry : record.entries(Query.ALL.withType("found").withNewestFirst()))
                if (entry.event() instanceof Event.Found it) found.add(it.finding().rule());
        }
        return found;
    }

    /// What was seen goes on record without anybody waiting for it.
    private static void isFound(String rule) {
        Await.until(Duration.ofSeconds(5), () -> found().contains(rule));
    }

    private static void broken(String how, String says) throws IOException {
        var said = call("bad", "{\"how\":\"" + how + "\"}");
        assertTrue(said.contains("-31010") && said.contains(says), said);
    }

    @Test
    void whyAServerEndedIsForTheOperatorAndNotForTheAgent() throws IOException {
        var said = gate.run("tools", "approve", "gone");
        assertEquals(1, said.exit(), said.out());
        assertTrue(said.err().contains("has ended; it last wrote: masugata: `masugata-no-such-program` was not found"
                + " inside the seal"), said.err());
        assertFalse(list("gone").contains("inside the seal"), list("gone"));
    }

    @Test
    void aToolThatChangedAfterItsApprovalIsQuarantined() throws IOException {
        assertTrue(call("turn", "{\"text\":\"a\"}").contains("noted"));
        assertTrue(list("turn").contains("note"));
        Files.writeString(gate.work().resolve("turn"), "");
        assertTrue(call("turn", "{\"text\":\"crash\"}").contains("has ended"));
        assertFalse(list("turn").contains("ssh"), "shown to a model");
        var refused = call("turn", "{\"text\":\"b\"}");
        assertTrue(refused.contains("\"isError\":true") && refused.contains("not approved as it is now"), refused);
        assertFalse(Files.readString(gate.work().resolve("turn.seen")).contains("\"b\""), "sent all the same");
        var tools = gate.run("tools").ok().out();
        assertTrue(tools.lines().anyMatch(line -> line.startsWith("turn/note") && line.contains("quarantined")), tools);
        assertTrue(tools.lines().anyMatch(line -> line.startsWith("good/do") && line.contains("approved")), tools);
        var diff = gate.run("tools", "diff", "turn/note");
        assertEquals(1, diff.exit(), diff.out());
        assertTrue(diff.out().contains("+ ") && diff.out().contains("Also read ~/.ssh"), diff.out());
        gate.run("tools", "approve", "turn", "--anyway").ok();
        assertTrue(call("turn", "{\"text\":\"c\"}").contains("noted"));
    }

    @Test
    void twoToolsOfOneNameAreNone() throws IOException {
        assertTrue(list("twice").contains("lists two tools of the name do"), list("twice"));
        var approval = gate.run("tools", "approve", "twice");
        assertTrue(approval.exit() == 1 && approval.err().contains("two tools of the name"), approval.err());
    }

    @Test
    void aThousandToolsAreTakenAndNoMore() throws IOException {
        assertTrue(list("many").contains("lists more than 1000 tools"));
        // None is approved, so none is shown; but they are no fault.
        assertTrue(list("thousand").contains("\"tools\":[]"));
    }

    @Test
    void pagesWithoutEndEnd() throws IOException {
        assertTrue(list("endless").contains("more than 100 pages"));
    }

    /// Each page comes in time, and all of them never would.
    @Test
    void pagesThatCrawlEndInTheTimeOfOneCall() throws IOException {
        long began = System.nanoTime();
        assertTrue(list("crawling").contains("crawling did not"), list("crawling"));
        assertTrue(System.nanoTime() - began < 30_000_000_000L, "100 pages take a minute and more");
        // As slow, but it ends.
        assertTrue(list("unhurried").contains("\"tools\":[]"), list("unhurried"));
    }

    @Test
    void aLineOfNineMebibytesIsAnError() throws IOException {
        broken("long", "more than 8388608 bytes");
        isFound("mcp/message-too-long");
    }

    @Test
    void anAnswerToAnotherIdReachesNobody() throws IOException {
        var said = call("bad", "{\"how\":\"other\"}");
        assertTrue(said.contains("as asked") && !said.contains("somebody else"), said);
    }

    @Test
    void noAnswerIsAnErrorInTheConfiguredTime() throws IOException {
        broken("silence", "did not answer in 5 s");
    }

    @Test
    void anEndInTheMiddleOfAnAnswerIsAnError() throws IOException {
        broken("die", "has ended");
    }

    @Test
    void anAnswerThatCannotBeReadIsAnError() throws IOException {
        broken("garbage", "cannot be read");
        isFound("mcp/malformed-answer");
    }

    @Test
    void aFloodEndsTheServerAndATrickleDoesNot() throws IOException {
        assertTrue(call("bad", "{\"how\":\"trickle\"}").contains("as asked"));
        broken("flood", "was ended");
        isFound("mcp/flood");
    }

    @Test
    void whatAServerAsksBackIsRefusedAndOnRecord() throws IOException {
        var said = call("bad", "{\"how\":\"ask\"}");
        // To have the model think for it is what policy denies; what this client did not say it can be asked, it is
        // not.
        assertEquals(1, said.split("denied by policy", -1).length - 1, said);
        assertEquals(1, said.split("offers no such method", -1).length - 1, said);
        // Only a ping is answered.
        assertTrue(said.contains("mine-2\\\",\\\"result") || said.contains("\\\"result\\\":{}"), said);
        var denied = gate.run("log", "--denied").ok().out();
        assertTrue(denied.contains("sample"), denied);
    }

    @Test
    void aServerSeesNeitherHomesNorNetworkNorEnvironment() throws IOException {
        // What it looks for is there, for who is not sealed.
        assertTrue(Files.isDirectory(gate.home));
        new Socket("127.0.0.1", gate.gates).close();
        // The home itself may be there inside, empty; what is in it is not.
        var person = System.getProperty("user.home") + "/.profile";
        var answer = RawClient.object(spied("{\"how\":\"spy\",\"paths\":[\"" + gate.home + "\",\"" + person + "\",\""
                + gate.directory + "/scripts\"],\"port\":" + gate.gates + "}"));
        assertEquals("ENOENT", answer.object("paths").string(gate.home.toString()).orElse(""));
        assertEquals("ENOENT", answer.object("paths").string(person).orElse(""));
        assertEquals("done", answer.object("paths").string(gate.directory + "/scripts").orElse(""));
        assertNotEquals("done", answer.string("near").orElse("done"));
        assertNotEquals("done", answer.string("far").orElse("done"));
        var environment = answer.object("environment");
        assertEquals("is-configured", environment.string("ONLY_THIS_NAME").orElse(""));
        // The others are the seal's own; none is taken from the gate.
        for (var name : environment.members().keySet())
            assertTrue(Set.of("ONLY_THIS_NAME", "PATH", "HOME", "LC_CTYPE", "TMPDIR", "PWD", "SHELL", "USER",
                    "LOGNAME").contains(name), environment.toString());
    }

    private static String spied(String arguments) throws IOException {
        try (var client = client("bad")) {
            var result = client.callTool("do", arguments).object("result");
            return ((Json.Obj) result.items("content").getFirst()).string("text").orElseThrow();
        }
    }
}
