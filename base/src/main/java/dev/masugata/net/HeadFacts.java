package dev.masugata.net;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;

/// A request's head after all rules: what it asks, of whom, and where its body ends.
///
/// @param length of the body; empty when it comes in chunks
record HeadFacts(String method, Target target, Authority host, Headers headers, OptionalLong length, boolean http10) {

    static HeadFacts of(HttpRequest message, ServerOptions options, int localPort) throws Malformed {
        var method = message.method().name();
        var headers = checked(message);
        var target = Target.parse(method, message.uri(), options.absolute());
        var host = RequestRules.host(target, headers, options, localPort);
        // Which pages may call is between a proxy's client and who it calls.
        if (options.authority().isEmpty()) RequestRules.origin(method, headers, options, host, localPort);
        return of(message, options, method, target, host, headers);
    }

    /// Of a request inside of what a proxy opened: it is for that place and no other.
    static HeadFacts within(HttpRequest message, ServerOptions options, Opening.Inspected inside, boolean tls)
            throws Malformed {
        var method = message.method().name();
        var headers = checked(message);
        var target = Target.parse(method, message.uri(), false);
        var hosts = headers.all("host");
        if (hosts.size() != 1) throw new Malformed(400, "a request has exactly one Host");
        var host = Authority.parse(hosts.getFirst());
        int port = host.port() < 0 ? (tls ? 443 : 80) : host.port();
        boolean other = inside.named() && !host.host().equals(inside.host());
        if (other || port != inside.port())
            throw new Malformed(421, "the Host is not the one that the connection was opened for");
        var whole = new Target(
                target.raw(), Optional.of(tls ? "https" : "http"), Optional.of(host.text()), target.path(),
                target.query());
        return of(message, options, method, whole, host, headers);
    }

    private static Headers checked(HttpRequest message) throws Malformed {
        if (message.decoderResult().isFailure()) throw new Malformed(400, "the head is malformed");
        var headers = headers(message);
        RequestRules.framing(message.protocolVersion().equals(HttpVersion.HTTP_1_0), headers, 400);
        return headers;
    }

    private static HeadFacts of(
            HttpRequest message, ServerOptions options, String method, Target target, Authority host, Headers headers)
            throws Malformed {
        boolean http10 = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (headers.has("expect") && !headers.one("expect").orElse("").equalsIgnoreCase("100-continue"))
            throw new Malformed(417, "the only expectation known is `100-continue`");
        long length = headers.one("content-length").map(Long::parseLong).orElse(0L);
        if (length > options.limits().bodyBytes())
            throw new Malformed(
                    413, "the body has more than " + options.limits().bodyBytes() + " bytes");
        boolean chunked = headers.has("transfer-encoding");
        return new HeadFacts(
                method, target, host, headers, chunked ? OptionalLong.empty() : OptionalLong.of(length), http10);
    }

    static Headers headers(io.netty.handler.codec.http.HttpMessage message) throws Malformed {
        var fields = new ArrayList<Headers.Field>(message.headers().size());
        try {
            var entries = message.headers().iteratorCharSequence();
            while (entries.hasNext()) {
                var entry = entries.next();
                fields.add(new Headers.Field(
                        entry.getKey().toString(), entry.getValue().toString()));
            }
        } catch (IllegalArgumentException e) {
            throw new Malformed(400, "a header has a character that is not allowed");
        }
        return Headers.of(fields);
    }
}
