package dev.masugata.analyst;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.analyst.Investigation.Verdict;
import dev.masugata.graph.Estate;
import dev.masugata.graph.LedgerFacts;
import dev.masugata.graph.Schema;
import dev.masugata.graph.Store;
import dev.masugata.graph.query.Answer;
import dev.masugata.graph.query.Questions;
import dev.masugata.ledger.Entry;
import dev.masugata.ledger.Payload;
import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Finding;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What happened is said from the record alone, and without the event that decides it the answer is unknown.
class PlaybookTest {
    private static final Instant THEN = Instant.parse("2026-11-22T08:00:00Z");
    private static final String SESSION = "s-1";

    private final List<Entry> entries = new ArrayList<>();

    private long add(Event event) {
        entries.add(new Entry(entries.size() + 1, THEN.plusSeconds(entries.size()), event, Payload.KEPT));
        return entries.size();
    }

    private long asked(Action.Kind kind, String target) {
        return add(new Event.Asked(SESSION, "agent:coder", kind, target, "00", Json.NULL));
    }

    private long decided(long asked, Action.Kind kind, String target, Outcome outcome, Reason... because) {
        return add(new Event.Decided(
                SESSION, "agent:coder", asked, kind, target, "00", outcome, List.of(because), "p", ""));
    }

    private long call(String target, Outcome outcome, Reason... because) {
        return decided(asked(Action.Kind.TOOL_CALL, target), Action.Kind.TOOL_CALL, target, outcome, because);
    }

    /// Noise, an order in a mail among it, more noise, and what was done because of the mail.
    private long story(Random random, String tool, Outcome outcome) {
        for (int i = random.nextInt(5); i > 0; i--) call("files/read_" + i, Outcome.ALLOWED);
        long read = call(tool, Outcome.ALLOWED);
        var server = "server:" + tool.substring(0, tool.indexOf('/'));
        long found = add(new Event.Found(
                SESSION, server, 0, new Finding("injection/override", Severity.HIGH, "/content/0/text", 0, 9, "")));
        add(new Event.Done(SESSION, "agent:coder", read, "ok", 1, 1, 1, Json.NULL));
        for (int i = random.nextInt(5); i > 0; i--) call("files/list_" + i, Outcome.ALLOWED);
        call("mail/send", outcome,
                new Reason("provenance/path", "/to from " + tool + " (d-" + read + " /content/0/text, verbatim)"));
        return found;
    }

    @Test
    void aPlantedCauseIsNamedOverStepsThatLeanOnEachOther() {
        var random = new Random(7);
        for (int i = 0; i < 50; i++) {
            entries.clear();
            var tool = "server" + random.nextInt(9) + "/read";
            story(random, tool, random.nextBoolean() ? Outcome.ALLOWED : Outcome.DENIED);
            var it = Playbook.of(SESSION, entries);
            assertTrue(it.steps().size() >= 4, it.steps().toString());
            assertTrue(it.says().contains(tool) && it.says().contains("injection/override"), it.says());
            for (var step : it.steps())
                assertTrue(!step.evidence().isEmpty() && !step.query().isEmpty(), step.toString());
            for (var kind : List.of("contain", "eradicate", "prevent"))
                assertTrue(it.actions().stream().anyMatch(act -> act.kind().equals(kind)), kind);
        }
    }

    @Test
    void whatGotThroughIsToldFromWhatDidNot() {
        story(new Random(1), "mail/read", Outcome.ALLOWED);
        assertEquals(Verdict.HAPPENED, Playbook.of(SESSION, entries).verdict());
        entries.clear();
        story(new Random(1), "mail/read", Outcome.HELD);
        assertEquals(Verdict.STOPPED, Playbook.of(SESSION, entries).verdict());
    }

    /// Each of these removed, the rest shows nothing that may be concluded.
    @Test
    void withoutADecisiveEventTheAnswerIsUnknown() {
        long found = story(new Random(3), "mail/read", Outcome.ALLOWED);
        long read = found - 1;
        for (long removed : List.of(found, read)) {
            var rest = entries.stream().filter(it -> it.seq() != removed).toList();
            assertEquals(Verdict.UNKNOWN, Playbook.of(SESSION, rest).verdict(), "without " + removed);
        }
        var two = new ArrayList<>(entries);
        two.add((int) read - 2, two.get((int) read - 1)); // the same call again, open too
        assertEquals(Verdict.UNKNOWN, Playbook.of(SESSION, two).verdict(), "two calls could have brought it");
        var unlinked = entries.stream()
                .filter(it -> !(it.event() instanceof Event.Decided d && !d.because().isEmpty())).toList();
        assertTrue(Playbook.of(SESSION, unlinked).verdict() != Verdict.HAPPENED, "no decision names the mail");
        assertEquals(Verdict.UNKNOWN, Playbook.of("s-2", entries).verdict());
    }

    @Test
    void questionsAboutWhatHappenedAreRecognised() {
        assertEquals(Optional.of("s-7f3k"), Incident.of("what happened in s-7f3k?"));
        assertEquals(Optional.of("s-7f3k"), Incident.of("What happened in session s-7f3k"));
        assertEquals(Optional.of(""), Incident.of("what happened"));
        assertEquals(Optional.of("s-7f3k"), Incident.of("s-7f3kで何が起きた?"));
        assertEquals(Optional.of("s-7f3k"), Incident.of("セッション s-7f3k を調査して"));
        assertEquals(Optional.empty(), Incident.of("which agents are there"));
    }

    @Test
    void theRecordIsPartOfTheGraph() {
        story(new Random(1), "mail/read", Outcome.DENIED);
        add(new Event.Changed(SESSION, "agent:coder", Event.Subject.LABEL, "untrusted", "raised", Json.EMPTY,
                Json.NULL));
        decided(1, Action.Kind.HTTP_REQUEST, "https://a.example:8443/x", Outcome.ALLOWED);
        var builder = new Estate.Builder();
        LedgerFacts.into(builder, entries);
        var estate = builder.build();
        assertEquals("read",
                rows(estate, "MATCH Session CALLED Tool WHERE Tool.id = 'tool:mail/read' RETURN Tool.name"));
        assertEquals("send", rows(estate, "MATCH Session ATTEMPTED Tool RETURN Tool.name"));
        assertEquals("mail", rows(estate, "MATCH McpServer OFFERS Tool WHERE Tool.name = 'send' RETURN McpServer"));
        assertEquals("a.example:8443", rows(estate, "MATCH Session REACHED Host RETURN Host"));
        assertEquals("coder",
                rows(estate, "MATCH Session ASKED_BY Agent WHERE Session.labels = 'untrusted' RETURN Agent"));
        assertTrue(estate.edges().stream().allMatch(it -> it.source().startsWith("ledger:")),
                "each edge names its entry");
    }

    private static String rows(Estate estate, String question) {
        try (var store = Store.of(estate)) {
            return String.join(" / ", new Questions(store, Schema.shipped()).ask(question).rows().stream()
                    .map(row -> Answer.shown(row.getFirst())).toList());
        }
    }

    @Test
    void everyMorningPromptIsUnderstood() {
        var asking = new Asking(Schema.shipped(), AskingTest.estate(), THEN);
        for (var prompt : Prompts.MORNING)
            assertTrue(asking.understand(prompt) instanceof Understood.Asked, prompt + ": "
                    + asking.understand(prompt));
        var empty = new Asking(Schema.shipped(), Estate.EMPTY, THEN);
        for (var prompt : Prompts.MORNING)
            assertTrue(empty.understand(prompt) instanceof Understood.Asked, prompt + ": " + empty.understand(prompt));
    }
}
