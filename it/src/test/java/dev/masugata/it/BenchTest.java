package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.wire.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `bench mcp` measures what it says it does. How fast anything is depends on the machine and is no test.
@Tag("mcp")
class BenchTest {
    private static double number(Json.Obj it, String name) {
        return it.at(name).map(value -> ((Json.Num) value).asDecimal().doubleValue()).orElseThrow();
    }

    @Test
    void theGateIsMeasuredBesideItsPeers() throws Exception {
        try (var gate = Gate.prepared("")) {
            var said = gate.run(
                    Map.of("AGENTGATEWAY", ""), "", "bench", "mcp", "--seconds", "1", "--rounds", "1", "--peers",
                    Gate.PEERS.toString(), "--json");
            var report = RawClient.object(said.ok().out());
            var rows = report.items("rows").stream().map(Json.Obj.class::cast).toList();
            var loads = new HashMap<String, TreeSet<Double>>();
            for (var row : rows) {
                loads.computeIfAbsent(row.string("contender").orElseThrow(), _ -> new TreeSet<>())
                        .add(number(row, "connections") + (number(row, "fixedRate") > 0 ? 0.5 : 0));
                assertTrue(number(row, "callsPerSecond") > 0, row.toString());
                assertTrue(number(row, "p50Millis") > 0 && number(row, "p50Millis") <= number(row, "p99Millis"),
                        row.toString());
                assertEquals(0, number(row, "failed"), row.toString());
                boolean between = !row.string("contender").orElseThrow().startsWith("direct");
                assertEquals(between, number(row, "gateSecondsPer1000") > 0, row.toString());
            }
            var all = new TreeSet<>(List.of(1.0, 8.0, 32.0, 32.5));
            assertEquals(
                    Map.of("masugata, stdio", all, "masugata, http", all, "mcp-proxy, stdio", all, "direct, http", all),
                    loads);
            var ratios = report.items("ratios").stream().map(Json.Obj.class::cast).toList();
            assertEquals(2, ratios.size());
            for (var ratio : ratios)
                assertEquals(number(ratio, "ours") / number(ratio, "theirs"), number(ratio, "ratio"), 0.01);
            assertEquals("[\"agentgateway: no binary\"]", report.at("notMeasured").orElseThrow().toString());
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        try (var gate = Gate.prepared("")) {
            var said = gate.run("bench", "mcp", "--peers", gate.work().toString());
            assertEquals(1, said.exit());
            assertTrue(said.err().contains("name their directory: --peers DIR"), said.err());
            assertEquals(2, gate.run("bench", "mcp", "--seconds", "0").exit());
            assertEquals(2, gate.run("bench", "mcp", "--rounds", "-1").exit());
        }
    }
}
