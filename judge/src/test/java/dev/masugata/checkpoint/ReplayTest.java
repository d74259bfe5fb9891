package dev.masugata.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.masugata.inspect.Inspection;
import dev.masugata.inspect.Inspector;
import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.Query;
import dev.masugata.ledger.Scope;
import dev.masugata.ledger.Sessions;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Event;
import dev.masugata.model.Finding;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.policy.Explanation;
import dev.masugata.policy.PolicyLoader;
import dev.masugata.policy.PolicyProblem;
import dev.masugata.policy.PolicySet;
import dev.masugata.policy.Replay;
import dev.masugata.policy.Source;
import dev.masugata.provenance.Provenance;
import dev.masugata.wire.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `policy explain` and `policy replay`, over a record that the checkpoint itself wrote.
class ReplayTest {
    private static final String POLICY = """
            @id("allow-read") permit (principal, action in Action::"tool_call", resource)
            when { context.class == "read" };
            @id("allow-write") permit (principal, action in Action::"tool_call", resource)
            when { context.class == "write" && context.unmapped.isEmpty() };
            @id("hold-write") @hold("shall it?") forbid (principal, action in Action::"tool_call", resource)
            when { context.class == "write" };
            @id("no-secret") @reason("it is secret") forbid (principal, action in Action::"tool_call", resource)
            when { context.args has path && context.args.path == "/secret" };
            @id("no-labelled") forbid (principal, action in Action::"tool_call", resource)
            when { context.session.labels.contains("tainted") && context.class == "write" };
            @id("no-finding") forbid (principal, action in Action::"tool_call", resource)
            when { context.findings.contains("odd") };
            """;
    private static final Json.Obj SCHEMA = Json.object("type", "object")
            .with("properties", Json.object("path", Json.object("type", "string")));
    private static final Principal.Operator ALICE = new Principal.Operator("alice");

    @TempDir
    Path home;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T09:00:00Z"));
    private Ledger ledger;
    private Checkpoint checkpoint;

    @BeforeEach
    void open() throws Exception {
        ledger = Ledger.open(LedgerOptions.at(home).withClock(now::get));
        var policy = policy(POLICY);
        Inspector odd = action -> action.toString().contains("odd")
                ? Inspection.of(List.of(new Finding("odd", Severity.HIGH, "/arguments/path")))
                : Inspection.NOTHING;
        var provenance = new Provenance(id -> ledger.standing().facts(id).labels());
        checkpoint = new Checkpoint(
                new Journal(ledger, now::get), () -> policy, List.of(odd), provenance,
                new RateLimits(Map.of(), System::nanoTime), NamedFiles.NONE, Settings.DEFAULT, now::get);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static PolicySet policy(String text) throws PolicyProblem.Invalid {
        return PolicyLoader.load(List.of(new Source("p.cedar", text)), Map.of("files/do", SCHEMA));
    }

    private Session session(String id) {
        var session = new Session(id, new Principal.Agent("coder", "bob", Set.of()), "", Session.Kind.TOKEN);
        if (ledger.standing().sessions().of(id).isEmpty()) ledger.append(Sessions.started(ALICE, session, Json.EMPTY));
        return session;
    }

    private Verdict call(String session, String path, ToolClass toolClass) {
        var params = Json.object("name", "do").with("arguments", Json.object("path", path));
        var circumstance = new Circumstance("127.0.0.1", toolClass, "pin", false);
        return checkpoint.judge(session(session), new Action.ToolCall("files", "do", params), circumstance,
                Waiting.NONE);
    }

    /// A day: read, denied for its argument, held, approved and used, denied for a label, denied for a finding.
    private void history() {
        call("s-1", "/a", ToolClass.READ);
        call("s-1", "/secret", ToolClass.READ);
        var held = assertInstanceOf(Refusal.class, call("s-1", "/w", ToolClass.WRITE));
        assertEquals(Refusal.Kind.HELD, held.kind());
        checkpoint.holds().answer(held.id(), ALICE, true, Duration.ZERO, "");
        assertInstanceOf(Permit.class, call("s-1", "/w", ToolClass.WRITE));
        ledger.append(Sessions.raised(new Principal.House(), session("s-2").id(), "tainted", Json.EMPTY));
        call("s-2", "/w", ToolClass.WRITE);
        call("s-2", "/odd", ToolClass.READ);
    }

    private List<String> replay(String text, Instant since) throws Exception {
        var report = Replay.run(ledger.reader(), policy(text), since);
        return report.differences().stream().map(it -> it.before().word() + " -> " + it.after().word() + " "
                + it.because().stream().map(Reason::id).collect(Collectors.joining(","))).toList();
    }

    /// The evidence on record is all that was judged: the policy that was in force would decide all of it again.
    @Test
    void theSamePolicyDecidesTheSame() throws Exception {
        history();
        var report = Replay.run(ledger.reader(), policy(POLICY), Instant.EPOCH);
        assertEquals(new Replay.Report(6, 0, List.of()), report);
    }

    @Test
    void whatAnotherPolicyWouldDecideOtherwiseIsNamed() throws Exception {
        history();
        var stricter = POLICY + "@id(\"no-reading\") forbid (principal, action in Action::\"tool_call\", resource)\n"
                + "when { context.class == \"read\" && context.args has path && context.args.path == \"/a\" };";
        assertEquals(List.of("allowed -> denied no-reading"), replay(stricter, Instant.EPOCH));
        // What a person approved was one policy's hold; another one's is not lifted by it.
        assertEquals(
                List.of("allowed -> held other-hold"),
                replay(POLICY.replace("hold-write", "other-hold"), Instant.EPOCH));
        var looser = POLICY.replace("== \"/secret\"", "== \"/nothing\"");
        assertEquals(List.of("denied -> allowed allow-read"), replay(looser, Instant.EPOCH));
        assertEquals(
                List.of("denied -> held hold-write"),
                replay(POLICY.replace("contains(\"tainted\")", "contains(\"other\")"), Instant.EPOCH),
                "with the labels of that moment");
        assertEquals(
                List.of("denied -> allowed allow-read"),
                replay(POLICY.replace("contains(\"odd\")", "contains(\"even\")"), Instant.EPOCH),
                "with what was found then");
    }

    @Test
    void onlyWhatWasDecidedSinceIsAsked() throws Exception {
        history();
        now.set(now.get().plusSeconds(3600));
        call("s-1", "/late", ToolClass.READ);
        assertEquals(1, Replay.run(ledger.reader(), policy(POLICY), now.get()).decisions());
    }

    @Test
    void whatWasErasedIsCountedAndNotGuessed() throws Exception {
        history();
        ledger.erase(ALICE, List.of(new Scope.OfSession("s-2")));
        var report = Replay.run(ledger.reader(), policy("@id(\"none\") forbid (principal, action, resource);"),
                Instant.EPOCH);
        assertEquals(6, report.decisions());
        assertEquals(2, report.unreadable());
        assertEquals(3, report.differences().size(), "one was allowed, one approved, one held; the denied stays so");
    }

    @Test
    void eachPolicySaysWhatItSaidOfADecision() throws Exception {
        history();
        var lines = explained(1).stream()
                .collect(Collectors.toMap(Explanation.Line::policy, it -> it.effect() + " " + it.says()));
        assertEquals(
                Map.of(
                        "allow-read", "permit applies", "allow-write", "permit does not apply",
                        "hold-write", "hold does not apply", "no-secret", "forbid applies",
                        "no-labelled", "forbid does not apply", "no-finding", "forbid does not apply"),
                lines);
        assertEquals("it is secret", explained(1).stream().filter(it -> it.policy().equals("no-secret")).findFirst()
                .orElseThrow().reason());
        assertEquals("forbid applies", said(4, "no-labelled"));
        assertEquals("forbid does not apply", said(3, "no-labelled"), "in the other session");
        assertEquals("forbid applies", said(5, "no-finding"));
    }

    private String said(int decision, String policy) throws Exception {
        var line = explained(decision).stream().filter(it -> it.policy().equals(policy)).findFirst().orElseThrow();
        return line.effect() + " " + line.says();
    }

    private List<Explanation.Line> explained(int decision) throws Exception {
        var decided = ledger.reader().entries(Query.ALL.withType("decided")).get(decision).event();
        return Explanation.of(ledger.reader(), policy(POLICY), (Event.Decided) decided).orElseThrow().lines();
    }
}
