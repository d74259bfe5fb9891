package dev.masugata.checkpoint;

import dev.masugata.checkpoint.AnswerShape.Usage;
import dev.masugata.checkpoint.EgressExit.Answered;
import dev.masugata.credentials.Scrub;
import dev.masugata.inspect.ArgumentsReading;
import dev.masugata.inspect.Inspection;
import dev.masugata.inspect.OwnSecrets;
import dev.masugata.inspect.Pipeline;
import dev.masugata.inspect.StreamReading;
import dev.masugata.inspect.TextReading;
import dev.masugata.model.Action;
import dev.masugata.model.Channel;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Decision;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpBody;
import dev.masugata.model.Money;
import dev.masugata.model.Origins;
import dev.masugata.model.Reason;
import dev.masugata.model.Severity;
import dev.masugata.net.Content;
import dev.masugata.net.Exchange;
import dev.masugata.net.Headers;
import dev.masugata.net.Upstream;
import dev.masugata.net.UpstreamFault;
import dev.masugata.net.UpstreamOptions;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// The way out to providers of models. What is sent is the permit's request with the provider's key in its slot; what
/// comes back is judged before any of it is shown, also while it streams.
public final class ModelExit implements AutoCloseable {
    static final String NAME = "models";

    private static final Set<UpstreamFault.Kind> NEVER_LEFT =
            Set.of(UpstreamFault.Kind.REFUSED, UpstreamFault.Kind.UNREACHABLE, UpstreamFault.Kind.TLS);

    private final Checkpoint checkpoint;
    private final Pipeline pipeline;
    private final Set<String> families;
    private final Upstream upstream;
    private final Map<String, Set<Exchange>> running = new ConcurrentHashMap<>();

    /// @param pipeline    what texts are looked at with while they come
    /// @param families    of what it finds
    /// @param authorities certificates to trust instead of the system's, as PEM
    /// @param ownPorts    where the gate itself listens on this machine
    public ModelExit(
            Checkpoint checkpoint, Pipeline pipeline, Set<String> families, Optional<byte[]> authorities,
            Supplier<Set<Integer>> ownPorts)
            throws IOException {
        this.checkpoint = checkpoint;
        this.pipeline = pipeline;
        this.families = Set.copyOf(families);
        var options = authorities.map(UpstreamOptions.DEFAULT::withAuthorities).orElse(UpstreamOptions.DEFAULT);
        // Configuration alone says where a provider is, so it may be on this machine.
        this.upstream = new Upstream(options, new EgressGuard(true, ownPorts));
    }

    /// One call under way.
    private record Call(
            Permit permit, Action.ModelCall asked, Circumstance circumstance, Exchange exchange, Scrub scrub,
            OwnSecrets secrets, AnswerShape shape, long began) {
        static Function<Boolean, TextReading> reading(Pipeline looking, ModelStream.Orders orders) {
            return arguments -> arguments
                    ? new ArgumentsReading(looking, orders.covered(), orders.strip())
                    : new StreamReading(looking, Channel.TOOL_RESULT, "", orders.covered(), orders.strip());
        }
    }

    /// Sends what was permitted, once.
    ///
    /// @param slot of the provider's key
    /// @param gone told how to end it when its client goes
    public Answered send(
            Permit permit, Circumstance circumstance, Slot slot, AnswerShape shape, Consumer<Runnable> gone) {
        var asked = (Action.ModelCall) permit.action();
        var plain = EgressExit.headers(asked.request());
        Slot.Filled filled;
        try {
            filled = slot.fill(asked.request(), plain);
        } catch (IOException unfilled) {
            checkpoint.abandon(permit);
            return new Answered.Unfilled(String.valueOf(unfilled.getMessage()));
        }
        permit.spend(NAME, checkpoint.now());
        var exchange = upstream.exchange(EgressExit.outgoing(permit.session(), asked.request(), filled));
        running.computeIfAbsent(permit.session().id(), _ -> ConcurrentHashMap.newKeySet()).add(exchange);
        permit.onTakenBack(exchange::cancel);
        if (checkpoint.isStopped(permit.session().id())) exchange.cancel();
        gone.accept(exchange::cancel);
        var secrets = EgressExit.secrets(plain, filled);
        var call = new Call(permit, asked, circumstance, exchange, new Scrub(secrets), new OwnSecrets(secrets), shape,
                System.nanoTime());
        try {
            exchange.send();
            return isStream(exchange) ? streamed(call) : whole(call);
        } catch (UpstreamFault fault) {
            if (NEVER_LEFT.contains(fault.kind()))
                permit.costs(permit.bill().map(it -> Money.none(it.amount().currency())));
            ended(call, "error", 0, Json.object("fault", fault.kind().name().toLowerCase(Locale.ROOT)));
            return new Answered.Failed(EgressExit.said(asked.request(), fault));
        } catch (IOException failed) {
            ended(call, "error", 0, Json.NULL);
            return new Answered.Failed("the provider could not be reached");
        }
    }

    private static boolean isStream(Exchange exchange) {
        var type = exchange.headers().one("content-type").orElse("").toLowerCase(Locale.ROOT);
        return exchange.status() == 200 && type.startsWith("text/event-stream");
    }

    private void ended(Call call, String outcome, long bytesIn, Json content) {
        running.computeIfPresent(call.permit.session().id(), (_, all) ->
                all.remove(call.exchange) && all.isEmpty() ? null : all);
        if (call.scrub.found() > 0)
            checkpoint.saw(call.permit.session(), call.asked.party(),
                    new Finding("secret/reflected", Severity.HIGH, ""));
        checkpoint.done(call.permit, outcome, call.asked.request().body().size(), bytesIn,
                (System.nanoTime() - call.began) / 1000, content);
        call.exchange.close();
    }

    /// Ends what the session has under way.
    public void stop(String session) {
        running.getOrDefault(session, Set.of()).forEach(Exchange::cancel);
    }

    // --- what it costs ----------------------------------------------------------------------------------------------

    private void remember(Call call, List<String> calls, Set<String> ids) {
        var session = call.permit.session().id();
        for (var arguments : calls) checkpoint.turns().asked(session, call.permit.decision(), arguments);
        for (var id : ids) checkpoint.turns().received(session, call.asked.provider(), id);
    }

    /// True if the session got that answer of the provider through this gate.
    public boolean hasReceived(String session, String provider, String id) {
        return checkpoint.turns().hasReceived(session, provider, id);
    }

    /// What an answer says of its tokens; of an answer that says nothing honest all that was reserved counts.
    private static void settle(Permit permit, Optional<Usage> usage) {
        permit.bill().ifPresent(bill -> {
            if (!(bill.price().settles().orElse(null) instanceof Price.Settles.Tokens(var rate))) return;
            permit.costs(usage.filter(it -> !it.isOdd()).map(rate::cost));
        });
    }

    private static Json.Obj tokens(Json.Obj content, Optional<Usage> usage) {
        return usage.filter(it -> !it.isOdd()).map(it -> content.with("tokens",
                Json.object("in", Json.of(it.in() + it.cached() + it.written())).with("out", Json.of(it.out()))))
                .orElse(content);
    }

    /// A refusal of the provider brings no tokens.
    private static void free(Permit permit) {
        permit.costs(permit.bill().map(it -> Money.none(it.amount().currency())));
    }

    // --- an answer as a whole ---------------------------------------------------------------------------------------

    private Answered whole(Call call) throws IOException {
        var headers = shown(call.exchange.headers().endToEnd(), call.scrub);
        var bytes = new ByteArrayOutputStream();
        if (!EgressExit.read(call.exchange.body(), bytes)) {
            ended(call, "too large", bytes.size(), Json.NULL);
            return new Answered.Failed("the provider answered more than is taken");
        }
        var encoding = call.exchange.headers().one("content-encoding").orElse("");
        var clean = EgressExit.clean(bytes.toByteArray(), encoding, call.scrub);
        var type = headers.one("content-type").orElse("");
        var body = HttpBody.of(clean, type, clean.length == bytes.size() ? encoding : "");
        var usage = body.says() instanceof Json.Obj said ? call.shape.usage(said) : Optional.<Usage>empty();
        // What failed at the provider may have run, and be charged, all the same.
        if (call.exchange.status() >= 400 && call.exchange.status() < 500) free(call.permit);
        else settle(call.permit, usage);
        boolean read = bytes.size() == 0 || body.says() instanceof Json.Obj || call.exchange.status() >= 400;
        if (!read) {
            ended(call, "withheld", bytes.size(), Json.NULL);
            return new Answered.Failed("the provider answered what cannot be read");
        }
        try {
            body = called(call, body);
        } catch (ModelStream.Cut cut) {
            var refusal = Refusal.denied(call.permit.decision(), List.of(new Reason(cut.rule, cut.getMessage())));
            ended(call, "withheld", bytes.size(), Json.NULL);
            return new Answered.Withheld(refusal);
        }
        var left = body;
        var message = EgressExit.message(call.exchange.status(), headers, true, left);
        var judged = checkpoint.deliveries().deliver(call.permit.session(), new Action.Delivery(call.asked, message),
                call.circumstance, ContentLabels.of(), call.permit.decision());
        return switch (judged) {
            case Delivered.Withheld(var refusal) -> {
                ended(call, "withheld", bytes.size(), Json.NULL);
                yield new Answered.Withheld(refusal);
            }
            case Delivered.Passed(var shown) -> {
                var out = shown.at("body").equals(message.at("body")) ? left.bytes()
                        : EgressExit.bytes(untold(shown.at("body").orElse(Json.NULL)), left);
                ended(call, "ok", bytes.size(), tokens(shown.without("headers"), usage));
                yield new Answered.Came(call.exchange.status(), headers, new Content.Bytes(out), () -> {});
            }
        };
    }

    private static Json untold(Json body) {
        return body instanceof Json.Obj said ? ModelStream.withoutTokens(said) : body;
    }

    /// With the arguments of tool calls covered, as they are in a stream.
    private HttpBody called(Call call, HttpBody body) throws ModelStream.Cut {
        if (!(body.says() instanceof Json.Obj says)) return body;
        call.shape.id(says).ifPresent(it -> remember(call, List.of(), Set.of(it)));
        if (call.shape.calls(says).isEmpty()) return body;
        var orders = orders(call);
        if (orders.isEmpty()) return body;
        var stream = new ModelStream(call.shape, orders.get(), Call.reading(pipeline, orders.get()),
                _ -> Inspection.NOTHING);
        var left = stream.calls(says);
        remember(call, stream.asked(), Set.of());
        for (var finding : stream.found()) checkpoint.saw(call.permit.session(), call.asked.party(), finding);
        return left == says ? body : HttpBody.of(JsonWriter.bytes(left), "application/json", "");
    }

    private static final Set<String> SHOWN = Set.of(
            "content-type", "retry-after", "request-id", "x-request-id", "openai-processing-ms", "openai-version");

    /// Of the provider's head what a client needs: limits of the account and marks of others stay here.
    private static Headers shown(Headers headers, Scrub scrub) {
        var shown = Headers.EMPTY;
        for (var field : headers) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (SHOWN.contains(name)) shown = shown.plus(name, scrub.text(field.value()));
        }
        return shown;
    }

    // --- an answer that streams -------------------------------------------------------------------------------------

    private Answered streamed(Call call) {
        var orders = orders(call);
        if (orders.isEmpty()) {
            var refusal = Refusal.denied(call.permit.decision(), List.of(NOT_SHOWN));
            ended(call, "withheld", 0, Json.NULL);
            return new Answered.Withheld(refusal);
        }
        // A key may come back in pieces, which no look at the bytes sees.
        var looking = pipeline.with(call.secrets);
        var stream = new ModelStream(
                call.shape, orders.get(),
                Call.reading(looking, orders.get()),
                rest -> looking.inspect(new Action.Delivery(call.asked, rest)));
        var content = new Content.Stream(out -> pass(call, stream, out));
        var headers = shown(call.exchange.headers().endToEnd(), call.scrub).with("cache-control", "no-cache");
        return new Answered.Came(200, headers, content, () -> end(call, stream, "gone", 0));
    }

    private static final Reason NOT_SHOWN =
            new Reason("model/answer-denied", "policy lets no answer of this model be shown");

    /// What policy would do about each family; empty where it lets no answer be shown.
    private Optional<ModelStream.Orders> orders(Call call) {
        var mask = new HashSet<String>(Set.of(OwnSecrets.FAMILY));
        var strip = new HashSet<String>();
        var deny = new HashSet<String>();
        if (!(decide(call, List.of()) instanceof Decision.Allow)) return Optional.empty();
        for (var family : families) {
            switch (decide(call, List.of(new Finding(family + "/any", Severity.HIGH, "")))) {
                case Decision.Allow _ -> {}
                case Decision.Rewrite rewrite -> {
                    mask.addAll(rewrite.mask());
                    strip.addAll(rewrite.strip());
                }
                case Decision.Deny _, Decision.Hold _ -> deny.add(family);
            }
        }
        return Optional.of(new ModelStream.Orders(mask, strip, deny));
    }

    private Decision decide(Call call, List<Finding> findings) {
        return checkpoint.decide(
                call.permit.session(), new Action.Delivery(call.asked, Json.EMPTY), call.circumstance,
                new Inspection(findings, Set.of()), Origins.NONE, Set.of());
    }

    private void pass(Call call, ModelStream stream, OutputStream out) throws IOException {
        long passed = 0;
        var outcome = "gone";
        try {
            for (var piece = call.exchange.body().next(); piece != null; piece = call.exchange.body().next()) {
                passed += piece.length;
                write(out, stream.accept(call.scrub.accept(piece)));
            }
            write(out, stream.accept(call.scrub.finish()));
            write(out, stream.finish());
            outcome = stream.isWhole() ? "ok" : "broken off";
            if (!stream.isWhole()) cut(call, out, "the provider broke off");
        } catch (ModelStream.Cut cut) {
            outcome = "cut";
            checkpoint.saw(call.permit.session(), call.asked.party(), new Finding(cut.rule, Severity.HIGH, ""));
            cut(call, out, "denied by policy: " + cut.getMessage());
        } catch (UpstreamFault fault) {
            outcome = "broken off";
            cut(call, out, EgressExit.said(call.asked.request(), fault));
        } finally {
            end(call, stream, outcome, passed);
        }
    }

    private static void write(OutputStream out, byte[] bytes) throws IOException {
        if (bytes.length == 0) return;
        out.write(bytes);
        out.flush();
    }

    private static void cut(Call call, OutputStream out, String why) throws IOException {
        for (var frame : call.shape.cut(why, call.permit.decision())) out.write(Sse.encode(frame));
        out.flush();
    }

    /// The end of a stream, however it came.
    private void end(Call call, ModelStream stream, String outcome, long passed) {
        // What was thought and not shown is charged too: without the end all that was reserved counts.
        var usage = stream.isWhole() ? stream.usage() : Optional.<Usage>empty();
        settle(call.permit, usage);
        for (var finding : stream.found()) checkpoint.saw(call.permit.session(), call.asked.party(), finding);
        remember(call, stream.asked(), stream.ids());
        ended(call, outcome, passed, tokens(Json.object("status", Json.of(200)).with("texts", stream.kept()), usage));
    }

    @Override
    public void close() {
        upstream.close();
    }
}
