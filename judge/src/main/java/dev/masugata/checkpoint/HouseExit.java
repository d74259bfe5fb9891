package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Session;
import dev.masugata.net.OutRequest;
import dev.masugata.net.Upstream;
import dev.masugata.net.UpstreamFault;
import dev.masugata.net.UpstreamOptions;
import dev.masugata.wire.Json;
import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// The way out for Masugata's own calls, to addresses that the operator configured. They are judged and on record like
/// everybody's.
public final class HouseExit implements AutoCloseable {
    /// Bytes of an answer that are read; nobody needs more of it than its status.
    static final int ANSWER_BYTES_MAX = 64 * 1024;

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

    private static long micros(long began) {
        return (System.nanoTime() - began) / 1000;
    }

    @Override
    public void close() {
        upstream.close();
    }
}
