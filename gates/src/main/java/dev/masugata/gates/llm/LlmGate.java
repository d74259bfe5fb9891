package dev.masugata.gates.llm;

import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.checkpoint.EgressExit.Answered;
import dev.masugata.checkpoint.ModelExit;
import dev.masugata.checkpoint.Permit;
import dev.masugata.checkpoint.Refusal;
import dev.masugata.checkpoint.Waiting;
import dev.masugata.gates.llm.Callers.Caller;
import dev.masugata.gates.llm.Format.Operation;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpBody;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.net.Content;
import dev.masugata.net.Handler;
import dev.masugata.net.Headers;
import dev.masugata.net.Request;
import dev.masugata.net.RequestFault;
import dev.masugata.net.Response;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// `/llm/{provider}/{version}/...`: calls of models, each in its provider's own format.
public final class LlmGate implements Handler {
    /// Bytes of a request: prompts carry pictures.
    public static final int PROMPT_BYTES_MAX = 16 * 1024 * 1024;

    private static final Pattern PATH = Pattern.compile("/llm/([a-z0-9-]{1,64})/(v[0-9][a-z0-9]{0,15})(/.*)");

    private final Checkpoint checkpoint;
    private final ModelExit exit;
    private final Map<String, Provider> providers;
    private final Callers callers;
    private final Prompts prompts;
    private final Fetches fetches;
    private final Duration patience;
    private final Breaker breaker = new Breaker(System::nanoTime);

    /// What is known of a URL that a provider would call for an agent.
    public interface Fetches {
        Circumstance of(Session session, Action.HttpRequest request);
    }

    /// @param patience how long a held call waits for a person before it is answered
    public LlmGate(
            Checkpoint checkpoint, ModelExit exit, Map<String, Provider> providers, Callers callers, Prompts prompts,
            Fetches fetches, Duration patience) {
        this.checkpoint = checkpoint;
        this.exit = exit;
        this.providers = Map.copyOf(providers);
        this.callers = callers;
        this.prompts = prompts;
        this.fetches = fetches;
        this.patience = patience;
    }

    /// True for what this gate answers.
    public static boolean isFor(Request request) {
        return request.path().startsWith("/llm/");
    }

    @Override
    public Response handle(Request request) throws Exception {
        var path = PATH.matcher(request.path());
        var provider = path.matches() ? Optional.ofNullable(providers.get(path.group(1))) : Optional.<Provider>empty();
        var format = provider.map(Provider::format).orElseGet(() -> Format.ALL.get("openai"));
        var caller = callers.of(request);
        if (caller.isEmpty())
            return error(format, 401, "a token is needed: put it where the provider's key goes", "")
                    .with("WWW-Authenticate", "Bearer");
        if (provider.isEmpty())
            return error(format, 404, "there is no such provider here; configured are: "
                    + String.join(", ", new java.util.TreeSet<>(providers.keySet())), "");
        try {
            return judged(request, caller.get(), provider.get(), path.group(2), path.group(3));
        } catch (RequestFault fault) {
            saw(caller.get(), "model/" + fault.status());
            return error(format, fault.status(), "the request is larger than is taken, or broken off", "");
        }
    }

    private void saw(Caller caller, String rule) {
        checkpoint.saw(caller.session(), caller.session().agent().id(), new Finding(rule, Severity.LOW, ""));
    }

    /// One request, read once; asked of one provider after the other, as long as they fail.
    private record Asked(Request request, Caller caller, String version, String rest, HttpBody body) {}

    private Response judged(Request request, Caller caller, Provider provider, String version, String rest)
            throws IOException {
        var format = provider.format();
        var operation = format.operation(request.method(), rest);
        if (operation.isEmpty()) {
            saw(caller, "model/endpoint");
            return error(format, 403, "denied by policy: `" + request.method() + " " + rest
                    + "` is no endpoint that is let through", "");
        }
        var body = operation.get().body().isEmpty()
                ? HttpBody.NONE
                : plain(HttpBody.of(request.body().readAll(PROMPT_BYTES_MAX), "application/json",
                        request.headers().one("content-encoding").orElse("")), request);
        var asked = new Asked(request, caller, version, rest, body);
        var candidates = new ArrayList<Provider>(List.of(provider));
        provider.instead().forEach(it -> candidates.add(providers.get(it)));
        return ask(asked, operation.get(), candidates);
    }

    /// What came packed leaves unpacked: the field that says how it is packed does not go on.
    private static HttpBody plain(HttpBody body, Request request) {
        return request.headers().has("content-encoding") && body.says() instanceof Json.Obj says
                ? HttpBody.of(JsonWriter.bytes(says), "application/json", "")
                : body;
    }

    /// Each provider is another destination with another key, so it is another judgement. What fails before anything
    /// of an answer was shown goes on to the next one.
    private Response ask(Asked asked, Operation operation, List<Provider> candidates) {
        var resting = candidates.stream().map(it -> breaker.rests(it.name())).toList();
        Response last = null;
        for (int i = 0; i < candidates.size(); i++) {
            var provider = candidates.get(i);
            if (resting.get(i).isPresent()) continue;
            var turn = judged(asked, operation, provider);
            if (!turn.failed()) return turn.response();
            last = turn.response();
        }
        if (last != null) return last;
        var wait = resting.stream().flatMap(Optional::stream).min(Comparator.naturalOrder()).orElse(Breaker.REST);
        return error(candidates.getFirst().format(), 503,
                "the provider failed several times in a row and is left alone for a while", "")
                .with("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
    }

    /// @param failed nothing of it was shown, and another provider may be asked
    private record Turn(Response response, boolean failed) {}

    private Turn judged(Asked asked, Operation operation, Provider provider) {
        var prompt = prompts.read(
                provider, operation, asked.version(), asked.rest(), asked.request().query().orElse(""),
                asked.request().headers(), asked.body());
        return switch (prompt) {
            case Prompts.Unread(var status, var rule, var why) -> {
                saw(asked.caller(), rule);
                yield new Turn(error(provider.format(), status, why, ""), false);
            }
            case Prompts.Read read -> judged(asked, operation, provider, read);
        };
    }

    private Turn judged(Asked asked, Operation operation, Provider provider, Prompts.Read prompt) {
        var session = asked.caller().session();
        var call = prompt.call();
        var circumstance = new Circumstance(
                asked.caller().address(), ToolClass.EGRESS, "", false, provider.lent(), Circumstance.Opened.ALL);
        if (!prompt.doubt().isEmpty())
            return refusal(provider, checkpoint.refuse(session, call, circumstance,
                    new Reason("model/not-understood", prompt.doubt())));
        for (var effect : prompt.effects()) {
            var refusal = effect(session, provider, effect);
            if (refusal.isPresent()) return refusal(provider, refusal.get());
        }
        return switch (checkpoint.judge(session, call, circumstance, new Waiting(patience, (_, _) -> {}))) {
            case Refusal refusal -> refusal(provider, refusal);
            case Permit permit -> sent(asked.request(), provider, operation, permit, circumstance);
        };
    }

    private static Turn refusal(Provider provider, Refusal refusal) {
        return new Turn(refused(provider, refusal), false);
    }

    /// What the provider would do by itself is an action of its own.
    private Optional<Refusal> effect(Session session, Provider provider, Reading.Effect effect) {
        return switch (effect) {
            case Reading.Effect.Own(var name, var toolClass, _, var names) -> {
                // History is what this session itself has received; another's is nobody's business.
                boolean lets = provider.effects().contains(name)
                        && (!name.equals("history") || exit.hasReceived(session.id(), provider.name(), names));
                var call = new Action.ToolCall("provider." + provider.name(), name,
                        Json.object("name", name));
                yield checkpoint.mayProvide(session, call, new Circumstance(
                        "provider", toolClass, "", false, Circumstance.Lent.NONE,
                        lets ? Circumstance.Opened.ALL : Circumstance.Opened.NO));
            }
            case Reading.Effect.Fetch(var url, var method, _) -> {
                var fetch = new Action.HttpRequest(url, method, List.of(), HttpBody.NONE);
                yield checkpoint.mayProvide(session, fetch, fetches.of(session, fetch));
            }
        };
    }

    private static final Set<Integer> FAILURES = Set.of(429, 500, 502, 503, 504, 529);

    private Turn sent(
            Request request, Provider provider, Operation operation, Permit permit, Circumstance circumstance) {
        var shape = provider.format().answers(operation);
        return switch (exit.send(permit, circumstance, provider.slot(), shape, request::onGone)) {
            case Answered.Came(int status, var headers, var content, var close) -> {
                boolean failed = FAILURES.contains(status);
                if (failed) breaker.failed(provider.name());
                else breaker.answered(provider.name());
                request.onGone(close);
                yield new Turn(new Response(status, headers, content), failed);
            }
            case Answered.Withheld(var refusal) -> refusal(provider, refusal);
            case Answered.Unfilled(var what) -> new Turn(
                    error(provider.format(), 403, "the provider's key cannot be used: " + what, permit.decision()),
                    false);
            case Answered.Failed(var what) -> {
                // A caller that goes says nothing of the provider.
                if (!request.isGone()) breaker.failed(provider.name());
                yield new Turn(error(provider.format(), 502, what, permit.decision()), !request.isGone());
            }
        };
    }

    private static Response refused(Provider provider, Refusal refusal) {
        var format = provider.format();
        return switch (refusal.kind()) {
            case DENIED -> error(format, 403, "denied by policy: " + refusal.text(), refusal.id());
            case HELD -> error(format, 403, "held for approval " + refusal.id() + ": " + refusal.text()
                    + "; repeat the same request", refusal.id());
            case LIMITED -> error(format, 429, refusal.text(), refusal.id())
                    .with("Retry-After", Long.toString(Math.max(1, refusal.retryAfter().toSeconds())))
                    // Clients of these providers repeat at once what is limited, unless told.
                    .with("X-Should-Retry", "false");
            case CLOSED -> error(format, 503, "the gates are closed: " + refusal.text(), refusal.id());
        };
    }

    private static Response error(Format format, int status, String message, String decision) {
        var headers = Headers.of("content-type", "application/json");
        if (!decision.isEmpty()) headers = headers.with("Masugata-Decision", decision);
        var code = decision.isEmpty() ? "masugata" : decision;
        return new Response(status, headers, new Content.Bytes(
                JsonWriter.bytes(format.error(status, message, code))));
    }
}
