package dev.masugata.graph;

import dev.masugata.ledger.Entry;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.ledger.Query;
import dev.masugata.model.Action;
import dev.masugata.model.Asset;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Relation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the record tells of sessions: who asked, what was called and reached, what was found; each with its entry.
public final class LedgerFacts {
    /// Entries that are looked at, the latest.
    public static final int ENTRIES_MAX = 200_000;

    private final Map<String, String> serverIds = new HashMap<>();
    private final Map<String, Asset> nodes = new LinkedHashMap<>();
    private final Map<List<String>, Seen> edges = new LinkedHashMap<>();
    private final Map<String, TreeSet<String>> labels = new HashMap<>();

    private LedgerFacts() {}

    /// Reads the latest entries of the record, oldest first.
    public static List<Entry> latest(LedgerReader record) {
        var entries = new ArrayList<Entry>();
        long before = 0;
        while (entries.size() < ENTRIES_MAX) {
            var query = Query.ALL.withNewestFirst().withLimit(Math.min(Query.MOST, ENTRIES_MAX - entries.size()));
            var some = record.entries(before == 0 ? query : query.withBefore(before));
            if (some.isEmpty()) break;
            entries.addAll(some);
            before = some.getLast().seq();
        }
        return entries.reversed();
    }

    /// Adds what entries tell. A server of the record is the scanned one of the same name, where there is one.
    public static void into(Estate.Builder estate, List<Entry> entries) {
        var facts = new LedgerFacts();
        for (var it : estate.nodes())
            if (it.kind().equals("McpServer")) facts.serverIds.putIfAbsent(it.name(), it.id());
        entries.forEach(facts::add);
        facts.labels.forEach((session, words) ->
                facts.node("Session", session(session), session, Map.of("labels", List.copyOf(words))));
        facts.nodes.values().forEach(estate::node);
        facts.edges.forEach((key, seen) -> estate.edge(seen.edge(key)));
    }

    public static String session(String id) {
        return "session:" + id;
    }

    private void add(Entry entry) {
        switch (entry.event()) {
            case Event.Decided it -> decided(it, entry);
            case Event.Found it -> {
                if (it.session().isEmpty()) return;
                known(it.session(), it.principal(), entry);
                var id = "finding:" + it.finding().rule();
                node("Finding", id, it.finding().rule(), Map.of(
                        "rule", it.finding().rule(), "severity", capital(it.finding().severity().word())));
                edge("SHOWED", session(it.session()), id, entry, "" + entry.seq(), "");
            }
            case Event.Changed it -> changed(it, entry);
            case Event.Asked _, Event.Held _, Event.Answered _, Event.Done _ -> {}
        }
    }

    private void changed(Event.Changed it, Entry entry) {
        switch (it.subject()) {
            case LABEL -> {
                if (it.session().isEmpty()) return;
                known(it.session(), it.principal(), entry);
                if (it.change().equals("raised"))
                    labels.computeIfAbsent(it.session(), _ -> new TreeSet<>()).add(it.name());
            }
            case SESSION -> {
                if (it.session().isEmpty()) return; // of all sessions
                var word = it.change();
                if (word.equals("started") || word.equals("stopped") || word.equals("ended"))
                    node("Session", session(it.name()), it.name(), Map.of(word, entry.time().toString()));
            }
            case QUARANTINE -> {
                if (!it.session().isEmpty())
                    node("Session", session(it.session()), it.session(), Map.of("quarantined", true));
            }
            case PIN, AGENT, GRANT, POLICY, MONEY, GATE, FILES, RECORD -> {}
        }
    }

    private void decided(Event.Decided it, Entry entry) {
        if (it.session().isEmpty()) return;
        known(it.session(), it.principal(), entry);
        boolean through = it.outcome() == Outcome.ALLOWED || it.outcome() == Outcome.MASKED;
        var target = target(it, entry);
        if (target.isEmpty()) return;
        var relation = !through ? "ATTEMPTED" : it.kind() == Action.Kind.HTTP_REQUEST ? "REACHED" : "CALLED";
        edge(relation, session(it.session()), target, entry, "d-" + entry.seq(), it.outcome().word());
    }

    /// The node that a decision is about; empty: it is about none.
    private String target(Event.Decided it, Entry entry) {
        return switch (it.kind()) {
            case TOOL_CALL -> {
                int slash = it.target().indexOf('/');
                var server = server(slash < 0 ? it.target() : it.target().substring(0, slash));
                var id = "tool:" + it.target();
                node("Tool", id, it.target().substring(slash + 1), Map.of());
                edge("OFFERS", server, id, entry, "d-" + entry.seq(), "");
                yield id;
            }
            case RESOURCE_READ, PROMPT_GET, SUBSCRIBE -> server(it.target());
            case HTTP_REQUEST -> {
                var host = host(it.target());
                node("Host", "host:" + host, host, Map.of());
                yield "host:" + host;
            }
            case MODEL_CALL -> {
                int slash = it.target().indexOf('/');
                var id = "model:" + it.target();
                if (slash > 0)
                    node("Model", id, it.target().substring(slash + 1),
                            Map.of("provider", it.target().substring(0, slash)));
                yield slash > 0 ? id : "";
            }
            case TOOL_LIST, RESOURCE_LIST, PROMPT_LIST, COMPLETE, SAMPLE, ELICIT, TASK_OP, LIFECYCLE, DELIVERY,
                    FILE_APPLY, HOUSE_CALL, OPERATOR -> "";
        };
    }

    private String server(String name) {
        return serverIds.computeIfAbsent(name, _ -> {
            node("McpServer", "server:" + name, name, Map.of());
            return "server:" + name;
        });
    }

    static String host(String place) {
        var rest = place.replaceFirst("^[a-z]+://", "");
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    private void known(String session, String principal, Entry entry) {
        node("Session", session(session), session, Map.of());
        if (principal.isEmpty() || principal.equals("masugata")) return;
        int colon = principal.indexOf(':');
        var kind = principal.startsWith("agent:") ? "Agent" : principal.startsWith("server:") ? "McpServer"
                : "Principal";
        var name = principal.substring(colon + 1);
        var id = kind.equals("McpServer") ? server(name) : principal;
        if (!kind.equals("McpServer")) node(kind, id, name, Map.of());
        if (kind.equals("McpServer")) return;
        edge("ASKED_BY", session(session), id, entry, "" + entry.seq(), "");
    }

    private void node(String kind, String id, String name, Map<String, Object> attributes) {
        nodes.merge(id, new Asset(kind, id, name, attributes), (old, now) -> {
            if (now.attributes().isEmpty()) return old;
            var both = new TreeMap<>(old.attributes());
            both.putAll(now.attributes());
            return new Asset(kind, id, name, both);
        });
    }

    private void edge(String kind, String from, String to, Entry entry, String evidence, String outcome) {
        edges.computeIfAbsent(List.of(kind, from, to), _ -> new Seen()).add(entry.time(), evidence, outcome);
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    /// One relation, seen once or often; the evidence is its latest entry.
    private static final class Seen {
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
        private String evidence = "";
        private String earliest = "";
        private final TreeSet<String> outcomes = new TreeSet<>();
        private long count;

        void add(Instant time, String entry, String outcome) {
            if (time.isBefore(first)) {
                first = time;
                earliest = entry;
            }
            if (!time.isBefore(last)) {
                last = time;
                evidence = entry;
            }
            if (!outcome.isEmpty()) outcomes.add(outcome);
            count++;
        }

        Edge edge(List<String> key) {
            var attributes = new TreeMap<String, Object>(Map.of("times", count, "first", earliest));
            if (!outcomes.isEmpty()) attributes.put("outcomes", List.copyOf(outcomes));
            return new Edge(new Relation(key.get(0), key.get(1), key.get(2), attributes), first, last, "ledger:"
                    + evidence);
        }
    }
}
