package dev.masugata.checkpoint;

import dev.masugata.inspect.Inspection;
import dev.masugata.inspect.Inspector;
import dev.masugata.inspect.Redaction;
import dev.masugata.ledger.Approvals.Approval;
import dev.masugata.ledger.LedgerUnavailable;
import dev.masugata.ledger.QuotaExceeded;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Decision;
import dev.masugata.model.Evidence;
import dev.masugata.model.Facts;
import dev.masugata.model.Finding;
import dev.masugata.model.Money;
import dev.masugata.model.Origins;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.policy.Policy;
import dev.masugata.provenance.Provenance;
import dev.masugata.provenance.Trail;
import dev.masugata.wire.Json;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one place where an action is judged. Gates call it; nothing else decides, and nothing leaves without its permit.
///
/// Limits, inspection, policy, a person where policy says so, and the record: in this order, and a failure of any of
/// them is a refusal.
public final class Checkpoint {
    private static final System.Logger LOG = System.getLogger("masugata.checkpoint");

    private final Journal journal;
    private final Supplier<Policy> policy;
    private final List<Inspector> inspectors;
    private final Provenance provenance;
    private final RateLimits limits;
    private final Purse purse;
    private final Holds holds;
    private final Deliveries deliveries;
    private final Settings settings;
    private final InstantSource clock;
    private final TurnedAway turnedAway;
    private final Familiar familiar = new Familiar();
    private final PromptedContent prompts;
    private final Turns turns = new Turns();
    private final Set<String> stopped = ConcurrentHashMap.newKeySet();
    private final UnderApproval running = new UnderApproval();

    /// Where nothing costs anything.
    public Checkpoint(
            Journal journal,
            Supplier<Policy> policy,
            List<Inspector> inspectors,
            Provenance provenance,
            RateLimits limits,
            NamedFiles files,
            Settings settings,
            InstantSource clock) {
        this(journal, policy, inspectors, provenance, limits, files, Purse.NONE, settings, clock);
    }

    /// @param policy the live policy; asked once for each judgement
    public Checkpoint(
            Journal journal,
            Supplier<Policy> policy,
            List<Inspector> inspectors,
            Provenance provenance,
            RateLimits limits,
            NamedFiles files,
            Purse purse,
            Settings settings,
            InstantSource clock) {
        this.purse = purse;
        this.journal = journal;
        this.policy = policy;
        this.inspectors = List.copyOf(inspectors);
        this.provenance = provenance;
        this.limits = limits;
        this.settings = settings;
        this.clock = clock;
        this.turnedAway = new TurnedAway(clock);
        this.prompts = new PromptedContent(journal, provenance);
        this.deliveries = new Deliveries(this, journal, provenance, settings);
        this.holds = new Holds(journal, files, running, settings, clock);
    }

    /// Judges one action of a session.
    ///
    /// @return a permit, with the decision on durable record, or a refusal that says why; it never throws for what
    ///     the action contains, nor for a broken part of ours
    public Verdict judge(Session session, Action action, Circumstance circumstance, Waiting waiting) {
        var verdict = judge(session, action, circumstance, waiting, true);
        if (verdict instanceof Permit) familiar.went(session, action, circumstance);
        return verdict;
    }

    private Verdict judge(
            Session session, Action action, Circumstance circumstance, Waiting waiting, boolean mayBeRewritten) {
        try {
            var limited = overLimit(session, action, circumstance);
            if (limited.isPresent()) return limited.get();
            var asked = journal.asked(session, action, circumstance);
            turns.of(session.id(), action).ifPresent(asked::asked);
            var settled = settle(session, action, circumstance, waiting, asked);
            return switch (settled) {
                case Settled.Go(var decision) -> permit(session, action, asked, decision, null, mayBeRewritten);
                case Settled.Approved(var decision, var approval) ->
                    permit(session, action, asked, decision, approval, mayBeRewritten);
                case Settled.Instead(var other) ->
                    mayBeRewritten
                            ? judge(session, other, circumstance, waiting, false)
                            : deny(session, action, asked, List.of(TWICE_REWRITTEN));
                case Settled.No(var because) -> deny(session, action, asked, because);
                case Settled.Later(var approval, var question) -> {
                    var because = asked.withPath(List.of(new Reason("checkpoint/held", question)));
                    journal.decided(session, action, asked, Outcome.HELD, because, policy.get().digest(), null);
                    yield new Refusal(Refusal.Kind.HELD, approval, because, "", java.time.Duration.ZERO);
                }
            };
        } catch (QuotaExceeded quota) {
            return limited(quota.dimension(), "this session's quota of " + quota.dimension() + " is used up");
        } catch (LedgerUnavailable broken) {
            // No record, no permit. The operator sees why; the agent learns only that the gates are closed.
            LOG.log(Level.ERROR, "the gates are closed: the ledger cannot write: " + broken.getMessage(), broken);
            return Refusal.closed("",
                    new Reason("checkpoint/closed", "the gates are closed: nothing can be recorded now"));
        }
    }

    static final Reason NOTHING_TO_REWRITE =
            new Reason("checkpoint/nothing-to-rewrite", "what was found cannot be taken out of it");

    static final Reason TWICE_REWRITTEN =
            new Reason("checkpoint/rewritten-twice", "a rewritten action was to be rewritten again");

    /// How judging came out, before it is on record.
    sealed interface Settled {
        record Go(Decision.Allow decision) implements Settled {}

        record Approved(Decision.Allow decision, Approval approval) implements Settled {}

        record Instead(Action other) implements Settled {}

        record No(List<Reason> because) implements Settled {}

        record Later(String approval, String question) implements Settled {}
    }

    private Settled settle(
            Session session, Action action, Circumstance circumstance, Waiting waiting, Journal.Asked asked) {
        try {
            if (isStopped(session.id())) return new Settled.No(List.of(STOPPED));
            var first = first(session, action, circumstance, asked);
            var seen = first.seen();
            if (purse.cannotTell(session, action)) return new Settled.No(List.of(NO_PRICE));
            var bill = purse.bill(session, action, clock.instant());
            return switch (priced(first.decision(), bill, Set.of())) {
                case Decision.Allow allow -> new Settled.Go(allow);
                case Decision.Rewrite rewrite -> rewritten(action, seen, rewrite);
                case Decision.Deny(var because) -> new Settled.No(because);
                case Decision.Hold hold -> holds.settle(
                        session,
                        action,
                        circumstance,
                        asked,
                        hold,
                        waiting,
                        lifted -> isStopped(session.id())
                                ? new Decision.Deny(List.of(STOPPED))
                                : priced(
                                        decide(session, action, circumstance, seen, asked.origins(), lifted), bill,
                                        lifted),
                        rewrite -> rewritten(action, seen, rewrite));
            };
        } catch (Deadline.Passed late) {
            LOG.log(Level.ERROR, "judging " + action.target() + " " + late.getMessage());
            return new Settled.No(List.of(new Reason("checkpoint/timeout", "could not be judged in time")));
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            return new Settled.No(List.of(interrupted(session)));
        } catch (QuotaExceeded | LedgerUnavailable recorded) {
            throw recorded;
        } catch (RuntimeException broken) {
            // Fail closed: a broken inspector or policy is no reason to let the action through. The cause is for the
            // operator; told to the agent, it would teach the attacker.
            LOG.log(Level.ERROR, "could not judge " + action.kind().word() + " " + action.target(), broken);
            return new Settled.No(List.of(new Reason("checkpoint/failed", "could not be judged")));
        }
    }

    private static Decision priced(Decision decision, Optional<Bill> bill, Set<String> lifted) {
        return bill.map(it -> it.with(decision, lifted)).orElse(decision);
    }

    /// What was seen in an action, and what policy says of it before anybody is asked.
    private record First(Inspection seen, Decision decision) {}

    /// Looks at it, traces its values and asks policy: on one thread, for a call pays for each change of threads. What
    /// was seen goes on record, also where what comes after it fails or takes too long.
    private First first(Session session, Action action, Circumstance circumstance, Journal.Asked asked)
            throws Deadline.Passed, InterruptedException {
        var inspected = new AtomicReference<@Nullable Inspection>();
        var traced = new AtomicReference<@Nullable Trail>();
        try {
            return Deadline.within(settings.judging(), () -> {
                var seen = inspect(action).and(Inspection.of(familiar.look(session, action, circumstance)));
                inspected.set(seen);
                if (action instanceof Action.ModelCall call) prompts.take(session, call, seen);
                var trail = provenance.trail(session, action);
                traced.set(trail);
                var evidence = evidence(session, action, circumstance, seen, trail.origins());
                return new First(seen, policy.get().decide(evidence, Set.of()));
            });
        } finally {
            var seen = inspected.get();
            if (seen != null) {
                seen.forTheRecord().forEach(finding -> journal.found(session, session.agent().id(), asked, finding));
                asked.carries(kept(action, seen), settings.payloadBytesMax());
            }
            var trail = traced.get();
            if (trail != null) asked.traced(trail);
        }
    }

    private Evidence evidence(
            Session session, Action action, Circumstance circumstance, Inspection seen, Origins origins) {
        return new Evidence(
                session, action, circumstance, seen.findings(), seen.opaque(), origins, facts(session),
                        clock.instant());
    }

    /// Why nothing of a stopped session is let through.
    public static final Reason STOPPED = new Reason("checkpoint/stopped", "the session was stopped by an operator");

    /// Why the thread of a judgement was interrupted: a stop does it, and so does a caller that goes.
    Reason interrupted(Session session) {
        return isStopped(session.id()) ? STOPPED : new Reason("checkpoint/gone", "the caller went away");
    }

    /// What of an action the record keeps: not the secrets that were found in it.
    static Action kept(Action action, Inspection seen) {
        return Redaction.of(action, seen.findings(), Set.of("secret"), Set.of());
    }

    /// What is found is covered or cut out, and what is left is judged as the new action it is.
    private static Settled rewritten(Action action, Inspection seen, Decision.Rewrite rewrite) {
        var instead = Redaction.of(action, seen.findings(), rewrite.mask(), rewrite.strip());
        return instead == action ? new Settled.No(List.of(NOTHING_TO_REWRITE)) : new Settled.Instead(instead);
    }

    Inspection inspect(Action action) {
        var seen = Inspection.NOTHING;
        for (var inspector : inspectors) seen = seen.and(inspector.inspect(action));
        return seen;
    }

    Decision decide(
            Session session,
            Action action,
            Circumstance circumstance,
            Inspection seen,
            Origins origins,
            Set<String> lifted) {
        var evidence = evidence(session, action, circumstance, seen, origins);
        try {
            return Deadline.within(settings.judging(), () -> policy.get().decide(evidence, lifted));
        } catch (Deadline.Passed late) {
            return new Decision.Deny(List.of(new Reason("checkpoint/timeout", "could not be judged in time")));
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            return new Decision.Deny(List.of(interrupted(session)));
        }
    }

    /// False if policy would deny every call of a tool by this session, whatever its arguments: then it is no use to
    /// show it.
    public boolean couldPermit(Session session, Action.ToolCall call, Circumstance circumstance) {
        var evidence = new Evidence(
                session, call, circumstance, List.of(), Set.of(), Origins.NONE, facts(session), clock.instant());
        return policy.get().couldPermit(evidence);
    }

    private Verdict permit(
            Session session,
            Action action,
            Journal.Asked asked,
            Decision.Allow decision,
            @Nullable Approval approval,
            boolean asItCame) {
        var outcome = asItCame ? Outcome.ALLOWED : Outcome.MASKED;
        var bill = purse.bill(session, action, clock.instant());
        if (bill.isPresent()) return paid(session, action, asked, decision, approval, outcome, bill.get());
        var decided = journal.decided(
                session, action, asked, outcome, decision.because(), policy.get().digest(), approval);
        if (decided.isEmpty()) return deny(session, action, asked, List.of(APPROVAL_USED));
        return permit(session, action, decided.get(), approval, null);
    }

    private static final Reason NO_PRICE =
            new Reason("spending/no-price", "nobody said what this model costs, and a budget is for it");

    private static final Reason APPROVAL_USED =
            new Reason("checkpoint/approval-used", "the approval was used by another call");

    /// A call that costs something: reserved together with its decision, or not let through.
    private Verdict paid(
            Session session, Action action, Journal.Asked asked, Decision.Allow decision, @Nullable Approval approval,
            Outcome outcome, Bill bill) {
        var now = new AtomicReference<>(clock.instant());
        purse.unusual(session, bill, journal.spending(), now.get())
                .forEach(finding -> journal.found(session, session.agent().id(), asked, finding));
        var paid = journal.paid(
                session, action, asked, outcome, decision.because(), policy.get().digest(), approval, bill, now::set);
        // The record's time had gone on to a period with a pocket of its own.
        if (paid.isEmpty() && bill.isOld(now.get())) {
            bill = purse.bill(session, action, now.get()).orElse(bill);
            paid = journal.paid(session, action, asked, outcome, decision.because(), policy.get().digest(), approval,
                    bill, now::set);
        }
        if (paid.isPresent())
            return permit(session, action, paid.get().decided(), approval,
                    new Reserved(bill, paid.get().reservation()));
        var lacks = bill.shortOf(journal.spending(), now.get());
        if (lacks.isEmpty()) return deny(session, action, asked, List.of(APPROVAL_USED));
        var denied = deny(session, action, asked, List.of(lacks.get().reason()));
        return lacks.get().retry()
                .map(retry -> new Refusal(Refusal.Kind.LIMITED, denied.id(), denied.because(), "budget", retry))
                .orElse(denied);
    }

    private record Reserved(Bill bill, long reservation) {}

    private Verdict permit(
            Session session, Action action, long decided, @Nullable Approval approval, @Nullable Reserved reserved) {
        var id = approval == null ? "" : approval.id();
        var permit = new Permit(
                session,
                action,
                ActionDigest.of(action),
                destination(session, action),
                decided,
                clock.instant().plus(settings.permitLife()),
                id);
        if (reserved != null) permit.paysFor(reserved.bill(), reserved.reservation());
        // A stop may have come while the record was written: it acts first.
        if (isStopped(session.id())) {
            abandon(permit);
            return Refusal.denied("d-" + decided, List.of(STOPPED));
        }
        running.begin(permit);
        // It may have been taken back between the record and now, by somebody who did not see this permit yet.
        if (!id.isEmpty() && holds.isTakenBack(id)) permit.takeBack();
        return permit;
    }

    Refusal deny(Session session, Action action, Journal.Asked asked, List<Reason> reasons) {
        var because = asked.withPath(reasons);
        var decided = journal.decided(session, action, asked, Outcome.DENIED, because, policy.get().digest(), null);
        return Refusal.denied("d-" + decided.orElseThrow(), because);
    }

    /// The name of the exit that an action may leave by.
    static String destination(Session session, Action action) {
        return switch (action) {
            case Action.Rpc rpc -> exit(session, rpc.server());
            case Action.HttpRequest _ -> EgressExit.NAME;
            case Action.ModelCall _ -> ModelExit.NAME;
            case Action.Delivery(var answers, _) -> destination(session, answers);
            case Action.FileApply _ -> "workspace " + session.id();
            case Action.HouseCall _, Action.Operator _ -> "house";
        };
    }

    static String exit(Session session, String server) {
        return "stdio " + session.id() + " " + server;
    }

    /// Refuses what no rule could allow, such as a message that belongs to no kind, and puts that on record.
    public Refusal refuse(Session session, Action action, Circumstance circumstance, Reason because) {
        try {
            var asked = journal.asked(session, action, circumstance);
            keep(asked, action);
            return deny(session, action, asked, List.of(because));
        } catch (QuotaExceeded quota) {
            return limited(quota.dimension(), "this session's quota of " + quota.dimension() + " is used up");
        } catch (LedgerUnavailable broken) {
            LOG.log(Level.ERROR, "could not record a refusal", broken);
            return Refusal.closed("", because);
        }
    }

    /// What is refused unjudged is inspected for the record only: where that fails, its content is not kept.
    private void keep(Journal.Asked asked, Action action) {
        try {
            var seen = Deadline.within(settings.judging(), () -> inspect(action));
            asked.carries(kept(action, seen), settings.payloadBytesMax());
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
        } catch (Deadline.Passed | RuntimeException unread) {
            LOG.log(Level.WARNING, "what was refused could not be inspected; its content is not kept", unread);
        }
    }

    /// Judges whether a server may ask the agent's side something. Nothing leaves here: the answer is an action of its
    /// own.
    ///
    /// @return why not; empty if it may
    public Optional<Refusal> mayAsk(Session session, Action.Message question, Circumstance circumstance) {
        return switch (judge(session, question, circumstance, Waiting.NONE)) {
            case Refusal refusal -> Optional.of(refusal);
            case Permit permit -> {
                done(permit, "asked", 0, 0, 0, Json.NULL);
                yield Optional.empty();
            }
        };
    }

    /// Judges whether a provider may do something on behalf of a call of its model: search, fetch, run, remember. It is
    /// the provider that acts, so nothing leaves here.
    ///
    /// @return why not; empty if it may
    public Optional<Refusal> mayProvide(Session session, Action effect, Circumstance circumstance) {
        return switch (judge(session, effect, circumstance, Waiting.NONE)) {
            case Refusal refusal -> Optional.of(refusal);
            case Permit permit -> {
                done(permit, "left to the provider", 0, 0, 0, Json.NULL);
                yield Optional.empty();
            }
        };
    }

    /// Puts on record what a gate saw but could not make an action of: a message that cannot be read.
    ///
    /// It counts against the same rate as what can be read: nonsense is no way to fill the record faster. What is
    /// serious is recorded all the same.
    public void saw(Session session, String principal, Finding finding) {
        boolean agents = principal.equals(session.agent().id());
        var over = limits.take("caller", agents ? session.agent().name() : principal + " " + session.id());
        if (over.isPresent() && finding.severity().compareTo(Severity.HIGH) < 0) {
            limit(session, over.get().dimension(), "too many messages", over.get().retryAfter());
            return;
        }
        try {
            journal.found(session, principal, null, finding);
        } catch (QuotaExceeded | LedgerUnavailable unrecorded) {
            notRecorded(finding.rule(), unrecorded);
        }
    }

    /// Puts on record a request that was refused before it could be an action of anybody: by the strict reading of
    /// HTTP, or for want of a token. A flood of them leaves a count.
    ///
    /// @param session   where it came in at the door of one; else empty
    /// @param principal who stands at that door, as far as is known
    /// @param status    the HTTP status it was answered with
    public void turnedAway(String session, String principal, int status) {
        for (var finding : turnedAway.of(session, status))
            try {
                journal.found(session, principal, finding);
            } catch (QuotaExceeded | LedgerUnavailable unrecorded) {
                notRecorded(finding.rule(), unrecorded);
            }
    }

    /// Who has used up a quota can go on for ever: no line of the log is spent on each time.
    private static void notRecorded(String what, RuntimeException why) {
        var level = why instanceof QuotaExceeded ? Level.DEBUG : Level.WARNING;
        LOG.log(level, () -> "not recorded: " + what + ": " + why.getMessage());
    }

    /// Refuses a request for coming too fast or beside too many others, by a gate's own count.
    ///
    /// @param dimension what ran out, for programs
    public Refusal limit(Session session, String dimension, String text, java.time.Duration retryAfter) {
        try {
            journal.limited(session, dimension);
        } catch (QuotaExceeded | LedgerUnavailable unrecorded) {
            notRecorded("a limit of " + dimension, unrecorded);
        }
        return new Refusal(Refusal.Kind.LIMITED, "", List.of(new Reason("checkpoint/rate", text)), dimension,
                retryAfter);
    }

    /// Judges what came back before anyone sees it.
    Deliveries deliveries() {
        return deliveries;
    }

    /// What never left costs nothing; of what may have arrived, what its answer says, or all that was reserved. Where
    /// that cannot be recorded, the reservation stays.
    private void settle(Permit permit, Bill bill, String outcome, Json content) {
        if (permit.action() instanceof Action.Rpc) permit.costs(bill.price().cost(_ -> Optional.empty(), content));
        var cost = outcome.equals("not sent") ? Money.none(bill.amount().currency()) : permit.cost();
        journal.settled(permit.session().id(), bill, permit.reservation(), cost);
    }

    /// Records the end of what a permit let through; only the first end counts.
    void done(Permit permit, String outcome, long bytesOut, long bytesIn, long micros, Json content) {
        if (!permit.close()) return;
        running.end(permit);
        try {
            permit.bill().ifPresent(bill -> settle(permit, bill, outcome, content));
            journal.done(permit, outcome, bytesOut, bytesIn, micros, content, settings.payloadBytesMax());
        } catch (QuotaExceeded | LedgerUnavailable unrecorded) {
            // The decision is on record; without its end it reads `outcome unknown`, which is the truth.
            LOG.log(Level.WARNING, "the end of " + permit.decision() + " is not recorded: " + unrecorded.getMessage());
        }
    }

    /// Takes effect at once: every later judgement of the session is a denial, every unspent permit is worthless.
    /// Putting it on record is the caller's next step, never a condition.
    public void stop(String session) {
        stopped.add(session);
    }

    /// What was permitted cannot be sent: its end is on record, and the right is gone.
    public void abandon(Permit permit) {
        done(permit, "not sent", 0, 0, 0, Json.NULL);
    }

    /// Lets a stopped session be judged again. The caller has put it on record before.
    public void resume(String session) {
        stopped.remove(session);
    }

    /// True from the moment of [#stop], also after a restart.
    public boolean isStopped(String session) {
        return stopped.contains(session) || journal.facts(session).stopped();
    }

    /// The approvals that wait, and the way to answer them.
    public Holds holds() {
        return holds;
    }

    /// What models asked for, and what they answered.
    Turns turns() {
        return turns;
    }

    String policyDigest() {
        return policy.get().digest();
    }

    private Facts facts(Session session) {
        return journal.facts(session.id());
    }

    Instant now() {
        return clock.instant();
    }

    private Optional<Refusal> overLimit(Session session, Action action, Circumstance circumstance) {
        // A limit is not a matter for the record's durability: a flood must not become a flood of writes.
        var over = limits.take("caller", session.agent().name())
                .or(() -> limits.take("address", place(session, circumstance)))
                .or(() -> action instanceof Action.ToolCall call
                        ? limits.take("tool", session.agent().name() + " " + call.target())
                        : Optional.empty());
        over.ifPresent(exceeded -> journal.limited(session, exceeded.dimension()));
        return over.map(exceeded -> new Refusal(
                Refusal.Kind.LIMITED,
                "",
                List.of(new Reason("checkpoint/rate", "too many requests by " + exceeded.dimension())),
                exceeded.dimension(),
                exceeded.retryAfter()));
    }

    /// A network address is one for all who come from it; inside a seal, and in the gate, each session has its own.
    private static String place(Session session, Circumstance circumstance) {
        boolean network = circumstance.address().indexOf('.') > 0 || circumstance.address().indexOf(':') >= 0;
        return network ? circumstance.address() : circumstance.address() + " " + session.id();
    }

    static Refusal limited(String dimension, String text) {
        return new Refusal(
                Refusal.Kind.LIMITED, "", List.of(new Reason("checkpoint/quota", text)), dimension,
                        java.time.Duration.ofHours(1));
    }
}
