package dev.masugata.analyst;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.graph.Edge;
import dev.masugata.graph.Estate;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.Answer;
import dev.masugata.graph.query.Questions;
import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Questions in words find what they mean, or name the word that was not understood.
class AskingTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

    private static void node(Estate.Builder estate, String kind, String name, Map<String, Object> attributes) {
        estate.node(new Asset(kind, kind.toLowerCase(Locale.ROOT) + ":" + name, name, attributes));
    }

    private static void edge(Estate.Builder estate, String from, String kind, String to, int hoursAgo) {
        estate.edge(new Edge(kind, from, to, NOW.minusSeconds(3600L * hoursAgo), "scan"));
    }

    static Estate estate() {
        var it = new Estate.Builder();
        for (var agent : List.of("coder", "writer", "idle")) node(it, "Agent", agent, Map.of());
        node(it, "McpServer", "web", Map.of("pinned", false, "traits", List.of("untrusted", "egress")));
        node(it, "McpServer", "mail", Map.of("pinned", true, "traits", List.of("untrusted", "private", "egress")));
        node(it, "McpServer", "notes", Map.of("pinned", true, "traits", List.of("private")));
        node(it, "Credential", "root-token", Map.of("overWide", true));
        node(it, "Credential", "read-token", Map.of("overWide", false));
        node(it, "DataStore", "customers", Map.of("sensitive", true));
        node(it, "Package", "libweb", Map.of());
        node(it, "Package", "libnote", Map.of());
        node(it, "Vulnerability", "CVE-1", Map.of("severity", "Critical", "kev", true, "hasFix", true));
        node(it, "Vulnerability", "CVE-2", Map.of("severity", "High"));
        node(it, "Vulnerability", "CVE-3", Map.of("severity", "Low"));
        node(it, "Workload", "shop", Map.of("isExposed", true));
        node(it, "Workload", "batch", Map.of("isExposed", false));
        node(it, "Endpoint", "0.0.0.0:1", Map.of("isExposed", true));
        node(it, "Endpoint", "0.0.0.0:2", Map.of("isExposed", true, "authenticated", true));
        node(it, "Endpoint", "127.0.0.1:3", Map.of("isExposed", false));
        node(it, "Skill", "draw", Map.of("reviewed", true));
        node(it, "Skill", "cook", Map.of());
        node(it, "Session", "s-1", Map.of("quarantined", true));
        node(it, "Session", "s-2", Map.of());
        node(it, "Tool", "send", Map.of());
        node(it, "Host", "a.example", Map.of());
        node(it, "Host", "b.example", Map.of());
        node(it, "Host", "c.example", Map.of());
        node(it, "Finding", "injection/override", Map.of("severity", "High"));
        node(it, "Weakness", "open-dm", Map.of("severity", "High"));
        node(it, "Weakness", "old-config", Map.of("severity", "Low"));
        edge(it, "agent:coder", "USES", "mcpserver:web", 1);
        edge(it, "agent:coder", "USES", "mcpserver:mail", 1);
        edge(it, "agent:writer", "USES", "mcpserver:notes", 1);
        edge(it, "agent:writer", "HOLDS", "credential:read-token", 1);
        edge(it, "mcpserver:mail", "HOLDS", "credential:root-token", 1);
        edge(it, "credential:root-token", "OPENS", "datastore:customers", 1);
        edge(it, "mcpserver:web", "DEPENDS_ON", "package:libweb", 1);
        edge(it, "mcpserver:notes", "DEPENDS_ON", "package:libnote", 1);
        edge(it, "package:libweb", "AFFECTED_BY", "vulnerability:CVE-1", 1);
        edge(it, "package:libnote", "AFFECTED_BY", "vulnerability:CVE-3", 1);
        edge(it, "workload:shop", "AFFECTED_BY", "vulnerability:CVE-1", 1);
        edge(it, "workload:shop", "AFFECTED_BY", "vulnerability:CVE-3", 1);
        edge(it, "workload:batch", "AFFECTED_BY", "vulnerability:CVE-1", 1);
        edge(it, "session:s-1", "CALLED", "tool:send", 30);
        edge(it, "session:s-2", "CALLED", "tool:send", 1);
        edge(it, "session:s-1", "REACHED", "host:a.example", 30);
        edge(it, "session:s-2", "REACHED", "host:b.example", 1);
        edge(it, "session:s-2", "ATTEMPTED", "host:c.example", 1);
        edge(it, "session:s-1", "SHOWED", "finding:injection/override", 30);
        edge(it, "agent:coder", "HAS", "weakness:open-dm", 1);
        edge(it, "agent:writer", "HAS", "weakness:old-config", 1);
        return it.build();
    }

    private static List<String> lines() throws Exception {
        try (var in = AskingTest.class.getResourceAsStream("/analyst/questions.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(it -> it.contains(" => "))
                    .toList();
        }
    }

    /// Rows as sets of cells: the order of rows and columns says nothing.
    private static TreeSet<String> rows(Answer answer) {
        var rows = new TreeSet<String>();
        for (var row : answer.rows()) rows.add(row.stream().map(Json::toString).sorted().toList().toString());
        return rows;
    }

    @Test
    void whatIsAskedIsFoundAndWhatIsNotUnderstoodIsNamed() throws Exception {
        var asking = new Asking(Schema.shipped(), estate(), NOW);
        var wrong = new ArrayList<String>();
        try (var store = Store.of(estate())) {
            var questions = new Questions(store, Schema.shipped().with(estate()));
            for (var line : lines()) {
                var question = line.substring(0, line.indexOf(" => "));
                var gold = line.substring(line.indexOf(" => ") + 4);
                var understood = asking.understand(question);
                switch (understood) {
                    case Understood.Unclear it when gold.startsWith("? ") -> {
                        if (it.words().stream().noneMatch(word -> word.contains(gold.substring(2))))
                            wrong.add(question + " names " + it.words());
                    }
                    case Understood.Unclear it -> wrong.add(question + ": " + it.says());
                    case Understood.Asked it when gold.startsWith("? ") ->
                            wrong.add(question + " became " + it.query());
                    case Understood.Asked it -> {
                        var expected = rows(questions.ask(gold));
                        if (expected.isEmpty()) wrong.add(gold + " finds nothing, which proves nothing");
                        if (!rows(questions.ask(it.query())).equals(expected))
                            wrong.add(question + " became " + it.query());
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void aQuestionIsSaidBackInItsLanguage() {
        var asking = new Asking(Schema.shipped(), estate(), NOW);
        var english = (Understood.Asked) asking.understand("agents without credentials");
        assertTrue(english.paraphrase().startsWith("each different agent"), english.paraphrase());
        var japanese = (Understood.Asked) asking.understand("重大な脆弱性");
        assertEquals("脆弱性の組(重複なし)。条件: 脆弱性.severity が Critical", japanese.paraphrase());
    }

    @Test
    void aLongQuestionIsRefused() {
        var asking = new Asking(Schema.shipped(), estate(), NOW);
        assertTrue(asking.understand("agents ".repeat(100)) instanceof Understood.Unclear);
    }
}
