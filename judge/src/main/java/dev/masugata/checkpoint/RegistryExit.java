package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Session;
import dev.masugata.net.Content;
import dev.masugata.net.Destination;
import dev.masugata.net.Exchange;
import dev.masugata.net.Headers;
import dev.masugata.net.OutRequest;
import dev.masugata.net.Response;
import dev.masugata.net.Upstream;
import dev.masugata.net.UpstreamFault;
import dev.masugata.net.UpstreamOptions;
import dev.masugata.wire.Json;
import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// The way out of the sealed installer: it reads packages where the operator says that they lie. Each request is a call
/// of Masugata's own, judged and on record. What comes back goes to the installer as it is, which compares it with the
/// digests of its registry; no agent reads it.
public final class RegistryExit implements AutoCloseable {
    /// Bytes of one file of a registry.
    public static final long FILE_BYTES_MAX = 512L * 1024 * 1024;

    private final Checkpoint checkpoint;
    private final Session house;
    private final Upstream upstream;

    /// @param house       the session that stands for Masugata itself
    /// @param authorities certificates to trust instead of the system's, as PEM
    public RegistryExit(Checkpoint checkpoint, Session house, Optional<byte[]> authorities) throws IOException {
        this.checkpoint = checkpoint;
        this.house = house;
        var options = authorities.map(UpstreamOptions.DEFAULT::withAuthorities).orElse(UpstreamOptions.DEFAULT);
        this.upstream = new Upstream(options.withBodyBytes(FILE_BYTES_MAX), Web.guard());
    }

    /// Reads one file.
    ///
    /// @param method `GET` or `HEAD`
    /// @param slot   of the credential that belongs to the place; [Slot#NONE]
    public Response read(HttpUrl url, String method, Headers headers, Slot slot) {
        var call = new Action.HouseCall(url.host() + ":" + url.port(), method, url.path(), Sha256.hex(""));
        return switch (checkpoint.judge(house, call, Circumstance.at("gate"), Waiting.NONE)) {
            case Refusal refusal -> Response.text(403, refusal.text() + "\n");
            case Permit permit -> read(permit, url, method, headers, slot);
        };
    }

    /// What a registry says of a package.
    public record Answer(int status, byte[] body) {}

    /// Reads what a registry says, whole.
    ///
    /// @param bytesMax of it
    /// @return empty where it was refused (which is on record), could not be had, or is longer
    public Optional<Answer> ask(HttpUrl url, Slot slot, int bytesMax) {
        var call = new Action.HouseCall(url.host() + ":" + url.port(), "GET", url.path(), Sha256.hex(""));
        if (!(checkpoint.judge(house, call, Circumstance.at("gate"), Waiting.NONE) instanceof Permit permit))
            return Optional.empty();
        long began = System.nanoTime();
        try {
            var headers = slot.fill(Headers.of("accept", "application/json", "user-agent", "masugata"));
            permit.spend("house", checkpoint.now());
            try (var exchange = upstream.send(OutRequest.to(
                    "GET", new Destination.Web(url.tls(), url.host(), url.port()), url.local()).with(headers))) {
                var body = exchange.body().readAll(bytesMax);
                ended(permit, "ok", body.length, began, Json.object("status", Json.of(exchange.status())));
                return Optional.of(new Answer(exchange.status(), body));
            }
        } catch (IOException failed) {
            ended(permit, "error", 0, began, Json.NULL);
            return Optional.empty();
        }
    }

    private Response read(Permit permit, HttpUrl url, String method, Headers headers, Slot slot) {
        long began = System.nanoTime();
        Headers filled;
        try {
            filled = slot.fill(headers);
        } catch (IOException unfilled) {
            checkpoint.abandon(permit);
            return Response.text(403, unfilled.getMessage() + "\n");
        }
        permit.spend("house", checkpoint.now());
        var exchange = upstream.exchange(OutRequest.to(method, new Destination.Web(url.tls(), url.host(), url.port()),
                url.local()).with(filled));
        try {
            exchange.send();
            var length = exchange.headers().one("content-length").filter(it -> it.matches("[0-9]{1,12}"));
            // Of an answer to `HEAD` the length is told, and nothing comes.
            var body = new Content.Stream(
                    length.map(it -> OptionalLong.of(Long.parseLong(it))).orElse(OptionalLong.empty()),
                    Optional.empty(), out -> copy(permit, exchange, began, out));
            return new Response(exchange.status(), exchange.headers().endToEnd().without("content-length"), body);
        } catch (UpstreamFault fault) {
            exchange.close();
            ended(permit, "error", 0, began, Json.object("fault", fault.kind().name().toLowerCase(Locale.ROOT)));
            return Response.text(502, url.host() + " could not be read: " + fault.getMessage() + "\n");
        } catch (IOException failed) {
            exchange.close();
            ended(permit, "error", 0, began, Json.NULL);
            return Response.text(502, url.host() + " could not be read\n");
        }
    }

    private void copy(Permit permit, Exchange exchange, long began, java.io.OutputStream out) throws IOException {
        long bytes = 0;
        boolean all = false;
        try (exchange) {
            for (var piece = exchange.body().next(); piece != null; piece = exchange.body().next()) {
                bytes += piece.length;
                out.write(piece);
                out.flush();
            }
            all = true;
        } finally {
            ended(permit, all ? "ok" : "broken off", bytes, began,
                    Json.object("status", Json.of(exchange.status())));
        }
    }

    private void ended(Permit permit, String outcome, long bytes, long began, Json content) {
        checkpoint.done(permit, outcome, 0, bytes, (System.nanoTime() - began) / 1000, content);
    }

    @Override
    public void close() {
        upstream.close();
    }
}
