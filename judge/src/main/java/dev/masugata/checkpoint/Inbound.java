package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Finding;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one server sends, on its way in: each message becomes a delivery, is judged, and only then reaches who waits.
final class Inbound {
    private static final System.Logger LOG = System.getLogger("masugata.exit");
    /// Messages from a server that are no answers, in a row, before it counts as a flood and is ended.
    static final int UNASKED_MAX = 10_000;

    /// What a server may ask the agent's side, and what kind of action that is.
    private static final Map<String, Action.Kind> QUESTIONS = Map.of(
            "sampling/createMessage", Action.Kind.SAMPLE,
            "elicitation/create", Action.Kind.ELICIT,
            "roots/list", Action.Kind.ELICIT);

    private final Checkpoint checkpoint;
    private final Session session;
    private final String server;
    private final Circumstance circumstance;
    private final Supplier<ContentLabels> labels;
    private final Unasked unasked;
    private final AtomicInteger unaskedInARow = new AtomicInteger();

    /// @param session  whose connection it is; what answers a call is judged in the session of that call
    /// @param labels   what the server's content is, now
    Inbound(
            Checkpoint checkpoint,
            Session session,
            String server,
            Circumstance circumstance,
            Supplier<ContentLabels> labels,
            Unasked unasked) {
        this.checkpoint = checkpoint;
        this.session = session;
        this.server = server;
        this.circumstance = circumstance;
        this.labels = labels;
        this.unasked = unasked;
    }

    String server() {
        return server;
    }

    /// Judges what came as the answer to a call.
    Answer answered(Pending call, JsonRpc.Message message) {
        unaskedInARow.set(0);
        return switch (message) {
            case JsonRpc.Result(_, var result) -> judged(call, result, new Answer.Result(result));
            case JsonRpc.Failure(_, int code, var text, var data) -> {
                var more = data == null ? Json.NULL : data;
                var error = Json.object("code", Json.of(code)).with("message", text).with("data", more);
                yield judged(call, error, new Answer.Failure(code, text, more));
            }
            case JsonRpc.Request _, JsonRpc.Notification _ ->
                throw new IllegalArgumentException("an answer is a result or an error");
        };
    }

    private Answer judged(Pending call, Json.Obj message, Answer answer) {
        var delivery = new Action.Delivery((Action.Rpc) call.permit.action(), message);
        return switch (deliver(call.permit.session(), delivery, "d-" + call.permit.decided())) {
            case Delivered.Withheld(var refusal) -> new Answer.Withheld(refusal);
            case Delivered.Passed(var shown) -> shown == message ? answer : lessThan(answer, shown);
        };
    }

    private Delivered deliver(Session whose, Action.Delivery delivery, String cause) {
        return checkpoint.deliveries().deliver(whose, delivery, circumstance, labels.get(), cause);
    }

    /// The answer as far as it may be shown.
    private static Answer lessThan(Answer answer, Json.Obj shown) {
        return switch (answer) {
            case Answer.Result _ -> new Answer.Result(shown);
            case Answer.Failure failure -> new Answer.Failure(
                    failure.code(), shown.string("message").orElse(""), shown.at("data").orElse(Json.NULL));
            case Answer.Withheld _, Answer.Broken _, Answer.Unauthorized _, Answer.Expired _ -> answer;
        };
    }

    /// A notification, and the call it is about, if there is one.
    ///
    /// @return false when the server has sent too much that belongs to no call
    boolean notified(JsonRpc.Notification notification, @Nullable Pending call) {
        var params = notification.params();
        // Progress of a call is what its tool says, under that tool's labels.
        var about = call == null
                ? new Action.Message(Action.Kind.LIFECYCLE, server, notification.method(), Json.EMPTY)
                : (Action.Rpc) call.permit.action();
        var whose = call == null ? session : call.permit.session();
        var cause = call == null ? "" : "d-" + call.permit.decided();
        var judged = deliver(whose, new Action.Delivery(about, params), cause);
        if (judged instanceof Delivered.Passed(var shown)) {
            if (call == null) unasked.notification(notification.method(), shown);
            else passed(call, notification.method(), shown.without("progressToken"));
        }
        // What is said of a call before its answer is counted like all that is not the answer.
        return counted();
    }

    /// A client that has gone takes neither the server nor anybody else's calls with it.
    private void passed(Pending call, String method, Json.Obj params) {
        try {
            call.calling.inward().notification(method, params);
        } catch (RuntimeException gone) {
            LOG.log(Level.DEBUG, "a notification of " + server + " was not taken", gone);
        }
    }

    /// Counts a message that belongs to no call.
    ///
    /// @return false when that was too many
    boolean counted() {
        if (unaskedInARow.incrementAndGet() <= UNASKED_MAX) return true;
        checkpoint.saw(session, "server:" + server, new Finding("mcp/flood", Severity.HIGH, ""));
        return false;
    }

    void saw(String rule, Severity severity) {
        checkpoint.saw(session, "server:" + server, new Finding(rule, severity, ""));
    }

    /// What goes back for a question.
    sealed interface Back {
        /// The agent's side's result, judged; the permit is spent by who sends it.
        record Reply(Permit permit) implements Back {}

        /// No; it carries nothing of anybody, so it needs no permit.
        record No(JsonRpc.Failure failure) implements Back {}

        /// A sign of life, for `ping`.
        record Alive(JsonRpc.Result result) implements Back {}
    }

    /// A question of the server: its content is judged as what it is, a delivery; whether it may be asked, as an action
    /// of the session; and the answer once more before it leaves. Blocks until there is one.
    Back asked(JsonRpc.Request request, @Nullable Pending call) {
        if (request.method().equals("ping")) return new Back.Alive(new JsonRpc.Result(request.id(), Json.EMPTY));
        var kind = Optional.ofNullable(QUESTIONS.get(request.method()));
        if (call == null && request.method().equals("roots/list"))
            // Servers ask for them as soon as they may. Nobody is there to be asked, and nothing is wrong with it.
            return no(request.id(), JsonRpc.METHOD_NOT_FOUND, "roots are given only within a call");
        if (kind.isEmpty() || call == null || !call.ask()) {
            checkpoint.saw(session, "server:" + server,
                    new Finding("mcp/server-asked " + (kind.isPresent() ? request.method() : "other"),
                            Severity.MEDIUM, ""));
            return no(request.id(), JsonRpc.METHOD_NOT_FOUND, "this client offers no such method");
        }
        try {
            return asked(request, kind.get(), call);
        } catch (Inward.Unanswered unanswered) {
            return no(request.id(), unanswered.code(), String.valueOf(unanswered.getMessage()));
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            return no(request.id(), JsonRpc.INTERNAL_ERROR, "the caller went away");
        } catch (RuntimeException unasked) {
            // Its client has gone, or what would put it on record is broken: the server is told, and does not wait.
            LOG.log(Level.DEBUG, "a question of " + server + " was not asked", unasked);
            return no(request.id(), JsonRpc.INTERNAL_ERROR, "could not be asked");
        } finally {
            call.answered();
        }
    }

    private Back asked(JsonRpc.Request request, Action.Kind kind, Pending call)
            throws Inward.Unanswered, InterruptedException {
        var whose = call.permit.session();
        var about = new Action.Message(kind, server, request.method(), Json.EMPTY);
        var came = deliver(whose, new Action.Delivery(about, request.params()), "d-" + call.permit.decided());
        if (!(came instanceof Delivered.Passed(var shown))) return no(request.id(), DENIED, "denied by policy");
        var question = new Action.Message(kind, server, request.method(), shown);
        var allowed = checkpoint.judge(whose, question, circumstance, Waiting.NONE);
        if (!(allowed instanceof Permit asking)) return no(request.id(), DENIED, "denied by policy");
        long began = System.nanoTime();
        try {
            var result = call.calling.inward().asked(request.method(), shown);
            var reply = new Action.Reply(kind, server, request.method(), result);
            checkpoint.done(asking, "ok", 0, 0, (System.nanoTime() - began) / 1000, Json.NULL);
            return switch (checkpoint.judge(whose, reply, circumstance, Waiting.NONE)) {
                case Permit permit -> new Back.Reply(permit);
                case Refusal _ -> no(request.id(), DENIED, "denied by policy");
            };
        } finally {
            // Only the first end counts: this one says that nobody answered.
            checkpoint.done(asking, "unanswered", 0, 0, (System.nanoTime() - began) / 1000, Json.NULL);
        }
    }

    /// As JSON-RPC leaves applications free to say: a refusal of the agent's side, not of the protocol.
    private static final int DENIED = -1;

    private static Back no(Json id, int code, String message) {
        return new Back.No(new JsonRpc.Failure(id, code, message, null));
    }
}
