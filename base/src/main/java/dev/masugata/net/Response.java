package dev.masugata.net;

import dev.masugata.wire.Sse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// What a handler answers. Where the message ends and whether the connection stays is not the handler's matter:
/// headers that say so are refused (pass on [Headers#endToEnd]).
public record Response(int status, Headers headers, Content content) {
    /// How often a quiet event stream shows that it lives.
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    public Response {
        if (status < 200 || status > 599) throw new IllegalArgumentException("a status is 200 to 599");
        // A proxy asks its own client who it is (RFC 9110 section 11.7.1).
        var hop = (status == 407 ? headers.without("proxy-authenticate") : headers).firstHopByHop();
        if (hop != null) throw new IllegalArgumentException("header `" + hop + "` belongs to the connection");
    }

    public static Response of(int status) {
        return new Response(status, Headers.EMPTY, Content.NONE);
    }

    public static Response of(int status, String type, byte[] body) {
        return new Response(status, Headers.of("content-type", type), new Content.Bytes(body));
    }

    public static Response text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static Response json(int status, byte[] body) {
        return of(status, "application/json", body);
    }

    public static Response stream(int status, Headers headers, Content.Writer writer) {
        return new Response(status, headers, new Content.Stream(writer));
    }

    /// Server-sent events; with a comment whenever it was quiet for [#KEEP_ALIVE].
    public static Response events(EventWriter writer) {
        return events(KEEP_ALIVE, writer);
    }

    public static Response events(Duration keepAlive, EventWriter writer) {
        var headers =
                Headers.of("content-type", "text/event-stream", "cache-control", "no-cache", "x-accel-buffering", "no");
        var pulse = new Content.Pulse(Sse.encode(new Sse.Comment("")), keepAlive);
        return new Response(200, headers, new Content.Stream(OptionalLong.empty(), Optional.of(pulse), out -> {
            out.flush();
            writer.write(frame -> {
                out.write(Sse.encode(frame));
                out.flush();
            });
        }));
    }

    public Response with(String name, String value) {
        return new Response(status, headers.with(name, value), content);
    }

    /// Writes events until it returns.
    public interface EventWriter {
        void write(Events out) throws Exception;
    }

    /// Takes events. `send` blocks while the client takes nothing, and fails with [ClientGone] when it has gone.
    public interface Events {
        void send(Sse.Frame frame) throws java.io.IOException;
    }
}
