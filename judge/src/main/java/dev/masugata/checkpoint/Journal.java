package dev.masugata.checkpoint;

import dev.masugata.ledger.Approvals;
import dev.masugata.ledger.Approvals.Approval;
import dev.masugata.ledger.Condition;
import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.Pins;
import dev.masugata.ledger.Sessions;
import dev.masugata.ledger.Spending;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Decision;
import dev.masugata.model.Event;
import dev.masugata.model.Facts;
import dev.masugata.model.Finding;
import dev.masugata.model.Money;
import dev.masugata.model.Origins;
import dev.masugata.model.Outcome;
import dev.masugata.model.Principal;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.policy.RecordedAction;
import dev.masugata.provenance.Trail;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sha256;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The checkpoint's hand in the ledger: what is judged, in the ledger's words.
public final class Journal {
    /// Targets are names; what is longer is not one and is cut in the record.
    static final int TARGET_CHARS_MAX = 512;
    /// How often a limit that is exceeded again and again is put on record, for one session and dimension.
    static final long LIMITED_EVERY_SECONDS = 60;

    private final Ledger ledger;
    private final InstantSource clock;
    private final Map<String, Instant> limitedAt = new ConcurrentHashMap<>();

    public Journal(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /// What was asked, and what was seen in it, until it goes on record with the decision: all in one transaction, so
    /// that a call costs one fsync.
    static final class Asked {
        private Event.Asked event;
        private Trail trail = Trail.NONE;
        private final List<Event> seen = new ArrayList<>();
        private long number;

        private Asked(Event.Asked event) {
            this.event = event;
        }

        /// What it carries, as far as it may stand in the record. Until it was inspected nobody knows.
        ///
        /// @param shown the action without what the record does not keep
        void carries(Action shown, int bytesMax) {
            var payload = ((Json.Obj) event.payload()).with(RecordedAction.CONTENT, Journal.content(shown, bytesMax));
            event = new Event.Asked(
                    event.session(), event.principal(), event.kind(), event.target(), event.digest(), payload);
        }

        /// The turn of a model that asked for it: part of what is recorded of it.
        void asked(String turn) {
            var payload = ((Json.Obj) event.payload()).with("turn", turn);
            event = new Event.Asked(
                    event.session(), event.principal(), event.kind(), event.target(), event.digest(), payload);
        }

        /// Where its values come from: part of what is recorded of it.
        void traced(Trail trail) {
            this.trail = trail;
            var paths = trail.paths().stream().map(Trail.Path::toString).toList();
            var payload = RecordedAction.traced((Json.Obj) event.payload(), trail.origins(), paths);
            event = new Event.Asked(
                    event.session(), event.principal(), event.kind(), event.target(), event.digest(), payload);
        }

        private Json content() {
            return ((Json.Obj) event.payload()).at(RecordedAction.CONTENT).orElse(Json.NULL);
        }

        Origins origins() {
            return trail.origins();
        }

        /// The reasons, and the way from content to call where there is one. It names places and tools, never values.
        List<Reason> withPath(List<Reason> because) {
            var places = trail.origins();
            var way = trail.paths().stream()
                    .filter(it -> places.untrusted().contains(it.place()) || places.confidential().contains(it.place()))
                    .limit(PATHS_TOLD)
                    .map(Trail.Path::toString)
                    .toList();
            if (way.isEmpty()) return because;
            var all = new ArrayList<>(because);
            all.add(new Reason("provenance/path", String.join("; ", way)));
            return all;
        }

        /// Paths that a reason names; all of them are on record.
        private static final int PATHS_TOLD = 3;

        /// What has to go on record before an event about it.
        private List<Event> before(Event next) {
            var group = new ArrayList<Event>();
            if (number == 0) group.add(event);
            if (number == 0) group.addAll(seen);
            group.add(next);
            return group;
        }

        private long reference() {
            return number == 0 ? Ledger.FIRST : number;
        }

        /// @return the number of the last event of the group
        private long recorded(long first, List<Event> group) {
            if (number == 0) number = first;
            return first + group.size() - 1;
        }
    }

    Asked asked(Session session, Action action, Circumstance circumstance) {
        var payload =
                RecordedAction.payload(action, circumstance, facts(session.id()), RecordedAction.NOT_INSPECTED);
        return new Asked(new Event.Asked(
                session.id(), session.agent().id(), action.kind(), target(action), ActionDigest.of(action), payload));
    }

    /// The decision, durable when this returns.
    ///
    /// @param approval used up by it
    /// @return its number; empty if the approval cannot be used any more
    Optional<Long> decided(
            Session session,
            Action action,
            Asked asked,
            Outcome outcome,
            List<Reason> because,
            String policy,
            @Nullable Approval approval) {
        var id = approval == null ? "" : approval.id();
        var group = asked.before(new Event.Decided(
                session.id(), session.agent().id(), asked.reference(), action.kind(), target(action),
                        asked.event.digest(), outcome, because, policy, id));
        var first = approval == null
                ? Optional.of(calmly(() -> ledger.appendAll(group)))
                : calmly(() -> ledger.appendAllIf(group, Approvals.redeemable(id, approval.covers())));
        return first.map(it -> asked.recorded(it, group));
    }

    /// A decision, and what was reserved under it.
    record Paid(long decided, long reservation) {}

    /// The decision of a call that costs something, with its reservation: both durable when this returns.
    ///
    /// @param at told the time at which the record looked whether it can be paid
    /// @return empty if the approval cannot be used any more, or a budget has too little
    Optional<Paid> paid(
            Session session, Action action, Asked asked, Outcome outcome, List<Reason> because, String policy,
            @Nullable Approval approval, Bill bill, Consumer<Instant> at) {
        var id = approval == null ? "" : approval.id();
        var group = asked.before(new Event.Decided(
                session.id(), session.agent().id(), asked.reference(), action.kind(), target(action),
                asked.event.digest(), outcome, because, policy, id));
        group.add(group.size() - 1, Spending.reserved(session.id(), session.agent().id(), bill.purpose(),
                bill.amount()));
        Condition payable = (standing, now) -> {
            at.accept(now);
            return bill.payable().holds(standing, now);
        };
        var condition = approval == null ? payable : Approvals.redeemable(id, approval.covers()).and(payable);
        return calmly(() -> ledger.appendAllIf(group, condition)).map(first -> {
            long decided = asked.recorded(first, group);
            return new Paid(decided, decided - 1);
        });
    }

    /// What a call has cost in the end.
    void settled(String session, Bill bill, long reservation, Money amount) {
        calmly(() -> ledger.submit(Spending.settled(session, bill.purpose(), reservation, amount)));
    }

    Spending spending() {
        return ledger.standing().spending();
    }

    /// Asks a person; empty if the session waits for as many as it may.
    Optional<Approval> hold(
            Session session,
            Action action,
            Asked asked,
            Decision.Hold hold,
            String covers,
            Instant expires,
            int openMax) {
        var group = asked.before(new Event.Held(
                session.id(), session.agent().id(), asked.reference(), action.kind(), target(action), covers,
                hold.question(),
                hold.because(), expires, asked.content()));
        var first = calmly(() -> ledger.appendAllIf(group, Approvals.mayAsk(covers, session.id(), openMax)));
        if (first.isPresent()) return approvals().of("a-" + asked.recorded(first.get(), group));
        // Not asked: either as many as may wait already, or an equal call was quicker, and is joined.
        var now = clock.instant();
        return approvals().covering(covers).filter(it -> switch (it.at(now)) {
            case WAITING, APPROVED -> true;
            case DENIED, USED, EXPIRED -> false;
        });
    }

    /// A person's answer; false if it came too late.
    boolean answered(
            Approval approval, Principal.Operator operator, boolean approved, Instant until, int times, String note) {
        long held = Long.parseLong(approval.id().substring(2));
        var payload = note.isEmpty() ? Json.NULL : Json.object("note", note);
        var event = new Event.Answered(approval.session(), operator.id(), held, approved, until, times, payload);
        return ledger.appendIf(event, (standing, now) -> standing.approvals().of(approval.id())
                        .filter(it -> it.at(now) == Approvals.Status.WAITING)
                        .isPresent())
                .isPresent();
    }

    /// That a person took an approval back.
    ///
    /// @return true where it would still have served
    boolean takenBack(Approval approval, Principal.Operator operator, Instant now, String note) {
        long held = Long.parseLong(approval.id().substring(2));
        var payload = Json.object("takenBack", Json.TRUE);
        if (!note.isEmpty()) payload = payload.with("note", note);
        boolean serves = approval.at(now) == Approvals.Status.APPROVED;
        ledger.append(new Event.Answered(approval.session(), operator.id(), held, false, now, 0, payload));
        return serves;
    }

    void done(
            Permit permit, String outcome, long bytesOut, long bytesIn, long micros, Json content,
                    int payloadBytesMax) {
        var done = new Event.Done(
                permit.session().id(), permit.session().agent().id(), permit.decided(), outcome, bytesOut, bytesIn,
                        micros,
                bounded(content, payloadBytesMax));
        calmly(() -> ledger.submit(done));
    }

    void found(String session, String principal, Finding finding) {
        calmly(() -> ledger.submit(new Event.Found(session, principal, 0, finding)));
    }

    void found(Session session, String principal, @Nullable Asked asked, Finding finding) {
        if (asked == null) found(session.id(), principal, finding);
        else asked.seen.add(new Event.Found(session.id(), principal, Ledger.FIRST, finding));
    }

    /// Labels bind the session durably before anything of what carries them is shown.
    void raise(Session session, Set<String> labels, String source) {
        var known = facts(session.id()).labels();
        for (var label : labels)
            if (!known.contains(label))
                ledger.append(Sessions.raised(new Principal.House(), session.id(), label,
                        Json.object("by", cut(source))));
    }

    /// That a limit was exceeded, once a minute for each session and dimension: a flood is not answered by a flood.
    void limited(Session session, String dimension) {
        var now = clock.instant();
        var key = session.id() + " " + dimension;
        var last = limitedAt.get(key);
        if (last != null && now.isBefore(last.plusSeconds(LIMITED_EVERY_SECONDS))) return;
        limitedAt.put(key, now);
        var finding = new Finding("checkpoint/rate-" + dimension, dev.masugata.model.Severity.LOW, "");
        found(session, session.agent().id(), null, finding);
    }

    void changed(Event.Changed event) {
        ledger.append(event);
    }

    /// Records although the caller has gone and its thread was told so: what happened happened.
    private static <T> T calmly(Supplier<T> recording) {
        boolean interrupted = Thread.interrupted();
        try {
            return recording.get();
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    Facts facts(String session) {
        return ledger.standing().facts(session);
    }

    Approvals approvals() {
        return ledger.standing().approvals();
    }

    Pins pins() {
        return ledger.standing().pins();
    }

    private static String target(Action action) {
        return cut(action.target());
    }

    private static String cut(String text) {
        return text.length() <= TARGET_CHARS_MAX ? text : text.substring(0, TARGET_CHARS_MAX) + "…";
    }

    /// What the action carries, for the record.
    private static Json content(Action action, int bytesMax) {
        return switch (action) {
            case Action.Rpc rpc -> bounded(ActionDigest.bare(rpc.params()), bytesMax);
            case Action.HttpRequest request -> bounded(request.says(), bytesMax);
            case Action.ModelCall call -> bounded(call.says(), bytesMax);
            case Action.Delivery delivery -> bounded(delivery.message(), bytesMax);
            case Action.FileApply apply -> bounded(Json.strings(apply.paths()), bytesMax);
            case Action.HouseCall call -> Json.object("path", call.path()).with("body", call.body());
            case Action.Operator command -> bounded(command.detail(), bytesMax);
        };
    }

    /// What is too large for the record is named by its size and digest instead.
    private static Json bounded(Json content, int bytesMax) {
        if (content instanceof Json.Null) return content;
        var bytes = JsonWriter.bytes(content);
        if (bytes.length <= bytesMax) return content;
        return Json.object("tooLarge", Json.of(bytes.length)).with("sha256", Sha256.hex(bytes));
    }
}
