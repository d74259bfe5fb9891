package dev.masugata.graph.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.graph.Estate;
import dev.masugata.graph.Schema;
import dev.masugata.model.Asset;
import dev.masugata.model.Inventory;
import dev.masugata.model.Relation;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Each definition does what it says, and ranks say why.
class RisksTest {
    private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");
    private static final List<Definition> ALL = Definitions.shipped(Schema.shipped());

    private static Estate estate(Inventory inventory) {
        return new Estate.Builder().inventory(inventory, THEN).build();
    }

    private static List<Risk> risks(Estate estate) {
        return Ranking.of(estate, ALL).risks();
    }

    @Test
    void everyDefinitionIsListed() throws Exception {
        var index = Definitions.class.getResource("/catalog/risks/index.json").toURI();
        boolean packed = index.getScheme().equals("jar");
        try (var jar = packed ? FileSystems.newFileSystem(index, Map.of()) : null;
                var files = Files.list(Path.of(index).getParent())) {
            var names = files.map(it -> it.getFileName().toString().replace(".json", ""))
                    .filter(it -> !it.equals("index") && !it.equals("weights")).sorted().toList();
            assertEquals(names, ALL.stream().map(Definition::id).sorted().toList());
        }
        for (var it : ALL)
            assertFalse(it.references().isEmpty() || it.changes().isEmpty() || it.why().isBlank(), it.id());
    }

    @Test
    void everyExampleFiresAndItsTwinIsSilent() {
        for (var it : ALL) {
            assertTrue(Ranking.of(estate(it.fires()), List.of(it)).risks().size() == 1, it.id() + " does not fire");
            assertEquals(List.of(), Ranking.of(estate(it.silent()), List.of(it)).risks(), it.id() + " is not silent");
        }
    }

    @Test
    void everyChangeThatIsNamedRemovesTheRisk() {
        for (var it : ALL) {
            var fires = estate(it.fires());
            for (var change : Ranking.of(fires, List.of(it)).risks().getFirst().paths().getFirst().changes()) {
                assertFalse(change.says().contains("{"), change.says());
                assertEquals(List.of(), Ranking.of(change.applied(fires), List.of(it)).risks(), it.id() + ": "
                        + change);
            }
        }
    }

    private static Asset asset(String kind, String name, Map<String, Object> attributes) {
        return new Asset(kind, kind.toLowerCase(java.util.Locale.ROOT) + ":" + name, name, attributes);
    }

    /// Much that is bad by itself, and one thing that is bad together.
    private static Inventory planted(Map<String, Object> vulnerability, Map<String, Object> workload) {
        var assets = new ArrayList<Asset>();
        var relations = new ArrayList<Relation>();
        for (int i = 0; i < 40; i++) {
            assets.add(asset("Agent", "a" + i, Map.of()));
            assets.add(asset("McpServer", "s" + i, Map.of("pinned", i % 2 == 0)));
            assets.add(asset("Package", "p" + i, Map.of()));
            assets.add(asset("Vulnerability", "cve-" + i,
                    Map.of("severity", "critical", "inUse", true, "epss", "0.97")));
            relations.add(new Relation("USES", "agent:a" + i, "mcpserver:s" + i));
            relations.add(new Relation("DEPENDS_ON", "mcpserver:s" + i, "package:p" + i));
            relations.add(new Relation("AFFECTED_BY", "package:p" + i, "vulnerability:cve-" + i));
        }
        assets.add(asset("Workload", "shop", workload));
        assets.add(asset("Vulnerability", "planted", vulnerability));
        assets.add(asset("Credential", "db", Map.of()));
        assets.add(asset("DataStore", "customers", Map.of("sensitive", true)));
        relations.add(new Relation("AFFECTED_BY", "workload:shop", "vulnerability:planted"));
        relations.add(new Relation("HOLDS", "workload:shop", "credential:db"));
        relations.add(new Relation("OPENS", "credential:db", "datastore:customers"));
        return new Inventory(assets, relations, List.of());
    }

    private static final Map<String, Object> EXPOSED = Map.of("isExposed", true);
    private static final Map<String, Object> EXPLOITED = Map.of("severity", "high", "inUse", true, "kev", true);

    @Test
    void whatIsBadTogetherRanksFirstWithItsFactorsAndItsWay() {
        var risks = risks(estate(planted(EXPLOITED, EXPOSED)));
        var first = risks.getFirst();
        assertEquals("exposed-to-data@workload:shop", first.id());
        assertEquals(2, first.tier());
        assertTrue(risks.size() > 60, "the rest is there too: " + risks.size());
        var steps = first.paths().getFirst().facts().stream().map(Risk.Step::line).toList();
        assertEquals(
                List.of("shop -AFFECTED_BY-> planted", "shop -HOLDS-> db", "db -OPENS-> customers"), steps);
        for (var step : first.paths().getFirst().facts()) assertEquals("scan", step.source());
        double product = 100;
        for (var factor : first.factors()) product *= factor.value();
        assertEquals(first.score(), product, 1e-9, "the factors are all there is");
    }

    @Test
    void lessOfOneFactorRanksLower() {
        var worst = risks(estate(planted(EXPLOITED, EXPOSED))).getFirst();
        for (var vulnerability : List.<Map<String, Object>>of(
                Map.of("severity", "high", "inUse", true), Map.of("severity", "high", "inUse", false, "kev", true),
                Map.of("severity", "high", "kev", true))) {
            var less = of(risks(estate(planted(vulnerability, EXPOSED))), worst.id());
            assertTrue(less.tier() > worst.tier() && less.score() < worst.score(), vulnerability + ": " + less.score());
        }
        var sealed = new TreeMap<>(EXPOSED);
        sealed.put("sealed", true);
        assertTrue(of(risks(estate(planted(EXPLOITED, sealed))), worst.id()).score() < worst.score());
        assertTrue(risks(estate(planted(EXPLOITED, Map.of("isExposed", false)))).stream()
                .noneMatch(it -> it.id().equals(worst.id())), "no way in, no way");
    }

    private static Risk of(List<Risk> risks, String id) {
        return risks.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
    }

    @Test
    void theChangeThatRemovesMostComesFirstAndARescanShowsWhatItSaid() {
        var assets = new ArrayList<Asset>();
        var relations = new ArrayList<Relation>();
        assets.add(asset("Agent", "coder", Map.of()));
        assets.add(asset("McpServer", "web", Map.of("traits", List.of("untrusted", "egress"), "pinned", false)));
        assets.add(asset("McpServer", "files", Map.of("traits", List.of("private"), "pinned", true)));
        assets.add(asset("Package", "old", Map.of()));
        assets.add(asset("Vulnerability", "cve", Map.of("severity", "critical")));
        relations.add(new Relation("USES", "agent:coder", "mcpserver:web"));
        relations.add(new Relation("USES", "agent:coder", "mcpserver:files"));
        relations.add(new Relation("DEPENDS_ON", "mcpserver:web", "package:old"));
        relations.add(new Relation("AFFECTED_BY", "package:old", "vulnerability:cve"));
        var before = new Inventory(assets, relations, List.of());
        var fix = Fixes.of(estate(before), ALL).getFirst();
        assertEquals(new Relation("USES", "agent:coder", "mcpserver:web"), fix.change().relation().orElseThrow());
        assertEquals(3, fix.removed().size(), fix.toString());
        // What a person does, seen by another scan.
        relations.remove(new Relation("USES", "agent:coder", "mcpserver:web"));
        var after = risks(estate(new Inventory(assets, relations, List.of())));
        assertEquals(fix.risksAfter(), after.size());
        assertEquals(fix.scoreAfter(), after.stream().mapToDouble(Risk::score).sum(), 1e-9);
    }

    @Test
    void twoRankingsOfOneEstateAreEqual() {
        var estate = estate(planted(EXPLOITED, EXPOSED));
        assertEquals(risks(estate).stream().map(Risk::json).toList(), risks(estate).stream().map(Risk::json).toList());
    }
}
