package dev.masugata.checkpoint;

import dev.masugata.ledger.Approvals;
import dev.masugata.ledger.Approvals.Approval;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Decision;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.wire.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What waits for a person. The state is the ledger's; here are only those who wait for it to change.
public final class Holds {
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final Journal journal;
    private final NamedFiles files;
    private final UnderApproval running;
    private final Settings settings;
    private final InstantSource clock;
    private final Map<String, CompletableFuture<Boolean>> answers = new ConcurrentHashMap<>();

    Holds(Journal journal, NamedFiles files, UnderApproval running, Settings settings, InstantSource clock) {
        this.running = running;
        this.journal = journal;
        this.files = files;
        this.settings = settings;
        this.clock = clock;
    }

    /// Answers an approval.
    ///
    /// @param life how long every equal action is covered; zero: it serves once
    /// @return false if it does not wait (any more)
    public boolean answer(String approval, Principal.Operator operator, boolean approved, Duration life, String note) {
        var waiting = journal.approvals().of(approval).filter(it -> waits(it, clock.instant()));
        if (waiting.isEmpty()) return false;
        var until = life.isZero() ? waiting.get().expires() : clock.instant().plus(life);
        if (!journal.answered(waiting.get(), operator, approved, until, life.isZero() ? 1 : 0, note)) return false;
        Optional.ofNullable(answers.remove(approval)).ifPresent(it -> it.complete(approved));
        return true;
    }

    /// What was let and still holds.
    public List<Approval> granted() {
        return journal.approvals().granted(clock.instant());
    }

    /// Takes an approval back: no call goes under it any more, and those under way are cut, whatever becomes of the
    /// record.
    ///
    /// @return false if it does not hold (any more), and nothing goes on under it
    public boolean takeBack(String approval, Principal.Operator operator, String note) {
        var known = journal.approvals().of(approval);
        boolean goesOn = running.anyOf(approval);
        if (known.isEmpty() || !goesOn && !serves(known.get(), clock.instant())) return false;
        try {
            return journal.takenBack(known.get(), operator, clock.instant(), note) || goesOn;
        } finally {
            running.takeBack(approval);
        }
    }

    boolean isTakenBack(String approval) {
        return journal.approvals().of(approval).filter(it -> it.state() == Approvals.Status.DENIED).isPresent();
    }

    /// The approvals that wait now.
    public List<Approval> waiting() {
        var now = clock.instant();
        return journal.approvals().waiting(now);
    }

    private static boolean waits(Approval approval, Instant now) {
        return approval.at(now) == Approvals.Status.WAITING;
    }

    private static boolean serves(Approval approval, Instant now) {
        return approval.at(now) == Approvals.Status.APPROVED;
    }

    /// A no holds as long as the question would have: who asks again is told, and the person is not.
    private static boolean refused(Approval approval, Instant now) {
        return approval.state() == Approvals.Status.DENIED && now.isBefore(approval.expires());
    }

    Checkpoint.Settled settle(
            Session session,
            Action action,
            Circumstance circumstance,
            Journal.Asked asked,
            Decision.Hold hold,
            Waiting waiting,
            Function<Set<String>, Decision> judgeAgain,
            Function<Decision.Rewrite, Checkpoint.Settled> rewritten)
            throws InterruptedException {
        var seen = files.look(session, action);
        if (seen instanceof NamedFiles.Seen.Unknown(var why)) return notCovered(why);
        var covers = covers(session, action, circumstance, hold, seen);
        var open = openOrAsk(session, action, asked, hold, covers);
        if (open.isEmpty())
            return new Checkpoint.Settled.No(List.of(new Reason(
                    "checkpoint/holds-full",
                    "this session waits for " + settings.holdsOpenMax() + " approvals already")));
        var approval = await(open.get(), waiting);
        if (serves(approval, clock.instant())) {
            // What the action names may have changed while the person thought: the answer was for what stood there.
            var now = files.look(session, action);
            boolean same = covers(session, action, circumstance, hold, now).equals(approval.covers());
            if (same && judgeAgain.apply(policies(approval)) instanceof Decision.Hold more) {
                var all = both(hold, approval, more);
                return settle(session, action, circumstance, asked, all, waiting, judgeAgain, rewritten);
            }
            if (same) return use(approval, judgeAgain, rewritten);
            return new Checkpoint.Settled.No(List.of(new Reason(
                    "checkpoint/changed-meanwhile",
                    "a file that it names changed while it waited; repeat it to ask anew")));
        }
        if (waits(approval, clock.instant())) return new Checkpoint.Settled.Later(approval.id(), hold.question());
        return new Checkpoint.Settled.No(List.of(new Reason(
                "checkpoint/not-approved", approval.state() == Approvals.Status.DENIED ? "denied by a person" : "nobody approved it in time")));
    }

    /// Nobody is asked what an answer could not be held to.
    private static Checkpoint.Settled notCovered(String why) {
        return new Checkpoint.Settled.No(
                List.of(new Reason("checkpoint/not-covered", "it needs an approval, and none can cover it: " + why)));
    }

    /// Another policy holds by now, which the answer was not about: a person is asked anew, about all of them.
    private static Decision.Hold both(Decision.Hold hold, Approval approval, Decision.Hold more) {
        var because = new ArrayList<>(approval.because());
        for (var reason : more.because())
            if (because.stream().noneMatch(it -> it.id().equals(reason.id()))) because.add(reason);
        return new Decision.Hold(more.question().isEmpty() ? hold.question() : more.question(), because);
    }

    /// An approval is judged again when it is used: what forbids now, forbids.
    private Checkpoint.Settled use(
            Approval approval,
            Function<Set<String>, Decision> judgeAgain,
            Function<Decision.Rewrite, Checkpoint.Settled> rewritten) {
        return switch (judgeAgain.apply(policies(approval))) {
            case Decision.Allow allow -> new Checkpoint.Settled.Approved(allow, approval);
            case Decision.Deny(var because) -> new Checkpoint.Settled.No(because);
            case Decision.Rewrite rewrite -> rewritten.apply(rewrite);
            // Since the last look another policy holds; the next equal call asks about it.
            case Decision.Hold other -> new Checkpoint.Settled.No(other.because());
        };
    }

    private static Set<String> policies(Approval approval) {
        return approval.because().stream().map(Reason::id).collect(Collectors.toSet());
    }

    private Optional<Approval> openOrAsk(
            Session session, Action action, Journal.Asked asked, Decision.Hold hold, String covers) {
        var now = clock.instant();
        var known = journal.approvals().covering(covers).filter(it -> waits(it, now) || serves(it, now) || refused(it, now));
        if (known.isPresent()) return known;
        return journal.hold(
                session, action, asked, hold, covers, now.plus(settings.holdExpiry()), settings.holdsOpenMax());
    }

    private Approval await(Approval approval, Waiting waiting) throws InterruptedException {
        if (!waits(approval, clock.instant()) || waiting.patience().isZero()) return approval;
        var answer = answers.computeIfAbsent(approval.id(), _ -> new CompletableFuture<>());
        // The answer may have come between reading the state and waiting for it.
        var now = journal.approvals().of(approval.id()).orElse(approval);
        if (!waits(now, clock.instant())) return now;
        long end = System.nanoTime() + waiting.patience().toNanos();
        var waited = Duration.ZERO;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            try {
                answer.get(Math.min(left, BEAT.toNanos()), TimeUnit.NANOSECONDS);
                break;
            } catch (TimeoutException beat) {
                waited = waited.plus(BEAT);
                if (end - System.nanoTime() > 0) waiting.pulse().beat(approval.id(), waited);
            } catch (ExecutionException never) {
                throw new IllegalStateException(never);
            }
        }
        return journal.approvals().of(approval.id()).orElse(approval);
    }

    /// All that an approval stands for. What is not in here may differ in the call that uses it.
    private static String covers(
            Session session, Action action, Circumstance circumstance, Decision.Hold hold, NamedFiles.Seen seen) {
        var policies = hold.because().stream().map(Reason::id).sorted().collect(Collectors.joining(","));
        var parts = String.join(
                "\n",
                session.id(),
                session.agent().id(),
                session.agent().user(),
                ActionDigest.of(action),
                Checkpoint.destination(session, action),
                circumstance.pin(),
                circumstance.lent().credential(),
                switch (seen) {
                    case NamedFiles.Seen.Content(var digest) -> digest;
                    // No other text equals it, so nothing approved covers it.
                    case NamedFiles.Seen.Unknown(var why) -> "unknown: " + why;
                },
                policies);
        return Sha256.hex(parts);
    }
}
