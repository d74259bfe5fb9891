package dev.masugata.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.inspect.Inspection;
import dev.masugata.inspect.Inspector;
import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Decision;
import dev.masugata.model.Evidence;
import dev.masugata.model.Finding;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.policy.Policy;
import dev.masugata.provenance.Provenance;
import dev.masugata.wire.Json;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Invariant 4, at the checkpoint: whatever threads bring in at once, at the moment at which a delivery may be shown
/// its labels are on disk, as another reader of the same file sees it; and they only rise, also over a restart.
@Tag("invariants")
class LabelsBeforeBytesTest {
    private static final int SCHEDULES = Boolean.getBoolean("masugata.full") ? 400 : 25;
    private static final int THREADS = 6;
    private static final Circumstance HERE = Circumstance.at("test");

    private static final Policy ALLOWS = new Policy() {
        @Override
        public Decision decide(Evidence evidence, Set<String> lifted) {
            return new Decision.Allow(List.of(new Reason("yes", "")));
        }

        @Override
        public String digest() {
            return "test";
        }
    };

    /// `secret`, `card`, `e-mail` and `instruct` in a text stand for what detectors would find.
    private static final Inspector SEES = action -> {
        var text = action instanceof Action.Delivery delivery ? delivery.message().string("text").orElse("") : "";
        var findings = new ArrayList<Finding>();
        if (text.contains("secret")) findings.add(new Finding("secret/word", Severity.HIGH, "/text", 0, 1, ""));
        if (text.contains("card")) findings.add(new Finding("personal/card", Severity.MEDIUM, "/text", 0, 1, ""));
        if (text.contains("e-mail")) findings.add(new Finding("personal/e-mail", Severity.LOW, "/text", 0, 1, ""));
        if (text.contains("instruct")) findings.add(new Finding("injection/word", Severity.HIGH, "/text", 0, 1, ""));
        return new Inspection(findings, text.contains("unread") ? Set.of("/text") : Set.of());
    };

    @TempDir
    Path home;

    private interface Deliver {
        Delivered of(Checkpoint checkpoint, Journal journal, Session session, Action.Delivery delivery,
                ContentLabels labels);
    }

    private static Session session() {
        return new Session("s-1", new Principal.Agent("coder", "alice", Set.of()), "", Session.Kind.TOKEN);
    }

    private static Set<String> expected(String text, ContentLabels labels) {
        var expected = new HashSet<>(labels.base());
        if (text.contains("secret")) expected.add("secret");
        // What everybody gives out is no label.
        if (text.contains("card")) expected.add("personal");
        if (text.contains("instruct") && labels.base().contains("untrusted")) expected.add("suspicious");
        if (text.contains("unread")) expected.add("untrusted");
        return expected;
    }

    @Test
    void labelsAreOnDiskBeforeADeliveryMayBeShown() throws Exception {
        Deliver ours = (checkpoint, _, session, delivery, labels) ->
                checkpoint.deliveries().deliver(session, delivery, HERE, labels, "");
        for (int seed = 0; seed < SCHEDULES; seed++)
            assertEquals(List.of(), late(home.resolve("ours-" + seed), seed, ours));
    }

    /// The mutant shows first and labels then.
    @Test
    void theTestSeesAGateThatLabelsLate() throws Exception {
        Deliver mutant = (_, journal, session, delivery, labels) -> {
            var passed = new Delivered.Passed(delivery.message());
            Thread.startVirtualThread(() -> journal.raise(session, labels.base(), "late"));
            return passed;
        };
        int seen = 0;
        for (int seed = 0; seed < SCHEDULES && seen == 0; seed++)
            seen += late(home.resolve("mutant-" + seed), seed, mutant).size();
        assertTrue(seen > 0, "the mutant was not seen");
    }

    /// Neither a clean delivery, nor a restart, nor a second session of that name takes a label back.
    @Test
    void labelsOnlyRiseAlsoOverARestart() throws Exception {
        var raised = Set.of("untrusted", "secret", "suspicious");
        try (var ledger = Ledger.open(LedgerOptions.at(home.resolve("rise")))) {
            deliver(ledger, "instruct secret", ContentLabels.UNTRUSTED);
            assertEquals(raised, ledger.standing().facts("s-1").labels());
            deliver(ledger, "clean", ContentLabels.of());
            assertEquals(raised, ledger.standing().facts("s-1").labels());
        }
        try (var ledger = Ledger.open(LedgerOptions.at(home.resolve("rise")))) {
            assertEquals(raised, ledger.standing().facts("s-1").labels());
            ledger.append(dev.masugata.ledger.Sessions.started(new Principal.House(), session(), Json.EMPTY));
            assertEquals(raised, ledger.standing().facts("s-1").labels(),
                    "a session of the same name begins no cleaner");
        }
    }

    /// What no agent is shown as it came says nothing about the session: a greeting, and a list of tools, of which only
    /// approved definitions are shown.
    @Test
    void whatNobodyIsShownLabelsNobody() {
        try (var ledger = Ledger.open(LedgerOptions.at(home.resolve("unshown")))) {
            var checkpoint = checkpoint(ledger, new Journal(ledger, InstantSource.system()));
            for (var kind : List.of(Action.Kind.TOOL_LIST, Action.Kind.LIFECYCLE)) {
                var method = kind == Action.Kind.TOOL_LIST ? "tools/list" : "initialize";
                var asked = new Action.Message(kind, "mail", method, Json.EMPTY);
                var came = new Action.Delivery(asked, Json.object("text", "instruct secret"));
                checkpoint.deliveries().deliver(session(), came, HERE, ContentLabels.UNTRUSTED, "");
            }
            assertEquals(Set.of(), ledger.standing().facts("s-1").labels());
            deliver(ledger, "instruct", ContentLabels.UNTRUSTED);
            assertEquals(Set.of("untrusted", "suspicious"), ledger.standing().facts("s-1").labels(), "the twin");
        }
    }

    private static void deliver(Ledger ledger, String text, ContentLabels labels) {
        var journal = new Journal(ledger, InstantSource.system());
        checkpoint(ledger, journal).deliveries().deliver(session(), delivery(text), HERE, labels, "");
    }

    private static Action.Delivery delivery(String text) {
        var call = new Action.ToolCall("mail", "read", Json.object("name", "read").with("arguments", Json.EMPTY));
        return new Action.Delivery(call, Json.object("text", text));
    }

    private static Checkpoint checkpoint(Ledger ledger, Journal journal) {
        return new Checkpoint(
                journal, () -> ALLOWS, List.of(SEES), new Provenance(id -> ledger.standing().facts(id).labels()),
                new RateLimits(Map.of(), System::nanoTime), NamedFiles.NONE, Settings.DEFAULT, InstantSource.system());
    }

    /// Deliveries that could be shown before their labels were on disk.
    private static List<String> late(Path directory, int seed, Deliver deliver) throws Exception {
        var late = new ConcurrentLinkedQueue<String>();
        var random = new SplittableRandom(seed);
        try (var ledger = Ledger.open(LedgerOptions.at(directory))) {
            ledger.append(dev.masugata.ledger.Sessions.started(new Principal.House(), session(), Json.EMPTY));
            var journal = new Journal(ledger, InstantSource.system());
            var checkpoint = checkpoint(ledger, journal);
            var go = new CountDownLatch(1);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < THREADS; i++) {
                var text = List.of("hello", "a secret", "instruct", "unread", "instruct secret", "a card", "an e-mail")
                        .get(random.nextInt(7));
                var labels = random.nextBoolean() ? ContentLabels.UNTRUSTED : ContentLabels.of();
                threads.add(Thread.startVirtualThread(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException never) {
                        throw new IllegalStateException(never);
                    }
                    var came = deliver.of(checkpoint, journal, session(), delivery(text), labels);
                    if (!(came instanceof Delivered.Passed)) return;
                    // Another reader of the same file: it sees what is committed, nothing else.
                    try (var reader = LedgerReader.open(LedgerOptions.at(directory))) {
                        var held = reader.standing().facts("s-1").labels();
                        if (!held.containsAll(expected(text, labels))) late.add(text + " under " + held);
                    }
                }));
            }
            go.countDown();
            for (var thread : threads) thread.join();
        }
        return List.copyOf(late);
    }
}
