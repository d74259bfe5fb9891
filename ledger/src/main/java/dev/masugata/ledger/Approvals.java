package dev.masugata.ledger;

import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What people were asked, and what they answered.
///
/// An approval is made by [Event.Held], answered by [Event.Answered] (approved only by a person), and used by an
/// [Event.Decided] that names it and lets the action through. A person can take an approval back. For one digest of
/// what it covers at most one waits: an equal call joins it.
public final class Approvals {
    static final Fold FOLD = new Folding();
    private static final String COVERS = "covers/";

    private final State state;

    Approvals(State state) {
        this.state = state;
    }

    /// Where an approval stands.
    public enum Status {
        WAITING, APPROVED, DENIED, USED,
        /// Nobody answered in time, or nobody used the answer in time. Counts as denied.
        EXPIRED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param id      `a-` and the sequence number of its [Event.Held]
    /// @param covers  digest of all that it covers
    /// @param because the holding policies
    /// @param expires when it counts as denied if nobody answers; an answer for a number of times holds until then too
    /// @param by      who answered; empty: nobody yet
    /// @param until   until when the answer holds
    /// @param times   how often it may serve; 0: as often as asked
    /// @param used    how often it has served
    public record Approval(
            String id, Status state, String session, String principal, long asked, Action.Kind kind, String target,
            String covers, String question, List<Reason> because, Instant held, Instant expires, String by,
            Instant until, int times, int used) {

        /// Where it stands at that time.
        public Status at(Instant now) {
            return switch (state) {
                case WAITING -> now.isBefore(expires) ? Status.WAITING : Status.EXPIRED;
                case APPROVED -> now.isBefore(until) ? Status.APPROVED : Status.EXPIRED;
                case DENIED, USED, EXPIRED -> state;
            };
        }
    }

    /// The approval of that id, such as `a-12`.
    public Optional<Approval> of(String id) {
        return id.startsWith(COVERS) ? Optional.empty() : state.at(id).map(it -> read(id, it));
    }

    /// The latest approval that covers it.
    public Optional<Approval> covering(String digest) {
        return state.at(COVERS + digest).flatMap(it -> it.string("id")).flatMap(this::of);
    }

    /// What waits for a person, longest first.
    public List<Approval> waiting(Instant now) {
        return all().stream().filter(it -> it.at(now) == Status.WAITING).toList();
    }

    /// What a person let and still holds, longest first: for every equal action until a time, or for one not yet made.
    public List<Approval> granted(Instant now) {
        return all().stream().filter(it -> it.at(now) == Status.APPROVED).toList();
    }

    /// What waits for a person in one session.
    public int waiting(String session, Instant now) {
        return (int) waiting(now).stream().filter(it -> it.session().equals(session)).count();
    }

    /// All that are remembered, oldest first.
    public List<Approval> all() {
        var all = new ArrayList<Approval>();
        state.forEach((key, value) -> {
            if (!key.startsWith(COVERS)) all.add(read(key, value));
        });
        all.sort(Comparator.comparing(Approval::held).thenComparing(Approval::asked));
        return all;
    }

    /// That a decision may use this approval now: the condition under which to append it.
    public static Condition redeemable(String id, String covers) {
        return (standing, now) -> standing.approvals().of(id)
                .filter(it -> it.covers().equals(covers) && it.at(now) == Status.APPROVED)
                .isPresent();
    }

    /// That a new question may be asked: none waits or is approved for the same, and fewer than `most` wait in the
    /// session.
    public static Condition mayAsk(String covers, String session, int most) {
        return (standing, now) -> {
            var same = standing.approvals().covering(covers).map(it -> it.at(now));
            if (same.filter(it -> it == Status.WAITING || it == Status.APPROVED).isPresent()) return false;
            return standing.approvals().waiting(session, now) < most;
        };
    }

    /// True if this event uses up an approval, so that it must be appended under [#redeemable].
    static boolean isUse(Event event) {
        return event instanceof Event.Decided it
                && !it.approval().isEmpty()
                && (it.outcome() == Outcome.ALLOWED || it.outcome() == Outcome.MASKED);
    }

    private static Approval read(String id, Json.Obj it) {
        return new Approval(
                id, Status.valueOf(Words.upper(it, "state")), Words.text(it, "session"), Words.text(it, "principal"),
                Words.number(it, "asked"), Action.Kind.valueOf(Words.upper(it, "kind")), Words.text(it, "target"),
                Words.text(it, "covers"), Words.text(it, "question"), Words.reasons(it, "because"),
                Words.instant(it, "held"), Words.instant(it, "expires"), Words.text(it, "by"),
                Words.instant(it, "until"), (int) Words.number(it, "times"), (int) Words.number(it, "used"));
    }

    private static final class Folding implements Fold {
        @Override
        public String name() {
            return "approvals/1";
        }

        @Override
        public Optional<String> key(long seq, Event event) {
            return switch (event) {
                case Event.Held _ -> Optional.of("a-" + seq);
                case Event.Answered it -> Optional.of("a-" + it.held());
                case Event.Decided it when isUse(event) -> Optional.of(it.approval());
                case Event.Decided _, Event.Asked _, Event.Done _, Event.Found _, Event.Changed _ -> Optional.empty();
            };
        }

        @Override
        public void apply(State.Change state, long seq, Instant time, Event event) {
            switch (event) {
                case Event.Held it -> held(state, seq, time, it);
                case Event.Answered it -> answered(state, time, it);
                case Event.Decided it -> used(state, time, it);
                case Event.Asked _, Event.Done _, Event.Found _, Event.Changed _ -> {}
            }
        }

        private static void held(State.Change state, long seq, Instant time, Event.Held it) {
            var same = new Approvals(state).covering(it.covers());
            if (same.filter(one -> one.at(time) == Status.WAITING).isPresent()) return;
            var id = "a-" + seq;
            state.put(id, Json.object("state", "waiting")
                    .with("session", it.session()).with("principal", it.principal()).with("asked", it.asked())
                    .with("kind", it.kind().word()).with("target", it.target()).with("covers", it.covers())
                    .with("question", it.question()).with("because", Words.reasons(it.because()))
                    .with("held", time.toString()).with("expires", it.expires().toString()).with("by", "")
                    .with("until", it.expires().toString()).with("times", 0).with("used", 0));
            state.put(COVERS + it.covers(), Json.object("id", id));
        }

        private static void answered(State.Change state, Instant time, Event.Answered it) {
            var id = "a-" + it.held();
            if (takenBack(state, id, time, it)) return;
            var approval = new Approvals(state).of(id).filter(one -> one.at(time) == Status.WAITING);
            if (approval.isEmpty() || (it.approved() && !Privilege.isOperator(it.principal()))) return;
            // For a number of times the answer serves as long as the question would have stood.
            var expires = approval.get().expires();
            var until = it.times() > 0 && expires.isAfter(it.until()) ? expires : it.until();
            state.put(id, state.at(id).orElseThrow()
                    .with("state", it.approved() ? "approved" : "denied").with("by", it.principal())
                    .with("until", until.toString()).with("times", it.times()));
        }

        /// A no after a yes: the answer serves no more, and the no holds as long as the question would have.
        private static boolean takenBack(State.Change state, String id, Instant time, Event.Answered it) {
            var approval = new Approvals(state).of(id).filter(one -> one.at(time) == Status.APPROVED);
            if (approval.isEmpty() || it.approved() || !Privilege.isOperator(it.principal())) return false;
            state.put(id, state.at(id).orElseThrow().with("state", "denied").with("by", it.principal()));
            return true;
        }

        private static void used(State.Change state, Instant time, Event.Decided it) {
            var approval = new Approvals(state).of(it.approval()).filter(one -> one.at(time) == Status.APPROVED);
            if (approval.isEmpty()) return;
            int used = approval.get().used() + 1;
            boolean last = approval.get().times() > 0 && used >= approval.get().times();
            state.put(it.approval(), state.at(it.approval()).orElseThrow()
                    .with("used", used).with("state", last ? "used" : "approved"));
        }

        @Override
        public boolean isOver(String key, Json.Obj value, Instant now) {
            if (key.startsWith(COVERS)) return false;
            return switch (read(key, value).at(now)) {
                case WAITING, APPROVED -> false;
                case DENIED, USED, EXPIRED -> true;
            };
        }

        @Override
        public void retain(FoldState state, long through, Instant now) {
            Fold.super.retain(state, through, now);
            state.cells().forEach((key, cell) -> {
                boolean gone = cell.value().string("id").flatMap(state::at).isEmpty();
                if (key.startsWith(COVERS) && gone) state.remove(key);
            });
        }
    }
}
