package dev.masugata.checkpoint;

import dev.masugata.credentials.Scrub;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpBody;
import dev.masugata.model.Money;
import dev.masugata.model.Session;
import dev.masugata.model.Severity;
import dev.masugata.net.Body;
import dev.masugata.net.Content;
import dev.masugata.net.Destination;
import dev.masugata.net.Exchange;
import dev.masugata.net.Headers;
import dev.masugata.net.OutRequest;
import dev.masugata.net.Upstream;
import dev.masugata.net.UpstreamFault;
import dev.masugata.net.UpstreamOptions;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The way out for requests of agents. What is sent is the permit's action and a credential in its slot; the address is
/// looked up here, after judging, and looked at before it is dialed. What comes back is judged before any of it is
/// shown.
public final class EgressExit implements AutoCloseable {
    static final String NAME = "egress";

    /// Bytes of an answer that are read whole before they are shown. Of a longer one, and of what is no text, its
    /// labels bind first and it passes unread.
    public static final int READ_BYTES_MAX = 8 * 1024 * 1024;

    /// Faults before the first byte of a request.
    private static final Set<UpstreamFault.Kind> NEVER_LEFT =
            Set.of(UpstreamFault.Kind.REFUSED, UpstreamFault.Kind.UNREACHABLE, UpstreamFault.Kind.TLS);

    private static final Set<String> TEXTS = Set.of(
            "application/json", "application/javascript", "application/xml", "application/xhtml+xml",
            "application/x-www-form-urlencoded", "application/yaml", "application/toml", "application/sql");

    private final Checkpoint checkpoint;
    private final Upstream open;
    private final Upstream alsoPrivate;
    private final Map<String, Set<Exchange>> running = new ConcurrentHashMap<>();

    /// @param authorities certificates to trust instead of the system's, as PEM
    /// @param ownPorts    where the gate itself listens on this machine
    public EgressExit(Checkpoint checkpoint, Optional<byte[]> authorities, Supplier<Set<Integer>> ownPorts)
            throws IOException {
        this.checkpoint = checkpoint;
        var options = authorities.map(UpstreamOptions.DEFAULT::withAuthorities).orElse(UpstreamOptions.DEFAULT);
        this.open = new Upstream(options, new EgressGuard(false, ownPorts));
        this.alsoPrivate = new Upstream(options, new EgressGuard(true, ownPorts));
    }

    /// What came of it.
    public sealed interface Answered {
        /// May be shown. Whoever has shown it, or gives up, closes it.
        record Came(int status, Headers headers, Content content, Runnable close) implements Answered {}

        record Withheld(Refusal refusal) implements Answered {}

        /// Its slot could not be filled, so nothing was sent.
        ///
        /// @param what for the agent: neither place nor value
        record Unfilled(String what) implements Answered {}

        /// It did not come through.
        ///
        /// @param what for the agent: nothing of the inside
        record Failed(String what) implements Answered {}
    }

    /// Sends what was permitted, once.
    ///
    /// @param slot       of the credential that belongs to the place; [Slot#NONE]
    /// @param privateToo whether the allow list lets it reach private addresses
    /// @param gone       told how to end it when its client goes
    public Answered send(
            Permit permit, Circumstance circumstance, Slot slot, boolean privateToo,
            Consumer<Runnable> gone) {
        var request = (Action.HttpRequest) permit.action();
        long began = System.nanoTime();
        Slot.Filled filled;
        var plain = headers(request);
        try {
            filled = slot.fill(request, plain);
        } catch (IOException unfilled) {
            checkpoint.abandon(permit);
            return new Answered.Unfilled(String.valueOf(unfilled.getMessage()));
        }
        permit.spend(NAME, checkpoint.now());
        var exchange = (privateToo ? alsoPrivate : open).exchange(outgoing(permit.session(), request, filled));
        running.computeIfAbsent(permit.session().id(), _ -> ConcurrentHashMap.newKeySet()).add(exchange);
        permit.onTakenBack(exchange::cancel);
        // A stop may have come between the permit and now.
        if (checkpoint.isStopped(permit.session().id())) exchange.cancel();
        gone.accept(exchange::cancel);
        var call = new Call(permit, request, circumstance, exchange, new Scrub(secrets(plain, filled)), began);
        try {
            exchange.send();
            return answer(call);
        } catch (UpstreamFault fault) {
            if (NEVER_LEFT.contains(fault.kind()))
                permit.costs(permit.bill().map(it -> Money.none(it.amount().currency())));
            call.ended("error", 0, Json.object("fault", fault.kind().name().toLowerCase(Locale.ROOT)));
            exchange.close();
            return new Answered.Failed(said(request, fault));
        } catch (IOException failed) {
            call.ended("error", 0, Json.NULL);
            exchange.close();
            return new Answered.Failed(request.url().host() + " could not be reached");
        }
    }

    /// One call under way.
    private final class Call {
        final Permit permit;
        final Action.HttpRequest request;
        final Circumstance circumstance;
        final Exchange exchange;
        final Scrub scrub;
        final long began;

        Call(
                Permit permit, Action.HttpRequest request, Circumstance circumstance, Exchange exchange, Scrub scrub,
                long began) {
            this.permit = permit;
            this.request = request;
            this.circumstance = circumstance;
            this.exchange = exchange;
            this.scrub = scrub;
            this.began = began;
        }

        void ended(String outcome, long bytesIn, Json content) {
            running.computeIfPresent(permit.session().id(), (_, all) -> all.remove(exchange) && all.isEmpty() ? null
                    : all);
            if (scrub.found() > 0)
                checkpoint.saw(permit.session(), request.party(), new Finding("secret/reflected", Severity.HIGH, ""));
            checkpoint.done(permit, outcome, request.body().size(), bytesIn, (System.nanoTime() - began) / 1000,
                    content);
        }
    }

    /// Ends what the session has under way.
    public void stop(String session) {
        running.getOrDefault(session, Set.of()).forEach(Exchange::cancel);
    }

    static OutRequest outgoing(Session session, Action.HttpRequest request, Slot.Filled filled) {
        var url = request.url();
        var local = filled.query().isEmpty() ? url.path() : url.path() + "?" + filled.query();
        var sent = OutRequest.to(request.method(), new Destination.Web(url.tls(), url.host(), url.port()), local)
                .with(filled.headers())
                // A server may tie a right to a connection.
                .inPool(session.id());
        return request.body().isEmpty() ? sent : sent.with(request.body().bytes());
    }

    static Headers headers(Action.HttpRequest request) {
        var headers = Headers.EMPTY;
        for (var field : request.headers()) headers = headers.plus(field.name(), field.value());
        return headers;
    }

    /// What a slot put in: the values that were not there before, and their last word, behind `Bearer` and the like.
    static List<String> secrets(Headers before, Slot.Filled after) {
        var secrets = new ArrayList<>(after.secrets());
        for (var field : after.headers()) {
            if (before.all(field.name()).contains(field.value())) continue;
            secrets.add(field.value());
            secrets.add(field.value().substring(field.value().lastIndexOf(' ') + 1));
        }
        return secrets;
    }

    static String said(Action.HttpRequest request, UpstreamFault fault) {
        var host = request.url().host();
        return switch (fault.kind()) {
            case REFUSED -> host + " is not reached: " + fault.getMessage();
            case UNREACHABLE -> "nobody answers at " + host;
            case TLS -> host + " has no certificate that is trusted for it";
            case TIMEOUT, BUSY -> host + " did not answer in time";
            case PROTOCOL -> host + " answered what is no strict HTTP";
            case TOO_LARGE -> host + " answered more than is taken";
            case BROKEN, WRITER, CANCELLED -> "the connection to " + host + " broke off";
        };
    }

    // --- what comes back --------------------------------------------------------------------------------------------

    private Answered answer(Call call) throws IOException {
        var headers = scrubbed(call.exchange.headers().endToEnd(), call.scrub);
        var type = headers.one("content-type").orElse("");
        var encoding = headers.one("content-encoding").orElse("");
        boolean bodyless = call.request.method().equals("HEAD") || call.exchange.status() == 304;
        var bytes = new ByteArrayOutputStream();
        boolean whole = bodyless || isText(type) && read(call.exchange.body(), bytes);
        var raw = bytes.toByteArray();
        var clean = whole ? clean(raw, encoding, call.scrub) : raw;
        var body = !whole ? HttpBody.NONE : HttpBody.of(clean, form(type), clean == raw ? encoding : "");
        var read = body;
        call.permit.bill().ifPresent(bill -> call.permit.costs(
                bill.price().cost(headers::first, whole && !read.isEmpty() ? read.says() : Json.NULL)));
        var message = message(call.exchange.status(), headers, whole, body);
        var delivery = new Action.Delivery(call.request, message);
        var judged = checkpoint.deliveries().deliver(
                call.permit.session(), delivery, call.circumstance, ContentLabels.UNTRUSTED, call.permit.decision());
        return switch (judged) {
            case Delivered.Withheld(var refusal) -> {
                call.ended("withheld", raw.length, Json.NULL);
                call.exchange.close();
                yield new Answered.Withheld(refusal);
            }
            case Delivered.Passed(var shown) when !whole -> streamed(call, shown(headers, message, shown), raw);
            case Delivered.Passed(var shown) -> {
                call.ended("ok", raw.length, Json.object("status", Json.of(call.exchange.status())));
                call.exchange.close();
                boolean same = shown.at("body").equals(message.at("body"));
                var out = same ? clean : bytes(shown.at("body").orElse(Json.NULL), body);
                var left = shown(headers, message, shown);
                if (!same || clean != raw) left = left.without("content-encoding").without("etag");
                yield new Answered.Came(
                        call.exchange.status(), left, bodyless ? length(call.exchange) : new Content.Bytes(out), () ->
                                {});
            }
        };
    }

    /// Of an answer to `HEAD`: its length is told, and nothing comes.
    private static Content length(Exchange exchange) {
        var length = exchange.headers().one("content-length").filter(it -> it.matches("[0-9]{1,18}"));
        return length.isEmpty()
                ? Content.NONE
                : new Content.Stream(OptionalLong.of(Long.parseLong(length.get())), Optional.empty(), _ -> {});
    }

    private static boolean isText(String type) {
        var name = type.toLowerCase(Locale.ROOT);
        int end = name.indexOf(';');
        name = (end < 0 ? name : name.substring(0, end)).strip();
        // Events are read as they come; they have no end to wait for.
        if (name.equals("text/event-stream")) return false;
        return name.startsWith("text/") || name.endsWith("+json") || name.endsWith("+xml") || TEXTS.contains(name);
    }

    /// A form's answer is a text like any other.
    private static String form(String type) {
        return type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded") ? "text/plain" : type;
    }

    /// @return false if there is more than is read
    static boolean read(Body body, ByteArrayOutputStream into) throws IOException {
        for (var piece = body.next(); piece != null; piece = body.next()) {
            into.writeBytes(piece);
            if (into.size() > READ_BYTES_MAX) return false;
        }
        return true;
    }

    /// The same array where nothing of a secret is in it; else what is left, unpacked.
    static byte[] clean(byte[] raw, String encoding, Scrub scrub) {
        var plain = HttpBody.unpacked(raw, encoding).orElse(raw);
        var before = scrub.found();
        var out = new ByteArrayOutputStream(plain.length);
        out.writeBytes(scrub.accept(plain));
        out.writeBytes(scrub.finish());
        return scrub.found() == before ? raw : out.toByteArray();
    }

    private static Headers scrubbed(Headers headers, Scrub scrub) {
        var clean = Headers.EMPTY;
        for (var field : headers) clean = clean.plus(field.name(), scrub.text(field.value()));
        return clean;
    }

    static Json.Obj message(int status, Headers headers, boolean whole, HttpBody body) {
        var fields = Json.EMPTY;
        for (var field : headers) {
            var name = field.name().toLowerCase(Locale.ROOT);
            fields = fields.with(name, fields.string(name).map(it -> it + "\n" + field.value()).orElse(field.value()));
        }
        var message = Json.object("status", Json.of(status)).with("headers", fields);
        if (!whole) return message.with("body", Json.object("unread", Json.TRUE));
        return body.isEmpty() ? message : message.with("body", body.says());
    }

    /// The headers as they may be shown.
    private static Headers shown(Headers headers, Json.Obj message, Json.Obj shown) {
        if (shown.object("headers").equals(message.object("headers"))) return headers;
        var left = Headers.EMPTY;
        for (var member : shown.object("headers").members().entrySet())
            if (member.getValue() instanceof Json.Str(var text, _))
                for (var value : text.split("\n")) left = left.plus(member.getKey(), value.strip());
        return left;
    }

    static byte[] bytes(Json says, HttpBody came) {
        return came.form() == HttpBody.Form.TEXT && says instanceof Json.Str(var text, _)
                ? text.getBytes(StandardCharsets.UTF_8)
                : JsonWriter.bytes(says);
    }

    /// Passes as it comes; its labels have bound the session. A credential that comes back is taken out of it here too.
    private Answered streamed(Call call, Headers headers, byte[] begun) {
        var content = new Content.Stream(out -> {
            long passed = begun.length;
            boolean all = false;
            try {
                out.write(call.scrub.accept(begun));
                for (var piece = call.exchange.body().next(); piece != null; piece = call.exchange.body().next()) {
                    passed += piece.length;
                    out.write(call.scrub.accept(piece));
                    out.flush();
                }
                out.write(call.scrub.finish());
                all = true;
            } finally {
                call.ended(all ? "ok" : "broken off", passed, Json.object("status", Json.of(call.exchange.status())));
                call.exchange.close();
            }
        });
        return new Answered.Came(call.exchange.status(), headers, content, () -> {
            call.ended("not read", begun.length, Json.NULL);
            call.exchange.close();
        });
    }

    @Override
    public void close() {
        open.close();
        alsoPrivate.close();
    }
}
