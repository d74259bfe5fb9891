package dev.masugata.checkpoint;

import dev.masugata.inspect.Inspection;
import dev.masugata.inspect.Redaction;
import dev.masugata.ledger.QuotaExceeded;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Decision;
import dev.masugata.model.Finding;
import dev.masugata.model.Origins;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.provenance.Provenance;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What comes back, judged before anyone sees it: a tool's answer is how most attacks arrive.
///
/// Its labels bind the session first, durably; then it is inspected and judged; then every value in it has its origin;
/// and only then may the gate show it, or what is left of it.
final class Deliveries {
    private static final System.Logger LOG = System.getLogger("masugata.checkpoint");

    private final Checkpoint checkpoint;
    private final Journal journal;
    private final Provenance provenance;
    private final Settings settings;

    Deliveries(Checkpoint checkpoint, Journal journal, Provenance provenance, Settings settings) {
        this.checkpoint = checkpoint;
        this.journal = journal;
        this.provenance = provenance;
        this.settings = settings;
    }

    /// Judges what came back before anyone sees it. Its labels bind the session first.
    ///
    /// @param labels what the target's content is, by configuration
    /// @param cause  the decision that let the call go, such as `d-41`; empty for what came unasked
    Delivered deliver(
            Session session, Action.Delivery delivery, Circumstance circumstance, ContentLabels labels, String cause) {
        try {
            if (checkpoint.isStopped(session.id()))
                return new Delivered.Withheld(Refusal.denied("", List.of(Checkpoint.STOPPED)));
            provenance.expect(session);
            var configured = isShown(delivery.answers()) ? labels.all(delivery.target()) : Set.<String>of();
            journal.raise(session, configured, delivery.target());
            var seen = Deadline.within(settings.judging(), () -> checkpoint.inspect(delivery));
            seen.forTheRecord()
                    .forEach(finding -> journal.found(session, delivery.answers().party(), null, finding));
            boolean suspicious = configured.contains("untrusted") && instructs(seen);
            if (isShown(delivery.answers()) && !(delivery.answers() instanceof Action.ModelCall))
                journal.raise(session, told(seen, suspicious), delivery.target());
            return switch (checkpoint.decide(session, delivery, circumstance, seen, Origins.NONE, Set.of())) {
                case Decision.Allow _ -> pass(session, delivery, delivery, labels, seen, suspicious, cause);
                case Decision.Deny(var because) -> withhold(session, delivery, circumstance, seen, because);
                // Nothing can ask a person about bytes that are already here.
                case Decision.Hold hold -> withhold(session, delivery, circumstance, seen, hold.because());
                case Decision.Rewrite rewrite ->
                    less(session, delivery, circumstance, labels, seen, suspicious, cause, rewrite);
            };
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            return new Delivered.Withheld(Refusal.denied("", List.of(checkpoint.interrupted(session))));
        } catch (QuotaExceeded quota) {
            return new Delivered.Withheld(
                    Checkpoint.limited(quota.dimension(), "this session's quota of " + quota.dimension()
                            + " is used up"));
        } catch (Deadline.Passed | RuntimeException broken) {
            LOG.log(Level.ERROR, "could not judge what " + delivery.target() + " answered", broken);
            return new Delivered.Withheld(
                    Refusal.closed("", new Reason("checkpoint/failed", "the answer could not be judged")));
        }
    }

    /// False for what no agent sees as it came: a server's greeting, and its lists of tools, prompts and templates, of
    /// which an agent is shown what an operator approved, exactly so. What is not shown labels nobody.
    private static boolean isShown(Action.Outbound asked) {
        return asked.kind() != Action.Kind.TOOL_LIST
                && asked.kind() != Action.Kind.PROMPT_LIST
                && !asked.method().equals("initialize")
                && !asked.method().equals("server/discover")
                && !asked.method().equals("resources/templates/list");
    }

    /// True if inspection is as good as sure that the text tries to instruct the agent.
    private static boolean instructs(Inspection seen) {
        return seen.findings().stream()
                .anyMatch(it -> it.family().equals("injection") && it.severity().compareTo(Severity.HIGH) >= 0);
    }

    /// What content says of itself, whatever is shown of it.
    private static Set<String> told(Inspection seen, boolean suspicious) {
        var labels = new HashSet<String>();
        // What cannot be read may be anybody's.
        if (!seen.opaque().isEmpty()) labels.add("untrusted");
        if (suspicious) labels.add("suspicious");
        return labels;
    }

    /// The last step before bytes go in: what is shown binds the session, and every value in it has its origin.
    private Delivered pass(
            Session session,
            Action.Delivery came,
            Action.Delivery shown,
            ContentLabels labels,
            Inspection seen,
            boolean suspicious,
            String cause) {
        if (!isShown(came.answers())) return new Delivered.Passed(shown.message());
        var held = seen.findings().stream().filter(Deliveries::isConfidential).toList();
        var all = new HashSet<String>(labels.all(came.target()));
        held.forEach(finding -> all.add(finding.family()));
        if (!seen.opaque().isEmpty() && !(came.answers() instanceof Action.ModelCall)) all.add("untrusted");
        journal.raise(session, all, came.target());
        // What a model says proves nothing: where its values come from is asked of what it had read.
        if (came.answers() instanceof Action.ModelCall) return new Delivered.Passed(shown.message());
        boolean wholeUnread = seen.opaque().contains("");
        provenance.delivered(
                session,
                came,
                place -> {
                    var known = labels.of(came.target(), place);
                    if (!wholeUnread && !seen.opaque().contains(place)) return known;
                    var worse = new HashSet<>(known);
                    worse.add("untrusted");
                    return worse;
                },
                all,
                held,
                suspicious,
                cause);
        return new Delivered.Passed(shown.message());
    }

    /// A secret of any sort; of personal data what a mail address or a phone number is not: those stand in every mail.
    static boolean isConfidential(Finding finding) {
        return switch (finding.family()) {
            case "secret" -> true;
            case "personal" -> finding.severity().compareTo(Severity.MEDIUM) >= 0;
            default -> false;
        };
    }

    /// What is left of a delivery is judged anew, once.
    private Delivered less(
            Session session,
            Action.Delivery delivery,
            Circumstance circumstance,
            ContentLabels labels,
            Inspection seen,
            boolean suspicious,
            String cause,
            Decision.Rewrite rewrite)
            throws Deadline.Passed, InterruptedException {
        var instead = (Action.Delivery) Redaction.of(delivery, seen.findings(), rewrite.mask(), rewrite.strip());
        if (instead == delivery)
            return withhold(session, delivery, circumstance, seen, List.of(Checkpoint.NOTHING_TO_REWRITE));
        var left = Deadline.within(settings.judging(), () -> checkpoint.inspect(instead));
        return switch (checkpoint.decide(session, instead, circumstance, left, Origins.NONE, Set.of())) {
            case Decision.Allow _ -> {
                // A decision of its own on record: what the agent sees is not what came.
                var asked = journal.asked(session, instead, circumstance);
                asked.carries(Checkpoint.kept(instead, left), settings.payloadBytesMax());
                journal.decided(
                        session, instead, asked, Outcome.MASKED, rewrite.because(), checkpoint.policyDigest(), null);
                yield pass(session, delivery, instead, labels, shown(seen, left, rewrite), suspicious, cause);
            }
            case Decision.Deny(var because) -> withhold(session, delivery, circumstance, seen, because);
            case Decision.Hold hold -> withhold(session, delivery, circumstance, seen, hold.because());
            case Decision.Rewrite _ ->
                    withhold(session, delivery, circumstance, seen, List.of(Checkpoint.TWICE_REWRITTEN));
        };
    }

    /// What was found in what came, but for what was taken out of it: its places are those of what came.
    private static Inspection shown(Inspection seen, Inspection left, Decision.Rewrite rewrite) {
        var kept = seen.findings().stream()
                .filter(it -> !rewrite.mask().contains(it.family()) && !rewrite.strip().contains(it.family()))
                .toList();
        return new Inspection(kept, seen.opaque()).and(new Inspection(List.of(), left.opaque()));
    }

    private Delivered withhold(
            Session session, Action.Delivery delivery, Circumstance circumstance, Inspection seen,
                    List<Reason> because) {
        var asked = journal.asked(session, delivery, circumstance);
        asked.carries(Checkpoint.kept(delivery, seen), settings.payloadBytesMax());
        return new Delivered.Withheld(checkpoint.deny(session, delivery, asked, because));
    }
}
