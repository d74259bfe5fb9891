package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.ActionDigest;
import dev.masugata.checkpoint.Answer;
import dev.masugata.checkpoint.Calling;
import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.checkpoint.Inward;
import dev.masugata.checkpoint.Permit;
import dev.masugata.checkpoint.Refusal;
import dev.masugata.checkpoint.Waiting;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is asked of one server: judged, sent, and answered, over as many rounds as the server needs to ask back.
///
/// Client and server may be of different eras. A server with a handshake asks while it works; one of 2026-07-28 answers
/// that it needs input. A client is asked in the way that it knows, and its answers go on in the way the server knows.
final class Calls {
    private static final System.Logger LOG = System.getLogger("masugata.mcp");
    /// Rounds of one request in which a server may ask for input.
    static final int ROUNDS_MAX = 16;

    private final Checkpoint checkpoint;
    private final RequestStates states;
    private final Duration patience;

    /// @param patience how long a held call waits for a person before it is answered
    Calls(Checkpoint checkpoint, RequestStates states, Duration patience) {
        this.checkpoint = checkpoint;
        this.states = states;
        this.patience = patience;
    }

    /// One request to one server.
    ///
    /// @param action  without answers and state
    /// @param headers which arguments a modern server wants to see in headers too
    record Call(Upstream upstream, Action.Rpc action, Circumstance circumstance, ParamHeaders headers) {
        Call {
            circumstance = circumstance.with(upstream.server().lent());
        }

        String server() {
            return upstream.server().name();
        }

        boolean isTool() {
            return action instanceof Action.ToolCall;
        }
    }

    JsonRpc.Message make(Turn turn, Call call) throws Upstream.Failed {
        var given = turn.params().at("requestState");
        var responses = turn.params().object("inputResponses");
        if (!turn.isModern() && (given.isPresent() || turn.params().at("inputResponses").isPresent()))
            return Protocol.error(turn.id(), JsonRpc.INVALID_PARAMS, "this revision knows no `requestState`");
        if (given.isEmpty()) return begin(turn, call, call.action(), 0, true);
        var opened = given.get() instanceof Json.Str(var state, _)
                ? states.open(turn.session(), call.server(), digest(call), state)
                : Optional.<RequestStates.Rest>empty();
        if (opened.isEmpty())
            return Protocol.error(turn.id(), JsonRpc.INVALID_PARAMS,
                    "`requestState` is not, or no longer, one of this request; send it anew without");
        return switch (opened.get()) {
            case RequestStates.Rest.UnderWay(var work) -> {
                work.answer(responses);
                yield next(turn, call, work);
            }
            case RequestStates.Rest.Servers(var state) ->
                    begin(turn, call, more(call.action(), responses, state), 0, true);
            case RequestStates.Rest.Again() -> begin(turn, call, call.action(), 0, true);
        };
    }

    private static String digest(Call call) {
        return ActionDigest.of(call.action());
    }

    /// The action with what the agent's side answers: a new one, judged from the start.
    private static Action.Rpc more(Action.Rpc action, Json.Obj responses, Optional<String> state) {
        var params = action.params();
        if (!responses.members().isEmpty()) params = params.with("inputResponses", responses);
        if (state.isPresent()) params = params.with("requestState", state.get());
        return action instanceof Action.ToolCall call
                ? new Action.ToolCall(call.server(), call.tool(), params)
                : new Action.Message(action.kind(), action.server(), action.method(), params);
    }

    // --- judged and sent --------------------------------------------------------------------------------------------

    /// @param anew true if a server that forgot us may be asked once more
    private JsonRpc.Message begin(Turn turn, Call call, Action.Rpc action, int round,
            boolean anew) throws Upstream.Failed {
        return switch (checkpoint.judge(turn.session(), action, call.circumstance(), waiting(turn))) {
            case Refusal refusal -> refused(turn, call, refusal);
            case Permit permit -> {
                boolean overRounds = turn.isModern() && MULTI_ROUND.contains(action.method())
                        && !call.upstream().greeting().speech().modern();
                if (overRounds) yield underWay(turn, call, permit);
                var answer = call.upstream().call(permit, calling(turn, call, permit, inward(turn)));
                if (answer instanceof Answer.Expired && anew) yield begin(turn, call, action, round, false);
                yield answered(turn, call, answer, round);
            }
        };
    }

    /// The headers are made from the action as judged: what was covered in it is in no header.
    private static Calling calling(Turn turn, Call call, Permit permit, Inward inward) {
        var headers = permit.action() instanceof Action.ToolCall judged
                ? call.headers().mirror(judged.arguments())
                : Map.<String, String>of();
        return call.upstream().calling(turn.with().capabilities(), turn.with().logLevel(), headers, inward);
    }

    private JsonRpc.Message underWay(Turn turn, Call call, Permit permit) {
        var work = new Work(turn.with());
        work.start(inward -> {
            try {
                return call.upstream().call(permit, calling(turn, call, permit, inward));
            } catch (Upstream.Failed failed) {
                return new Answer.Broken(String.valueOf(failed.getMessage()));
            } catch (RuntimeException broken) {
                LOG.log(System.Logger.Level.ERROR, "a call of " + call.server() + " failed", broken);
                return new Answer.Broken(call.server() + " could not be called");
            }
        });
        return next(turn, call, work);
    }

    private JsonRpc.Message next(Turn turn, Call call, Work work) {
        try {
            while (true) {
                switch (work.next(inward(turn))) {
                    case Work.Happening.Done(var answer) -> {
                        work.giveUp();
                        return work.missing().isPresent() && answer instanceof Answer.Failure
                                ? lacking(turn, call, work.missing().get())
                                : answered(turn, call, answer, ROUNDS_MAX);
                    }
                    case Work.Happening.Asked(var key) -> {
                        var open = work.questions();
                        // It may have been given up meanwhile, or been asked for in the round before.
                        if (open.containsKey(key)) return ask(turn, call, open, new RequestStates.Rest.UnderWay(work));
                    }
                }
            }
        } catch (InterruptedException gone) {
            work.giveUp();
            Thread.currentThread().interrupt();
            return Protocol.error(turn.id(), Protocol.UPSTREAM, "the caller went away");
        } catch (Upstream.Failed failed) {
            work.giveUp();
            return Protocol.failed(turn.id(), failed);
        }
    }

    private static final Map<String, String> CAPABILITIES = Map.of(
            "elicitation/create", "elicitation", "sampling/createMessage", "sampling", "roots/list", "roots");

    /// The server failed for want of an answer that this client cannot give (2026-07-28, Error Codes).
    private static JsonRpc.Message lacking(Turn turn, Call call, String method) {
        var needed = Json.object(CAPABILITIES.getOrDefault(method, method), Json.EMPTY);
        return new JsonRpc.Failure(turn.id(), Protocol.MISSING_CAPABILITY,
                call.server() + " needs what this client did not say it can be asked: " + method,
                Json.object("requiredCapabilities", needed));
    }

    private JsonRpc.Message ask(
            Turn turn, Call call, Map<String, Work.Question> questions, RequestStates.Rest rest) {
        var requests = Json.EMPTY;
        for (var entry : questions.entrySet())
            requests = requests.with(entry.getKey(),
                    Json.object("method", entry.getValue().method()).with("params", entry.getValue().params()));
        return inputRequired(turn, call, requests, rest);
    }

    private JsonRpc.Message inputRequired(Turn turn, Call call, Json.Obj requests, RequestStates.Rest rest) {
        var result = Json.object("resultType", "input_required");
        if (!requests.members().isEmpty()) result = result.with("inputRequests", requests);
        var state = states.seal(turn.session(), call.server(), digest(call), rest);
        return new JsonRpc.Result(turn.id(), Protocol.answering(result.with("requestState", state)));
    }

    // --- answered ---------------------------------------------------------------------------------------------------

    private JsonRpc.Message answered(Turn turn, Call call, Answer answer, int round) throws Upstream.Failed {
        return switch (answer) {
            case Answer.Result(var result) -> result(turn, call, result, round);
            case Answer.Failure failure -> failure(turn, call, failure);
            case Answer.Withheld(var refusal) -> refused(turn, call, refusal);
            case Answer.Broken(var reason) -> Protocol.error(turn.id(), Protocol.UPSTREAM, reason);
            case Answer.Unauthorized(var reason) -> Protocol.error(turn.id(), Protocol.UPSTREAM, reason);
            case Answer.Expired(var reason) -> Protocol.error(turn.id(), Protocol.UPSTREAM, reason);
        };
    }

    private static final Set<String> MULTI_ROUND = Set.of("tools/call", "prompts/get", "resources/read");

    private JsonRpc.Message result(Turn turn, Call call, Json.Obj result, int round) throws Upstream.Failed {
        boolean modern = call.upstream().greeting().speech().modern();
        var type = modern ? result.string("resultType").orElse("complete") : "complete";
        return switch (type) {
            case "complete" -> new JsonRpc.Result(turn.id(), shown(turn, call, result, modern));
            case "input_required" -> MULTI_ROUND.contains(call.action().method())
                    ? moreInput(turn, call, result, round)
                    : Protocol.error(turn.id(), Protocol.UPSTREAM, call.server() + " asks for input where it must not");
            // What is not known is no success.
            default -> Protocol.error(turn.id(), Protocol.UPSTREAM, call.server()
                    + " answered with a type of result that is not known");
        };
    }

    private static Json.Obj shown(Turn turn, Call call, Json.Obj result, boolean modern) {
        var shown = new Naming(turn.with().only()).outward(call.server(), result);
        if (!turn.isModern()) return modern ? Protocol.legacy(shown) : shown;
        if (!call.action().method().equals("resources/read")) return Protocol.complete(shown);
        long ttl = modern ? Math.max(0, result.integer("ttlMs").orElse(0L)) : 0;
        return Protocol.complete(shown, ttl);
    }

    /// A server of 2026-07-28 needs input. Each question is judged as an action of the session before anybody is asked.
    private JsonRpc.Message moreInput(Turn turn, Call call, Json.Obj result, int round) throws Upstream.Failed {
        if (round >= ROUNDS_MAX)
            return Protocol.error(turn.id(), Protocol.UPSTREAM, call.server() + " asks for input again and again");
        var requests = result.object("inputRequests");
        var state = result.string("requestState");
        if (requests.members().isEmpty() && state.isEmpty() || state.orElse("")
                .length() > RequestStates.SERVERS_CHARS_MAX)
            return Protocol.error(turn.id(), Protocol.UPSTREAM, call.server() + " asks for input without saying which");
        for (var request : requests.members().values()) {
            var refusal = mayAsk(turn, call, request);
            if (refusal.isPresent()) return refusal.get();
        }
        if (turn.isModern()) return inputRequired(turn, call, requests, new RequestStates.Rest.Servers(state));
        var responses = Json.EMPTY;
        for (var request : requests.members().entrySet()) {
            var question = (Json.Obj) request.getValue();
            try {
                var method = question.string("method").orElse("");
                responses = responses.with(request.getKey(),
                        turn.with().ask(turn.outlet(), method, question.object("params")));
            } catch (Inward.Unanswered unanswered) {
                return Protocol.error(turn.id(), Protocol.UPSTREAM,
                        call.server() + " needs input and got none: " + unanswered.getMessage());
            } catch (InterruptedException gone) {
                Thread.currentThread().interrupt();
                return Protocol.error(turn.id(), Protocol.UPSTREAM, "the caller went away");
            }
        }
        return begin(turn, call, more(call.action(), responses, state), round + 1, true);
    }

    private Optional<JsonRpc.Message> mayAsk(Turn turn, Call call, Json request) {
        if (!(request instanceof Json.Obj question) || question.string("method").isEmpty()
                || Methods.ofServer(question.string("method").get()).filter(it -> !it.notification()).isEmpty())
            return Optional.of(Protocol.error(turn.id(), Protocol.UPSTREAM, call.server() + " asks what it must not"));
        var method = question.string("method").get();
        if (!turn.with().canBeAsked(method, question.object("params")))
            return Optional.of(lacking(turn, call, method));
        var kind = Methods.ofServer(method).get().kind();
        var asked = new Action.Message(kind, call.server(), method, question.object("params"));
        return checkpoint.mayAsk(turn.session(), asked, turn.here()).map(refusal -> refused(turn, call, refusal));
    }

    private JsonRpc.Message failure(Turn turn, Call call, Answer.Failure failure) {
        boolean reading = call.action().method().equals("resources/read");
        int code = failure.code();
        // A URL that a person has to visit first: in 2025-11-25 an error, since then a question.
        if (code == Protocol.URL_ELICITATION_REQUIRED && turn.isModern()) return visitFirst(turn, call, failure);
        if (turn.isModern() && code == Protocol.NO_SUCH_RESOURCE) code = JsonRpc.INVALID_PARAMS;
        if (!turn.isModern() && reading && code == JsonRpc.INVALID_PARAMS) code = Protocol.NO_SUCH_RESOURCE;
        var data = failure.data() instanceof Json.Null ? null : failure.data();
        return new JsonRpc.Failure(turn.id(), code, failure.message(), data);
    }

    private JsonRpc.Message visitFirst(Turn turn, Call call, Answer.Failure failure) {
        var requests = Json.EMPTY;
        int number = 0;
        if (failure.data() instanceof Json.Obj data)
            for (var elicitation : data.items("elicitations")) {
                if (!(elicitation instanceof Json.Obj params)) continue;
                var question = Json.object("method", "elicitation/create").with("params", params.with("mode", "url"));
                var refusal = mayAsk(turn, call, question);
                if (refusal.isPresent()) return refusal.get();
                requests = requests.with("visit-" + ++number, question);
            }
        if (number == 0) return Protocol.error(turn.id(), Protocol.UPSTREAM, call.server()
                + " asks for input without saying which");
        return inputRequired(turn, call, requests, new RequestStates.Rest.Again());
    }

    // --- refused ----------------------------------------------------------------------------------------------------

    JsonRpc.Message refused(Turn turn, Call call, Refusal refusal) {
        // A modern client comes back by itself, with the same request.
        if (turn.isModern() && refusal.kind() == Refusal.Kind.HELD && MULTI_ROUND.contains(call.action().method())) {
            var waiting = (JsonRpc.Result) inputRequired(turn, call, Json.EMPTY, new RequestStates.Rest.Again());
            var meta = waiting.result().object("_meta").with(Protocol.DECISION, Protocol.decision(refusal));
            return new JsonRpc.Result(turn.id(), waiting.result().with("_meta", meta));
        }
        return call.isTool() ? refusedTool(turn, refusal) : Protocol.refused(turn.id(), refusal);
    }

    /// A refused tool call is a result: the model reads it and can do something else.
    static JsonRpc.Message refusedTool(Turn turn, Refusal refusal) {
        return switch (refusal.kind()) {
            case DENIED, HELD -> {
                var result = Protocol.refusedCall(refusal);
                yield new JsonRpc.Result(turn.id(), turn.isModern() ? Protocol.complete(result) : result);
            }
            case LIMITED, CLOSED -> Protocol.refused(turn.id(), refusal);
        };
    }

    // --- meanwhile --------------------------------------------------------------------------------------------------

    private Waiting waiting(Turn turn) {
        return new Waiting(patience, (approval, waited) -> turn.progressToken().ifPresent(token -> turn.send(
                new JsonRpc.Notification("notifications/progress", Json.object("progressToken", token)
                        .with("progress", waited.toSeconds())
                        .with("message", "held for approval " + approval)))));
    }

    private Inward inward(Turn turn) {
        return new Inward() {
            @Override
            public void notification(String method, Json.Obj params) {
                switch (method) {
                    case "notifications/progress" -> turn.progressToken().ifPresent(
                            token -> turn.send(new JsonRpc.Notification(method, params.with("progressToken", token))));
                    case "notifications/message" -> {
                        if (turn.with().hears(params.string("level").orElse("info")))
                            turn.send(new JsonRpc.Notification(method, params));
                    }
                    default -> {
                        // Within a call nothing else is about it.
                    }
                }
            }

            @Override
            public Json.Obj asked(String method, Json.Obj params) throws Unanswered, InterruptedException {
                if (turn.isModern()) throw new Unanswered(JsonRpc.METHOD_NOT_FOUND, "this client offers no such method")
                    ;
                return turn.with().ask(turn.outlet(), method, params);
            }
        };
    }
}
