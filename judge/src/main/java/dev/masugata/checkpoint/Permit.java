package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Money;
import dev.masugata.model.Session;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The right to let one action leave, once. Only the checkpoint makes one, only an exit can spend it.
public final class Permit implements Verdict {
    private enum State {
        FRESH, SPENT, CLOSED
    }

    private final Session session;
    private final Action action;
    private final String digest;
    private final String destination;
    private final long decided;
    private final Instant expires;
    private final String approval;
    private @Nullable Bill bill;
    private long reservation;
    private @Nullable Money cost;
    private @Nullable Runnable cut;
    private boolean takenBack;
    private final AtomicReference<State> state = new AtomicReference<>(State.FRESH);

    /// @param approval which it was given under; empty: policy alone let it
    Permit(
            Session session, Action action, String digest, String destination, long decided, Instant expires,
                    String approval) {
        this.approval = approval;
        this.session = session;
        this.action = action;
        this.digest = digest;
        this.destination = destination;
        this.decided = decided;
        this.expires = expires;
    }

    /// The action as judged, not as asked: what is sent is exactly what was allowed.
    public Action action() {
        return action;
    }

    public Session session() {
        return session;
    }

    /// The decision's id, as people see it.
    public String decision() {
        return "d-" + decided;
    }

    String digest() {
        return digest;
    }

    /// The one exit this permit is good for.
    String destination() {
        return destination;
    }

    long decided() {
        return decided;
    }

    /// Takes the right, just before the first byte leaves.
    ///
    /// @throws NotPermitted when it was used, has expired, or belongs to another exit
    void spend(String exit, Instant now) {
        if (!destination.equals(exit)) throw new NotPermitted("the permit " + decision() + " is not for this exit");
        if (now.isAfter(expires)) throw new NotPermitted("the permit " + decision() + " has expired");
        if (!state.compareAndSet(State.FRESH, State.SPENT))
            throw new NotPermitted("the permit " + decision() + " was used already");
    }

    String approval() {
        return approval;
    }

    /// What was reserved for it.
    ///
    /// @param number of the reservation
    void paysFor(Bill it, long number) {
        bill = it;
        reservation = number;
    }

    Optional<Bill> bill() {
        return Optional.ofNullable(bill);
    }

    long reservation() {
        return reservation;
    }

    /// What its answer says that it has cost.
    void costs(Optional<Money> said) {
        said.ifPresent(it -> cost = it);
    }

    /// Never more than was reserved; all of that where nothing is said.
    Money cost() {
        var most = Objects.requireNonNull(bill).amount();
        var said = cost;
        return said == null || said.compareTo(most) > 0 ? most : said;
    }

    /// Why a call ends whose approval is no more.
    static final String TAKEN_BACK = "its approval was taken back";

    /// Has it run when the right is taken back; at once if it was already.
    void onTakenBack(Runnable cut) {
        synchronized (this) {
            this.cut = cut;
            if (!takenBack) return;
        }
        cut.run();
    }

    /// Ends what goes on under it.
    void takeBack() {
        Runnable running;
        synchronized (this) {
            takenBack = true;
            running = cut;
        }
        if (running != null) running.run();
    }

    /// True for the one caller that may record the end.
    boolean close() {
        return state.getAndSet(State.CLOSED) != State.CLOSED;
    }

    /// A permit was used twice, too late, or at the wrong exit: a fault of ours, never of the caller.
    public static final class NotPermitted extends IllegalStateException {
        NotPermitted(String message) {
            super(message);
        }
    }
}
