package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same agent asks the same question of the same server and gets what its user may read: the gate chooses the
/// credential, by the groups of both, and keeps nothing of one for the other.
@Tag("mcp")
class RetrievalTest {
    private static final String QUESTION = "{\"query\": \"plan for the next year\"}";
    private static final String STEPS = """
            [["call", "search", {"query": "plan for the next year"}], ["read", "kb://pay-bands"], "resources"]""";

    private static final String CONFIG = """
            users:
              - { id: alice, groups: [hr] }
              - { id: bob, groups: [engineering] }
              - { id: carol, groups: [hr, engineering] }
            credentials:
              kb-hr: { value: "file:hr.token", at: "{origin}" }
              kb-eng: { value: "file:eng.token", at: "{origin}" }
            mcp:
              servers:
                kb:
                  url: "{origin}/mcp"
                  credential: { hr: kb-hr, engineering: kb-eng }
                  tools: { search: read }
                  labels: []
                payroll: { url: "{origin}/mcp", credential: { hr: kb-hr }, tools: { search: read }, labels: [] }
            """;

    private static Peer retrieval(String... more) throws IOException {
        var command = Peer.command("retrieval-server.mjs", "0");
        command.command().addAll(List.of(more));
        command.environment().put("RETRIEVAL_TOKENS", "{\"for-hr\": \"hr\", \"for-engineering\": \"engineering\"}");
        return Peer.listening(command);
    }

    private static Gate gate(Peer server) throws IOException {
        var gate = Gate.prepared(CONFIG.replace("{origin}", server.url.replace("/mcp", "")));
        Files.writeString(gate.directory.resolve("hr.token"), "for-hr\n");
        Files.writeString(gate.directory.resolve("eng.token"), "for-engineering\n");
        gate.serve();
        gate.run("tools", "approve", "kb").ok();
        gate.run("tools", "approve", "payroll").ok();
        return gate;
    }

    private static String token(Gate gate, String agent, String user, String... more) throws IOException {
        var command = new java.util.ArrayList<>(List.of("agents", "add", agent, "--user", user));
        command.addAll(List.of(more));
        return gate.run(command.toArray(String[]::new)).ok().out().strip();
    }

    private static List<String> asks(Gate gate, String token) throws IOException {
        return Peer.lines(Peer.command("modern-client.mjs", "http://127.0.0.1:" + gate.gates + "/mcp/kb", token,
                STEPS));
    }

    private static void isHrs(List<String> said) {
        assertTrue(said.get(0).contains("[hr] Hiring plan") && !said.get(0).contains("[engineering]"), said.get(0));
        assertTrue(said.get(1).contains("pay bands rise"), said.get(1));
        assertTrue(said.get(2).contains("kb://pay-bands") && !said.get(2).contains("kb://roadmap"), said.get(2));
    }

    private static void isEngineerings(List<String> said) {
        assertTrue(said.get(0).contains("[engineering] Roadmap") && !said.get(0).contains("[hr]"), said.get(0));
        assertTrue(said.get(1).contains("Resource not found"), said.get(1));
        assertTrue(said.get(2).contains("kb://roadmap") && !said.get(2).contains("kb://pay-bands"), said.get(2));
    }

    /// Also where the server calls private answers public: nothing of it is kept for anybody else.
    @ParameterizedTest
    @ValueSource(strings = {"--private", "--public"})
    void theSameAgentAndQuestionGetWhatTheUserMayRead(String mutant) throws IOException {
        try (var server = retrieval(mutant);
                var gate = gate(server)) {
            var alices = token(gate, "assistant", "alice");
            isHrs(asks(gate, alices));
            isHrs(asks(gate, alices));
            // At once, while everything of the other is warm; and the very same agent for another user.
            isEngineerings(asks(gate, token(gate, "assistant-too", "bob")));
            gate.run("agents", "revoke", "assistant").ok();
            var bobs = token(gate, "assistant", "bob");
            assertNotEquals(alices, bobs);
            isEngineerings(asks(gate, bobs));
            isHrs(asks(gate, token(gate, "assistant-once-more", "alice")));
        }
    }

    /// One agent, and users who come with the tokens of an identity provider, at the same time; nothing is listed of
    /// any of them here.
    @Test
    void usersOfAnIdentityProviderGetWhatTheirGroupsMayRead() throws Exception {
        try (var provider = new IdentityProvider();
                var server = retrieval();
                var gate = Gate.prepared(CONFIG.substring(CONFIG.indexOf("credentials:"))
                        .replace("{origin}", server.url.replace("/mcp", ""))
                        + "identity: [ { issuer: \"" + provider.issuer()
                        + "\", audience: masugata, agent: assistant } ]\n"
                        + "agents: [ { id: assistant, user: nobody, groups: [hr, engineering] } ]\n")) {
            Files.writeString(gate.directory.resolve("hr.token"), "for-hr\n");
            Files.writeString(gate.directory.resolve("eng.token"), "for-engineering\n");
            gate.serve();
            gate.run("tools", "approve", "kb").ok();
            var alices = provider.token("alice", "[\"hr\", \"staff\"]", "masugata", 300);
            var bobs = provider.token("bob", "[\"engineering\"]", "masugata", 300);
            isHrs(asks(gate, alices));
            isEngineerings(asks(gate, bobs));
            isHrs(asks(gate, alices));
            var sessions = gate.run("ps", "--json").ok().out();
            assertTrue(sessions.contains("\"alice\"") && sessions.contains("\"bob\""), sessions);
            // A token for somebody else, an old one, and one without the groups that the agent may act with.
            for (var other : List.of(
                    provider.token("alice", "[\"hr\"]", "another", 300),
                    provider.token("alice", "[\"hr\"]", "masugata", -120)))
                assertEquals(401, new RawClient(gate.gates, "/mcp", other).post("{}").statusCode());
            var carols = provider.token("carol", "[\"finance\"]", "masugata", 300);
            assertFalse(String.join("", asks(gate, carols)).contains("Hiring plan"));
            var record = gate.run("log", "export", "--format", "jsonl").ok().out();
            assertFalse(record.contains(alices) || record.contains(alices.split("\\.")[2]), "a token is on record");
            gate.run("agents", "revoke", "assistant").ok();
            assertEquals(401, new RawClient(gate.gates, "/mcp", alices).post("{}").statusCode());
        }
    }

    /// Whoever has no token learns where to get one (RFC 9728).
    @Test
    void aClientLearnsWhereToGetAToken() throws Exception {
        try (var provider = new IdentityProvider();
                var gate = Gate.serving("identity: [ { issuer: \"" + provider.issuer()
                        + "\", audience: masugata, agent: assistant } ]\n")) {
            var refused = new RawClient(gate.gates, "/mcp/kb", "nothing").post("{}");
            var place = "http://127.0.0.1:" + gate.gates + "/.well-known/oauth-protected-resource/mcp/kb";
            assertEquals("Bearer resource_metadata=\"" + place + "\"",
                    refused.headers().firstValue("www-authenticate").orElse(""));
            var about = java.net.http.HttpClient.newHttpClient().send(
                    java.net.http.HttpRequest.newBuilder(java.net.URI.create(place)).build(),
                    java.net.http.HttpResponse.BodyHandlers.ofString()).body();
            var said = RawClient.object(about);
            assertEquals("http://127.0.0.1:" + gate.gates + "/mcp/kb", said.string("resource").orElse(""));
            assertEquals(List.of(Json.of(provider.issuer())), said.items("authorization_servers"));
        }
    }

    /// Why it was this answer stands in the record: group and credential by name, and never the value.
    @Test
    void groupAndCredentialAreOnRecord() throws IOException {
        try (var server = retrieval();
                var gate = gate(server)) {
            isHrs(asks(gate, token(gate, "assistant", "alice")));
            isEngineerings(asks(gate, token(gate, "other", "bob")));
            var record = gate.run("log", "export", "--format", "jsonl").ok().out();
            assertTrue(asked(record, "agent:assistant", "kb/search")
                    .contains("\"credential\":\"kb-hr\",\"group\":\"hr\""));
            assertTrue(asked(record, "agent:other", "kb/search")
                    .contains("\"credential\":\"kb-eng\",\"group\":\"engineering\""));
            assertTrue(asked(record, "agent:assistant", "resources/read").contains("\"group\":\"hr\""));
            assertFalse(record.contains("for-hr") || record.contains("for-engineering"), "a credential is on record");
        }
    }

    private static String asked(String record, String principal, String what) {
        return record.lines()
                .filter(it -> it.contains("\"asked\"") && it.contains(principal) && it.contains(what))
                .reduce("", (one, other) -> one + other);
    }

    /// What one department has is not the other's to call, read or list; the refusal is on record with its reason.
    @Test
    void aServerOfAnotherDepartmentIsRefused() throws IOException {
        try (var server = retrieval();
                var gate = gate(server)) {
            var bobs = token(gate, "assistant", "bob");
            try (var client = new RawClient(gate.gates, "/mcp", bobs).initialize()) {
                var refused = client.callTool("payroll__search", QUESTION);
                assertTrue(refused.toString().contains("none of the caller's groups has a credential"),
                        refused.toString());
                var read = client.post(request("resources/read", "{\"uri\":\"mcp://payroll/kb://pay-bands\"}")).body();
                assertTrue(read.contains("none of the caller's groups has a credential"), read);
                var listed = client.post(request("tools/list", "{}")).body();
                assertTrue(listed.contains("kb__search") && !listed.contains("payroll__search"), listed);
                assertTrue(client.callTool("kb__search", QUESTION).toString().contains("Roadmap"));
            }
            assertTrue(server.logged().lines().noneMatch(it -> it.contains("\"hr\"") && it.contains("search")),
                    server.logged());
            var denied = gate.run("log", "--denied").ok().out();
            for (var what : List.of("tool_call payroll/search", "resource_read payroll", "tool_list payroll"))
                assertTrue(denied.lines().anyMatch(it -> it.contains(what) && it.contains("credentials/unclear")),
                        what + " in " + denied);
            // Its twin: who is of the department is served.
            try (var client = new RawClient(gate.gates, "/mcp", token(gate, "twin", "alice")).initialize()) {
                assertTrue(client.callTool("payroll__search", QUESTION).toString().contains("Hiring plan"));
            }
        }
    }

    /// Nobody guesses in whose name a request is.
    @Test
    void whoBelongsToBothOrNeitherGetsNothing() throws IOException {
        try (var server = retrieval();
                var gate = gate(server)) {
            try (var client = new RawClient(gate.gates, "/mcp/kb", token(gate, "both", "carol")).initialize()) {
                var said = client.callTool("search", QUESTION).toString();
                assertTrue(said.contains("engineering, hr have different credentials"), said);
            }
            try (var client = new RawClient(gate.gates, "/mcp/kb", token(gate, "neither", "mallory")).initialize()) {
                assertTrue(client.callTool("search", QUESTION).toString().contains("none of the caller's groups"));
            }
            // An agent of one department for a user of both is of that department alone.
            var narrowed = token(gate, "narrowed", "carol", "--group", "hr");
            isHrs(asks(gate, narrowed));
            assertEquals(Json.FALSE, isDenied(gate, narrowed));
        }
    }

    private static Json isDenied(Gate gate, String token) throws IOException {
        try (var client = new RawClient(gate.gates, "/mcp/kb", token).initialize()) {
            var result = client.callTool("search", QUESTION).object("result");
            return result.at("isError").orElse(Json.FALSE);
        }
    }

    private static String request(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }
}
