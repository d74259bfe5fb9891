package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The published conformance suite: through the gate nothing fails that the fixture alone does not fail, before a
/// server of each era and behind a client of each era. `-Dmasugata.conformance.between=forwarder` puts a transparent
/// forwarder in the gate's place, which shows what the harness itself loses; eras are not bridged then.
@Tag("conformance")
class ConformanceTest {
    private static final boolean FORWARDER = System.getProperty("masugata.conformance.between").equals("forwarder");

    /// The line of the suite before the newer era; it has no requirement sets.
    private static final String STABLE = "0.1.16";

    /// Of these revisions the requirements are frozen in a set; of the other ones all that applies is run.
    private static final Set<String> FROZEN = Set.of("2025-11-25", "2026-07-28");

    private static final Map<String, Peer> FIXTURES = new TreeMap<>();
    private static final Map<String, Peer> FORWARDERS = new TreeMap<>();
    private static final Map<String, Verdicts> ALONE = new TreeMap<>();
    private static final List<Gate> GATES = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        for (var era : List.of("legacy", "modern"))
            FIXTURES.put(era, Peer.listening("conformance-server.mjs", "0", "--" + era + "-only"));
        if (FORWARDER) {
            for (var fixture : FIXTURES.entrySet())
                FORWARDERS.put(fixture.getKey(), Peer.listening("forwarder.mjs", "0", fixture.getValue().url, "-"));
            return;
        }
        for (var server : List.of("legacy", "modern", "stdio")) serve(server);
    }

    /// A gate before one fixture: their tools have the same names, which behind one gate would be looked at one by one.
    private static void serve(String server) throws Exception {
        var gate = Gate.prepared(configuration(server));
        GATES.add(gate);
        var scripts = Files.createDirectory(gate.directory.resolve("scripts"));
        try (var all = Files.newDirectoryStream(Peer.script("."), "*.mjs")) {
            for (var script : all) Files.copy(script, scripts.resolve(script.getFileName()));
        }
        Files.writeString(gate.config, Files.readString(gate.config).replace("{scripts}", scripts.toString()));
        Files.writeString(gate.directory.resolve("policy.cedar"), policy());
        gate.serve();
        gate.run("tools", "approve", server, "--anyway").ok();
        var target = "http://127.0.0.1:" + gate.gates + "/mcp/" + server;
        FORWARDERS.put(server, Peer.listening("forwarder.mjs", "0", target, gate.token("suite")));
    }

    /// A fixture of one era over HTTP, or one of both on stdio; each tool only reads, so that no call waits for a
    /// person.
    private static String configuration(String server) throws Exception {
        var classes = new ArrayList<String>();
        for (var name : Peer.lines(Peer.command("conformance-server.mjs", "--names"))) classes.add(name + ": read");
        var way = server.equals("stdio")
                ? """
                      command: [%s, "{scripts}/conformance-server.mjs", --stdio]
                      read: ["{peers}", "{scripts}"]
                      env: { PEERS: "{peers}" }
                """.formatted(Peer.NODE)
                : "      url: " + FIXTURES.get(server).url + "\n";
        return "policy: policy.cedar\n"
                + "limits: { caller: 100000/s, tool: 100000/s, address: 100000/s }\nmcp:\n  servers:\n"
                + "    " + server + ":\n" + way
                + "      tools: { " + String.join(", ", classes) + " }\n";
    }

    /// The built-in policy, but for sampling, which it denies and the suite needs.
    private static String policy() throws IOException {
        var builtin = Gate.ROOT.resolve("catalog/src/main/resources/catalog/policies/builtin.cedar");
        return Files.readString(builtin)
                + """

                @id("allow-sample")
                @reason("the conformance suite asks for it")
                permit (principal, action == Action::"sample", resource);
                """;
    }

    @AfterAll
    static void stop() throws IOException {
        for (var forwarder : FORWARDERS.values()) forwarder.close();
        for (var gate : GATES) gate.close();
        for (var fixture : FIXTURES.values()) fixture.close();
    }

    private static String fixtureOf(String revision) {
        return revision.equals("2026-07-28") ? "modern" : "legacy";
    }

    private static Verdicts run(String set, String url) throws IOException {
        if (set.equals(STABLE)) return Suite.STABLE.server(url, "--suite", "all");
        return FROZEN.contains(set)
                ? Suite.NEXT.server(url, "--requirements", set)
                : Suite.NEXT.server(url, "--suite", "all", "--spec-version", set);
    }

    private static Verdicts alone(String set) throws IOException {
        if (!ALONE.containsKey(set)) ALONE.put(set, run(set, FIXTURES.get(fixtureOf(set)).url));
        return ALONE.get(set);
    }

    @ParameterizedTest
    @CsvSource({"0.1.16, 40", "2025-03-26, 3", "2025-06-18, 50", "2025-11-25, 75", "2026-07-28, 120"})
    void theFixtureAloneFailsWhatIsNamedAndNothingElse(String set, int atLeast) throws IOException {
        var classes = ConformanceClasses.read();
        var failed = alone(set).failed();
        assertEquals("[]", classes.unknown(set + " alone", failed).toString());
        assertEquals("[]", classes.stale(set + " alone", failed).toString());
        long passed = alone(set).count(Verdicts.Status.SUCCESS);
        assertTrue(passed >= atLeast, set + ": " + passed + " passed");
    }

    @ParameterizedTest
    @CsvSource({
        "0.1.16, legacy",
        "2025-03-26, legacy",
        "2025-03-26, modern",
        "2025-06-18, legacy",
        "2025-06-18, modern",
        "2025-11-25, legacy",
        "2025-11-25, modern",
        "2025-11-25, stdio",
        "2026-07-28, modern",
        "2026-07-28, legacy",
        "2026-07-28, stdio"
    })
    void throughTheGateNothingElseFails(String set, String upstream) throws IOException {
        assumeTrue(!FORWARDER || upstream.equals(fixtureOf(set)), "a forwarder bridges nothing");
        var through = run(set, FORWARDERS.get(upstream).url);
        print(set + " over the " + upstream + " fixture", alone(set), through);
        var classes = ConformanceClasses.read();
        var failed = through.failed();
        failed.removeAll(alone(set).failed());
        assertAll(
                () -> assertEquals(alone(set).scenarios(), through.scenarios()),
                () -> assertEquals("[]", classes.unknown(set + " over " + upstream, failed).toString()));
    }

    @ParameterizedTest
    @CsvSource({"2025-11-25, auto", "2025-11-25, legacy", "2026-07-28, auto", "2026-07-28, legacy"})
    void aClientBehindTheGateFailsNothingElse(String set, String era) throws IOException {
        assumeTrue(!FORWARDER || set.equals("2025-11-25") || era.equals("auto"), "a forwarder bridges no eras");
        var between = new TreeMap<>(Map.of("CLIENT_ERA", era, "MASUGATA_JAVA", System.getProperty("java.home")));
        if (!FORWARDER) between.put("GATE_LAUNCHER", Gate.ROOT.resolve("masugata").toString());
        if (!ALONE.containsKey(set + " client")) ALONE.put(set + " client", clients(set, Map.of()));
        var alone = ALONE.get(set + " client");
        var through = clients(set, between);
        print(set + " before a client that begins " + era, alone, through);
        assertTrue(alone.count(Verdicts.Status.SUCCESS) > 10, alone.toString());
        assertEquals("[]", alone.failed().toString());
        assertEquals("[]", ConformanceClasses.read().unknown(set + " behind", through.failed()).toString());
        assertEquals(alone.scenarios(), through.scenarios());
    }

    private static Verdicts clients(String set, Map<String, String> environment) throws IOException {
        var rows = ConformanceClasses.read().of(set + " client");
        var waiting = rows.stream().map(ConformanceClasses.Row::scenario).toList();
        var found = Verdicts.NONE;
        for (var scenario : Suite.NEXT.clientScenarios(set))
            if (!waiting.contains(scenario)) found = found.with(Suite.NEXT.client(scenario, set, environment));
        return found;
    }

    private static void print(String title, Verdicts alone, Verdicts through) {
        var columns = new LinkedHashMap<String, Verdicts>();
        columns.put("alone", alone);
        columns.put(FORWARDER ? "forwarded" : "gate", through);
        System.out.println(title + "\n" + Verdicts.table(columns) + through.worseThan(alone));
    }
}
