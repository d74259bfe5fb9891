package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Session;
import dev.masugata.net.Headers;
import dev.masugata.net.OutRequest;
import dev.masugata.net.Timeouts;
import dev.masugata.net.Upstream;
import dev.masugata.net.UpstreamFault;
import dev.masugata.net.UpstreamOptions;
import dev.masugata.wire.Json;
import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// The way out for Masugata's own calls, to addresses that the operator configured. They are judged and on record like
/// everybody's.
public final class HouseExit implements AutoCloseable {
    /// Bytes of an answer that are read; nobody needs more of it than its status.
    static final int ANSWER_BYTES_MAX = 64 * 1024;

    /// How long one fetch may take.
    static final Duration FETCH_MAX = Duration.ofSeconds(15);

    private static final Timeouts FETCHING = new Timeouts(FETCH_MAX, FETCH_MAX, FETCH_MAX, FETCH_MAX);

    private final Checkpoint checkpoint;
    private final Session house;
    private final Upstream upstream;

    /// @param house the session that stands for Masugata itself
    public HouseExit(Checkpoint checkpoint, Session house) throws IOException {
        this.checkpoint = checkpoint;
        this.house = house;
        this.upstream = new Upstream(UpstreamOptions.DEFAULT.withBodyBytes(ANSWER_BYTES_MAX), Web.guard());
    }

    /// Posts a body.
    ///
    /// @return the status, or empty when it was refused (and that is on record)
    /// @throws IOException when it did not come through
    public Optional<Integer> post(URI url, String type, byte[] body) throws IOException {
        var call = new Action.HouseCall(url.getAuthority(), "POST", url.getRawPath(), Sha256.hex(body));
        if (!(checkpoint.judge(house, call, Circumstance.at("gate"), Waiting.NONE) instanceof Permit permit))
            return Optional.empty();
        long began = System.nanoTime();
        permit.spend("house", checkpoint.now());
        try (var exchange = upstream.send(OutRequest.to("POST", url.toString()).with("content-type", type).with(body))) {
            var answer = exchange.body().readAll(ANSWER_BYTES_MAX);
            checkpoint.done(permit, "ok", body.length, answer.length, micros(began), Json.object("status", Json.of(exchange.status())));
            return Optional.of(exchange.status());
        } catch (UpstreamFault failed) {
            checkpoint.done(permit, "error", body.length, 0, micros(began), Json.NULL);
            throw failed;
        }
    }

    /// An answer whose body counts.
    public record Fetched(int status, Headers headers, byte[] body) {}

    /// Calls a URL that a server named, or that was made of what it named. Only public addresses are dialed, and those
    /// of the kind that the configured server has; no redirect is followed.
    ///
    /// @param beside the URL of the configured server
    /// @param shown  what of the body the record may know by its digest: without secrets
    /// @throws IOException when it was refused (which is on record) or did not come through
    public Fetched fetch(URI beside, String method, URI url, Headers headers, byte[] body, String shown)
            throws IOException {
        var call = new Action.HouseCall(url.getAuthority(), method, url.getRawPath(), Sha256.hex(shown));
        switch (checkpoint.judge(house, call, Circumstance.at("gate"), Waiting.NONE)) {
            case Refusal refusal ->
                    throw new IOException("a call to " + url.getAuthority() + " was refused: " + refusal.text());
            case Permit permit -> {
                return fetched(permit, StrangerGuard.beside(beside), request(method, url, headers, body));
            }
        }
    }

    private static OutRequest request(String method, URI url, Headers headers, byte[] body) throws IOException {
        try {
            var request = OutRequest.to(method, url.toString()).with(headers).with(FETCHING);
            return body.length == 0 ? request : request.with(body);
        } catch (IllegalArgumentException unusable) {
            throw new IOException("`" + url.getAuthority() + "` cannot be called: " + unusable.getMessage(), unusable);
        }
    }

    private Fetched fetched(Permit permit, StrangerGuard guard, OutRequest request) throws IOException {
        long began = System.nanoTime();
        permit.spend("house", checkpoint.now());
        // A connection of its own: none is used again that another guard let through.
        try (var once = new Upstream(UpstreamOptions.DEFAULT.withBodyBytes(ANSWER_BYTES_MAX), guard);
                var exchange = once.send(request)) {
            var answer = exchange.body().readAll(ANSWER_BYTES_MAX);
            checkpoint.done(permit, "ok", 0, answer.length, micros(began),
                    Json.object("status", Json.of(exchange.status())));
            return new Fetched(exchange.status(), exchange.headers(), answer);
        } catch (UpstreamFault failed) {
            checkpoint.done(permit, "error", 0, 0, micros(began), Json.NULL);
            throw failed;
        }
    }

    private static long micros(long began) {
        return (System.nanoTime() - began) / 1000;
    }

    @Override
    public void close() {
        upstream.close();
    }
}
