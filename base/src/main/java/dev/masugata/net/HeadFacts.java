package dev.masugata.net;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.OptionalLong;

/// A request's head after all rules: what it asks, of whom, and where its body ends.
///
/// @param length of the body; empty when it comes in chunks
record HeadFacts(String method, Target target, Authority host, Headers headers, OptionalLong length, boolean http10) {

    static HeadFacts of(HttpRequest message, ServerOptions options, int localPort) throws Malformed {
        if (message.decoderResult().isFailure()) throw new Malformed(400, "the head is malformed");
        var method = message.method().name();
        var headers = headers(message);
        boolean http10 = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
        RequestRules.framing(http10, headers, 400);
        var target = Target.parse(method, message.uri(), options.absolute());
        var host = RequestRules.host(target, headers, options, localPort);
        RequestRules.origin(method, headers, options, host, localPort);
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
