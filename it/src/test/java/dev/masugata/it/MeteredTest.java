package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Money: an API that charges for each call stops exactly at its limit, whatever happens to the gate.
@Tag("egress")
class MeteredTest {
    private Gate gate;
    private Process api;
    private int port;
    private String token;

    @BeforeEach
    void start() throws IOException {
        gate = Gate.prepared("");
        api = new ProcessBuilder("python3", Peer.script("metered.py").toString(), seen().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        port = Integer.parseInt(new BufferedReader(new InputStreamReader(api.getInputStream())).readLine());
    }

    @AfterEach
    void stop() throws IOException {
        api.destroyForcibly();
        gate.close();
    }

    private Path seen() {
        return gate.directory.resolve("served");
    }

    private void serve(String more) throws IOException {
        Files.writeString(gate.config, """
                listen: { gates: 127.0.0.1:0, proxy: 127.0.0.1:0, people: 127.0.0.1:0 }
                approvals: { wait: 0s }
                limits: { caller: 100000/s, tool: 100000/s, address: 100000/s }
                egress:
                  allow: [ { host: 127.0.0.2, port: %d, private: true } ]
                """.formatted(port) + more.replace("{port}", Integer.toString(port)));
        gate.serve();
        if (token == null) token = gate.token("coder");
    }

    private long served(String path) throws IOException {
        return Files.exists(seen()) ? Files.readAllLines(seen()).stream().filter(path::equals).count() : 0;
    }

    private HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", gate.proxy))).build();
    }

    private HttpResponse<String> get(HttpClient client, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.2:" + port + path))
                .header("Proxy-Authorization", "Bearer " + token).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /// 64 clients at once, each until it is told that there is no more.
    ///
    /// @param cut after how many answers the power goes; 0: never
    private void drain(String path, int cut) throws Exception {
        var answers = new AtomicInteger();
        try (var client = client();
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < 64; i++)
                all.add(pool.submit(() -> {
                    while (true) {
                        int status;
                        try {
                            status = get(client, path).statusCode();
                        } catch (IOException gone) {
                            return null;
                        }
                        if (status == 429) return null;
                        assertEquals(200, status);
                        if (answers.incrementAndGet() == cut) gate.kill();
                    }
                }));
            for (var one : all) one.get();
        }
    }

    private static final String MONTHLY = """
            prices: [ { host: 127.0.0.2, port: {port}, path: /metered, price: 0.01 USD } ]
            budgets: [ { agent: coder, scope: "host:127.0.0.2", per: month, limit: 3.00 USD } ]
            """;

    @Test
    void aMeteredApiStopsExactlyAtItsLimit() throws Exception {
        serve(MONTHLY);
        drain("/metered", 0);
        assertEquals(300, served("/metered"));
        var refused = get(client(), "/metered");
        assertEquals(429, refused.statusCode());
        assertTrue(refused.body().contains("3 USD are used; it begins anew at"), refused.body());
        assertTrue(Long.parseLong(refused.headers().firstValue("retry-after").orElse("0")) > 0);
        // What is not metered goes on.
        assertEquals(200, get(client(), "/free").statusCode());
        var reach = gate.run("reach", "--workspace", gate.work().toString()).ok().out();
        assertTrue(reach.contains("3 USD a month for agent coder on host:127.0.0.2: 3 USD used, 0 USD reserved"),
                reach);
        gate.run("log", "verify").ok();
    }

    /// Calls under way when the power went count as they may have arrived; none goes above the limit.
    @Test
    void itStopsThereOverAPowerCutToo() throws Exception {
        serve(MONTHLY);
        drain("/metered", 100);
        var before = served("/metered");
        assertTrue(before >= 100 && before < 300, "cut in the middle: " + before);
        gate.serve();
        drain("/metered", 0);
        var served = served("/metered");
        assertTrue(served <= 300 && served >= 300 - 64, "served " + served);
        assertEquals(429, get(client(), "/metered").statusCode());
        var reach = gate.run("reach", "--workspace", gate.work().toString()).ok().out();
        var used = reach.lines().filter(it -> it.startsWith("money")).findFirst().orElseThrow();
        // To the cent: what was served, and what was reserved when the power went.
        var reserved = java.util.regex.Pattern.compile(": ([0-9.]+) USD used, ([0-9.]+) USD reserved").matcher(used);
        assertTrue(reserved.find(), used);
        assertEquals(0, new java.math.BigDecimal(reserved.group(1)).add(new java.math.BigDecimal(reserved.group(2)))
                .compareTo(new java.math.BigDecimal("3")), used);
        gate.run("log", "verify").ok();
    }

    @Test
    void whatTheAnswerSaysIsWhatItCost() throws Exception {
        serve("""
                prices:
                  - { host: 127.0.0.2, port: {port}, path: /json, at_most: 0.10 USD, settle: { json: /usage/cost } }
                  - { host: 127.0.0.2, port: {port}, path: /head, at_most: 0.10 USD, settle: { header: X-Cost } }
                  - { host: 127.0.0.2, port: {port}, path: /none, at_most: 0.10 USD, settle: { header: X-Other } }
                budgets: [ { per: total, limit: 0.25 USD } ]
                """);
        assertEquals(200, get(client(), "/json").statusCode());
        assertEquals(200, get(client(), "/head").statusCode());
        assertEquals(200, get(client(), "/none").statusCode());
        var reach = gate.run("reach", "--workspace", gate.work().toString()).ok().out();
        assertTrue(reach.contains("0.25 USD in all: 0.15 USD used"), reach);
        // A tenth more could be above it; for ever, so it is denied and not put off.
        assertTrue(get(client(), "/json").statusCode() == 200);
        assertEquals(403, get(client(), "/json").statusCode());
        assertEquals(2, served("/json"));
    }

    @Test
    void whatCostsMuchWaitsForAPerson() throws Exception {
        serve("""
                prices:
                  - { host: 127.0.0.2, port: {port}, path: /dear, price: 2 USD }
                  - { host: 127.0.0.2, port: {port}, path: /cheap, price: 0.10 USD }
                budgets: [ { user: alice, per: day, limit: 10 USD, hold_above: 1 USD } ]
                """);
        assertEquals(200, get(client(), "/cheap").statusCode());
        var held = get(client(), "/dear");
        assertEquals(403, held.statusCode());
        assertTrue(held.body().contains("held for approval a-") && held.body().contains("costs up to 2 USD"),
                held.body());
        assertEquals(0, served("/dear"));
        var id = held.body().replaceAll("(?s).*approval (a-\\d+).*", "$1");
        gate.run("approve", id).ok();
        assertEquals(200, get(client(), "/dear").statusCode());
        assertEquals(403, get(client(), "/dear").statusCode());
        assertEquals(1, served("/dear"));
        id = get(client(), "/dear").body().replaceAll("(?s).*approval (a-\\d+).*", "$1");
        gate.run("deny", id).ok();
        assertEquals(403, get(client(), "/dear").statusCode());
        assertEquals(1, served("/dear"));
    }

    @Test
    void toolsHavePricesAndARunItsOwnBudget() throws Exception {
        var scripts = Files.createDirectories(gate.directory.resolve("scripts"));
        Files.copy(Peer.script("board.py"), scripts.resolve("board.py"));
        serve("""
                mcp:
                  servers:
                    board: { command: [python3, "%s/board.py"], read: ["%s"], tools: { echo: read, get: read } }
                prices:
                  - { tool: board/echo, price: 0.50 USD }
                  - { host: 127.0.0.2, port: {port}, path: /metered, price: 0.01 USD }
                budgets: [ { session: true, scope: "tool:board/echo", per: total, limit: 1 USD } ]
                """.formatted(scripts, scripts));
        gate.run("tools", "approve", "board").ok();
        var echo = "[\"echo\", {\"text\": \"x\"}]";
        var said = Peer.lines(Peer.command("client.mjs", "http", "http://127.0.0.1:" + gate.gates + "/mcp/board", token,
                "[" + String.join(", ", List.of(echo, echo, "[\"get\", {}]", echo)) + "]"));
        assertTrue(said.get(1).contains("\"x\""), said.toString());
        assertFalse(said.get(2).contains("budget"), said.toString());
        assertTrue(said.get(3).contains("over budget: it costs 0.5 USD"), said.toString());
        var url = "http://127.0.0.2:" + port + "/metered";
        var run = gate.run("run", "--review", "discard", "--budget", "0.03USD", "--workspace", gate.work().toString(),
                "--", "sh", "-c", "for i in 1 2 3 4 5; do curl -s -o /dev/null -w '%{http_code} ' " + url + "; done");
        assertTrue(run.out().contains("200 200 200 403 403"), run.out() + run.err());
        assertEquals(3, served("/metered"));
    }
}
