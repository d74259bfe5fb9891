package dev.masugata.gates.egress;

import dev.masugata.checkpoint.Checkpoint;
import dev.masugata.checkpoint.EgressExit;
import dev.masugata.checkpoint.EgressExit.Answered;
import dev.masugata.checkpoint.Permit;
import dev.masugata.checkpoint.Refusal;
import dev.masugata.checkpoint.Slot;
import dev.masugata.checkpoint.Waiting;
import dev.masugata.gates.egress.Clients.Client;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpField;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.net.Content;
import dev.masugata.net.Headers;
import dev.masugata.net.Opening;
import dev.masugata.net.Peer;
import dev.masugata.net.ProxyHandler;
import dev.masugata.net.Request;
import dev.masugata.net.RequestFault;
import dev.masugata.net.Response;
import dev.masugata.net.Wanted;
import dev.masugata.policy.HostRules;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// The proxy that agents' requests go through: absolute form, `CONNECT` and SOCKS5, TLS read inside. Each request is an
/// action of its own, whatever connection it came over.
public final class EgressGate implements ProxyHandler {
    /// What stands for a credential that only the gate has. Anywhere but in its slot it is a sign of a leak.
    public static final String PLACEHOLDER = "masugata-placeholder-";

    private final Checkpoint checkpoint;
    private final EgressExit exit;
    private final HostRules hosts;
    private final Clients clients;
    private final Openings openings;
    private final Duration patience;
    private final Denials denials;
    private final NamePool names;
    private final PackageNames packages;

    /// Told of each request that did not go, for the person who watches the session.
    public interface Denials {
        /// @param what the method and the place
        void denied(Session session, String what, Refusal refusal);
    }

    /// @param patience how long a held request waits for a person before it is answered
    /// @param packages looks up what an install would bring, before it is judged
    /// @param names    what addresses stand for that its clients were given; nothing where none are given
    public EgressGate(
            Checkpoint checkpoint,
            EgressExit exit,
            HostRules hosts,
            Clients clients,
            Openings openings,
            Duration patience,
            Denials denials,
            NamePool names,
            PackageNames packages) {
        this.packages = packages;
        this.checkpoint = checkpoint;
        this.exit = exit;
        this.hosts = hosts;
        this.clients = clients;
        this.openings = openings;
        this.patience = patience;
        this.denials = denials;
        this.names = names;
    }

    /// Nothing is judged yet: only who asks must be known. What is asked for comes inside.
    @Override
    public Opening open(Wanted wanted) {
        var client = clients.of(wanted.headers(), wanted.login(), wanted.peer());
        if (client.isEmpty()) return new Opening.Refused(login());
        if (wanted.how() != Wanted.How.CAPTURED) return new Opening.Inspected(wanted.host(), wanted.port(), wanted);
        var name = names.name(wanted.host());
        return new Opening.Inspected(name.orElse(wanted.host()), wanted.port(), wanted, name.isPresent());
    }

    @Override
    public Response handle(Request request) throws IOException {
        // Asked for each request: a token that was taken back is none, however long its connection lives.
        var client = request.opening().isPresent() && request.opening().get().who() instanceof Wanted wanted
                ? clients.of(wanted.headers(), wanted.login(), wanted.peer())
                : clients.of(request.headers(), Optional.empty(), request.peer());
        if (client.isEmpty()) return login();
        var url = Reading.url(request);
        if (url.isEmpty()) return Response.text(400, "this is a proxy: name the whole URL\n");
        if (request.headers().has("upgrade"))
            return Response.text(501, "WebSockets are not passed on yet\n");
        return judged(request, client.get(), url.get());
    }

    private static Response login() {
        return Response.text(407, "a token is needed: Proxy-Authorization\n")
                .with("Proxy-Authenticate", "Basic realm=\"masugata\"");
    }

    private Response judged(Request request, Client client, HttpUrl url) throws IOException {
        var lent = openings.credential(url, request.method());
        var fields = Reading.fields(request.headers());
        // In its place stands the credential of the configuration, whatever the caller put there.
        var kept = lent.isEmpty()
                ? fields
                : fields.stream().filter(it -> !lent.get().headers().contains(it.name())).toList();
        Action.HttpRequest action;
        try {
            action = new Action.HttpRequest(url, request.method(), kept, Reading.body(request));
        } catch (RequestFault tooMuch) {
            checkpoint.saw(client.session(), client.session().agent().id(),
                    new Finding("egress/" + tooMuch.status(), Severity.LOW, ""));
            throw tooMuch;
        }
        var granted = openings.granted(client.session());
        var circumstance = new Circumstance(
                client.address(), hosts.toolClass(action), "", false,
                lent.map(it -> new Circumstance.Lent(it.name(), "")).orElse(Circumstance.Lent.NONE),
                hosts.opened(url, request.method(), granted));
        var doubt = Reading.doubt(action).or(() -> foreign(action, lent)).or(() -> placeholder(client, action));
        if (doubt.isPresent())
            return refused(client, action, checkpoint.refuse(client.session(), action, circumstance, doubt.get()));
        if (circumstance.opened() != Circumstance.Opened.NO) packages.prepare(url, request.method());
        return switch (checkpoint.judge(client.session(), action, circumstance, new Waiting(patience, (_, _) -> {}))) {
            case Refusal refusal -> refused(client, action, refusal);
            case Permit permit -> sent(request, client, permit, circumstance, lent);
        };
    }

    /// A place that has a credential gets no other one: it would be somebody else's account.
    private static Optional<Reason> foreign(Action.HttpRequest action, Optional<Openings.Lent> lent) {
        if (lent.isEmpty()) return Optional.empty();
        var parameter = lent.get().parameter();
        if (parameter.isPresent() && Reading.names(action.url().query(), parameter.get()))
            return Optional.of(new Reason("egress/other-credential",
                    "the request brings a credential of its own in `" + parameter.get() + "`, and the place has one"));
        for (var field : action.headers())
            if (Reading.CREDENTIALS.contains(field.name()))
                return Optional.of(new Reason("egress/other-credential",
                        "the request brings a credential of its own in `" + field.name() + "`, and the place has one"));
        return Optional.empty();
    }

    private Optional<Reason> placeholder(Client client, Action.HttpRequest action) {
        var says = JsonWriter.text(action.says());
        boolean usual = action.headers().stream().map(HttpField::value).anyMatch(it -> it.contains(PLACEHOLDER));
        if (!usual && !says.contains(PLACEHOLDER)) return Optional.empty();
        checkpoint.saw(client.session(), client.session().agent().id(),
                new Finding("secret/placeholder-elsewhere", Severity.HIGH, ""));
        return Optional.of(new Reason("egress/placeholder", "a placeholder stands where no credential belongs"));
    }

    private Response sent(
            Request request, Client client, Permit permit, Circumstance circumstance, Optional<Openings.Lent> lent) {
        var action = (Action.HttpRequest) permit.action();
        var slot = lent.map(Openings.Lent::slot).orElse(Slot.NONE);
        boolean privateToo = hosts.reachesPrivate(action.url(), action.method());
        var answered = exit.send(permit, circumstance, slot, privateToo, request::onGone);
        return switch (answered) {
            case Answered.Came(int status, var headers, var content, var close) -> {
                request.onGone(close);
                yield new Response(status, headers, content);
            }
            case Answered.Withheld(var refusal) -> refused(client, action, refusal);
            case Answered.Unfilled(var what) ->
                problem(403, "no credential",
                        "credential `" + lent.map(Openings.Lent::name).orElse("") + "` cannot be used: " + what,
                        permit.decision());
            case Answered.Failed(var what) -> problem(502, "not reached", what, permit.decision());
        };
    }

    private Response refused(Client client, Action.HttpRequest action, Refusal refusal) {
        denials.denied(client.session(), action.method() + " " + action.target(), refusal);
        return switch (refusal.kind()) {
            case DENIED -> problem(403, "denied by policy", refusal.text(), refusal.id());
            case HELD -> problem(403, "held for approval",
                    "held for approval " + refusal.id() + ": " + refusal.text() + "; repeat the same request",
                    refusal.id());
            case LIMITED -> problem(429, "too many requests", refusal.text(), refusal.id())
                    .with("Retry-After", Long.toString(Math.max(1, refusal.retryAfter().toSeconds())));
            case CLOSED -> problem(503, "the gates are closed", refusal.text(), refusal.id());
        };
    }

    /// RFC 9457.
    private static Response problem(int status, String title, String detail, String decision) {
        var body = Json.object("title", title).with("status", Json.of(status)).with("detail", detail)
                .with("decision", decision);
        var headers = Headers.of("content-type", "application/problem+json");
        if (!decision.isEmpty()) headers = headers.with("Masugata-Decision", decision);
        return new Response(status, headers, new Content.Bytes(JsonWriter.bytes(body)));
    }

    @Override
    public void refused(Peer peer, int status, String why) {
        clients.of(Headers.EMPTY, Optional.empty(), peer)
                .ifPresentOrElse(
                        client -> checkpoint.turnedAway(client.session().id(), client.session().agent().id(), status),
                        () -> checkpoint.turnedAway("", "peer:" + address(peer), status));
    }

    private static String address(Peer peer) {
        return peer.address().map(it -> it.getAddress().getHostAddress()).orElse("local");
    }
}
