package dev.masugata.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.graph.query.BadQuestion;
import dev.masugata.graph.query.Questions;
import dev.masugata.model.Asset;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The published surface of SysQL, and what it must refuse.
class SysqlTest {
    private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");

    private static Asset asset(String kind, String name, Map<String, Object> attributes) {
        return new Asset(kind, kind + ":" + name, name, attributes);
    }

    private static Estate estate() {
        var estate = new Estate.Builder();
        for (var name : List.of("web", "batch"))
            estate.node(asset("KubeWorkload", name, Map.of(
                    "namespaceName", "production", "namespace", "production", "cluster", "c",
                    "isExposed", name.equals("web"))));
        estate.node(asset("Container", "one", Map.of()));
        estate.node(asset("Image", "img", Map.of("imageId", "sha256:1")));
        estate.node(asset("Vulnerability", "cve-1", Map.of("severity", "Critical", "inUse", true, "hasFix", true)));
        estate.node(asset("Vulnerability", "cve-2", Map.of("severity", "Low", "inUse", false)));
        estate.node(asset("CloudResource", "bucket", Map.of("type", "AWS S3 Bucket")));
        estate.node(asset("Package", "libx", Map.of()));
        edge(estate, "HAS", "KubeWorkload:web", "Container:one");
        edge(estate, "HAS", "KubeWorkload:batch", "Container:one");
        edge(estate, "RUNS", "Container:one", "Image:img");
        edge(estate, "AFFECTED_BY", "Image:img", "Vulnerability:cve-1");
        edge(estate, "AFFECTED_BY", "KubeWorkload:web", "Vulnerability:cve-1");
        edge(estate, "AFFECTED_BY", "KubeWorkload:batch", "Vulnerability:cve-2");
        edge(estate, "AFFECTED_BY", "Package:libx", "Vulnerability:cve-2");
        return estate.build();
    }

    private static void edge(Estate.Builder estate, String kind, String from, String to) {
        estate.edge(new Edge(kind, from, to, THEN, "scan"));
    }

    private static String rows(String question) {
        try (var store = Store.of(estate())) {
            var answer = new Questions(store, Schema.shipped()).ask(question);
            return String.join(" / ", answer.rows().stream()
                    .map(row -> String.join(" ", row.stream().map(dev.masugata.graph.query.Answer::shown).toList()))
                    .sorted().toList());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '^', value = {
        "MATCH Vulnerability LIMIT 10; => cve-1 / cve-2",
        "MATCH Vulnerability WHERE Vulnerability.severity = 'Critical' RETURN Vulnerability LIMIT 10; => cve-1",
        "MATCH KubeWorkload AFFECTED_BY Vulnerability WHERE KubeWorkload.namespaceName = 'production'"
                + " RETURN KubeWorkload, Vulnerability; => batch cve-2 / web cve-1",
        "MATCH CloudResource WHERE CloudResource.type =~ '(?i).*S3 Bucket.*' RETURN DISTINCT CloudResource; => bucket",
        "MATCH KubeWorkload HAS Container RUNS Image AFFECTED_BY Vulnerability WHERE Image.imageId = 'sha256:1'"
                + " AND Vulnerability.severity IN ['Critical','High'] AND Vulnerability.inUse = true"
                + " AND Vulnerability.hasFix = true AND KubeWorkload.isExposed = true"
                + " RETURN DISTINCT Image, count(DISTINCT KubeWorkload), count(DISTINCT Vulnerability); => img 1 1",
        "MATCH Package AFFECTED_BY Vulnerability WHERE Package.name =~ '(?i).*X.*' => libx cve-2",
        "MATCH KubeWorkload AS wl WHERE wl.cluster = 'c' RETURN wl.namespace, wl.name"
                + " => production batch / production web",
        "MATCH EC2Instance THAT IS AFFECTED BY Vulnerability => ^^",
        "MATCH KubeServiceAccount HAS KubeRoleBinding HAS KubeClusterRole => ^^",
        "MATCH Resource VIOLATES Control => ^^",
        "MATCH KubeWorkload MATCH KubeWorkload AFFECTED_BY Vulnerability RETURN count(*) => 2",
        "MATCH Image OPTIONAL MATCH Image VIOLATES Control RETURN Image, Control => img -",
        "MATCH Vulnerability AS v AFFECTS KubeWorkload WHERE v.severity CONTAINS 'Crit' RETURN KubeWorkload.name =>"
                + " web",
        "MATCH (w:KubeWorkload)-[:HAS]->(c:Container)-[:RUNS]->(i:Image) RETURN i, count(*) AS n ORDER BY n DESC =>"
                + " img 2",
        "MATCH (w:KubeWorkload)-[:HAS|RUNS]->{2,4}(i:Image) RETURN w.name, i.name => batch img / web img",
        "MATCH (i:Image)<-[:HAS|RUNS*1..3]-(w:KubeWorkload) RETURN w.name => batch / web",
        "MATCH KubeWorkload AS w WHERE NOT EXISTS (w AFFECTED_BY Vulnerability AS v WHERE v.severity = 'Low') => web",
        "MATCH KubeWorkload AS w WHERE EXISTS (w HAS Container AS x) AND EXISTS (w AFFECTED_BY Vulnerability AS x"
                + " WHERE EXISTS (Image AS y AFFECTED_BY x)) => web",
        "MATCH KubeWorkload AS w WHERE EXISTS (w HAS Container) OPTIONAL MATCH w HAS Container"
                + " RETURN w.name, Container.name => batch one / web one",
        "MATCH Vulnerability WHERE Vulnerability.hasFix IS NULL => cve-2",
        "MATCH Vulnerability WHERE Vulnerability.hasFix != false => cve-1",
        "MATCH Vulnerability SINCE '2026-11-02T00:00:00Z' => cve-1 / cve-2",
        "MATCH Image AFFECTED_BY Vulnerability SINCE '2026-11-02T00:00:00Z' => ^^",
        "PATH KubeWorkload TO Image WITHIN 3 HOPS WHERE KubeWorkload.isExposed = true"
                + " => web img 2 -HAS-> one -RUNS-> img",
        "PATH KubeWorkload TO Image VIA HAS WITHIN 3 HOPS => ^^"
    })
    void whatIsPublishedRuns(String question, String expected) {
        assertEquals(expected == null ? "" : expected, rows(question));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '^', value = {
        "MATCH EC2Instance THAT IS AFFECTED BY Vulnerability THAT AFFECTS KubeWorkload => only meet at `Vulnerability`",
        "MATCH KubeWorkload THAT IS AFFECTED BY Vulnerability THAT AFFECTS KubeWorkload => in a circle",
        "MATCH KubeWorkload AS a AFFECTED_BY Vulnerability AFFECTS KubeWorkload AS b => only meet at",
        "MATCH Agent, McpServer => nothing connects `McpServer` with `Agent`",
        "MATCH Vulnerabilty => did you mean `Vulnerability`",
        "MATCH Agent USE McpServer => did you mean `USES`",
        "MATCH Agent WHERE Agent.vendr = 'x' => did you mean `vendor`",
        "MATCH Agent WHERE Agnt.name = 'x' => did you mean `Agent`",
        "MATCH Agent AFFECTED_BY Vulnerability => there is EC2Instance AFFECTED_BY Vulnerability",
        "DELETE Agent => it can read and nothing else",
        "MATCH Agent SET Agent.name = 'x' => `SET` is no relation",
        "MATCH Agent RETURN Agent DELETE Agent => at character 26",
        "MATCH Agent WHERE Agent.name = 'x => never ends",
        "MATCH Agent WHERE Agent.name =~ '(' => the regular expression cannot be read",
        "MATCH Agent WHERE Agent.name =~ '(a)\\1' => the regular expression cannot be read",
        "MATCH Agent LIMIT 10001 => at most 10000",
        "MATCH (a:Agent)-[:USES]->{1,13}(s:McpServer) => at most 12",
        "PATH Agent TO Credential WITHIN 13 HOPS => at most 12",
        "MATCH Agent; DROP TABLE node => the question should end here"
    })
    void whatCannotBeMeantIsRefusedWithTheReason(String question, String reason) {
        var bad = assertThrows(BadQuestion.class, () -> rows(question));
        assertTrue(String.valueOf(bad.getMessage()).contains(reason), bad.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x' OR '1'='1", "'; DROP TABLE node; --", "$.a'", "\u0000", "日本"})
    void aValueIsNeverPartOfTheStatement(String value) {
        var quoted = "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
        assertEquals("", rows("MATCH Agent WHERE Agent.name = " + quoted + " OR Agent.vendor CONTAINS " + quoted));
    }

    @Test
    void eachBoundOfAQuestionHolds() {
        var long_ = "MATCH Agent WHERE Agent.name = '" + "x".repeat(GraphLimits.QUERY_CHARS_MAX) + "'";
        refused(long_, "at most 10000 characters");
        refused("MATCH Agent WHERE " + "(".repeat(40) + "Agent.name = 'x'" + ")".repeat(40), "more than 32 brackets");
        refused("MATCH Agent WHERE " + "Agent.name = 'x' OR ".repeat(70) + "Agent.id = 'y'", "at most 64 comparisons");
        refused("MATCH Agent WHERE Agent.name IN [" + "1,".repeat(1000) + "1]", "at most 1000 values");
        refused("MATCH Package" + " DEPENDS_ON (:Package)".repeat(20), "at most 24 nodes");
        refused("MATCH Agent WHERE Agent.name =~ '" + "x".repeat(501) + "'", "at most 500 characters");
    }

    private static void refused(String question, String reason) {
        var bad = assertThrows(BadQuestion.class, () -> rows(question));
        assertTrue(String.valueOf(bad.getMessage()).contains(reason), bad.getMessage());
    }
}
