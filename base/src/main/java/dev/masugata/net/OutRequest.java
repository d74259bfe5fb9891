package dev.masugata.net;

import java.nio.file.Path;
import java.util.Optional;

/// A request to the outside. A value that exists can be sent: no part of it can break out of its line.
///
/// @param target path and query, in the one notation that [Server] takes as well
/// @param headers without `Host` and those that belong to the connection, which are written from the destination
/// @param pool connections are shared only between requests of one pool: give sessions their own where the other side
///     may tie a right to a connection
/// @param timeouts the upstream's where empty
public record OutRequest(
        String method,
        Destination destination,
        String target,
        Headers headers,
        Content content,
        String pool,
        Optional<Timeouts> timeouts) {

    public OutRequest {
        try {
            if (!Tokens.isMethod(method)) throw new IllegalArgumentException("a method is a word in capitals");
            Target.parse(method, target, false);
        } catch (Malformed e) {
            throw new IllegalArgumentException(e.why(), e);
        }
        var hop = headers.firstHopByHop();
        if (hop != null || headers.has("host"))
            throw new IllegalArgumentException(
                    "header `" + (hop == null ? "host" : hop) + "` belongs to the connection");
    }

    /// A request to a URL, `http` or `https`, without a body.
    public static OutRequest to(String method, String url) {
        try {
            var target = Target.parse(method, url, true);
            boolean tls = target.scheme().orElse("").equals("https");
            if (target.authority().isEmpty()) throw new IllegalArgumentException("a URL begins with its scheme");
            var authority = Authority.parse(target.authority().get());
            int port = authority.port() < 0 ? (tls ? 443 : 80) : authority.port();
            return to(method, new Destination.Web(tls, authority.host(), port), local(target));
        } catch (Malformed e) {
            throw new IllegalArgumentException(e.why(), e);
        }
    }

    /// A request to a unix socket.
    public static OutRequest to(String method, Path socket, String target) {
        return to(method, new Destination.Unix(socket), target);
    }

    public static OutRequest to(String method, Destination destination, String target) {
        return new OutRequest(method, destination, target, Headers.EMPTY, Content.NONE, "", Optional.empty());
    }

    private static String local(Target target) {
        return target.path() + target.query().map(query -> "?" + query).orElse("");
    }

    public OutRequest with(Headers it) {
        return new OutRequest(method, destination, target, it, content, pool, timeouts);
    }

    public OutRequest with(String name, String value) {
        return with(headers.with(name, value));
    }

    public OutRequest with(Content it) {
        return new OutRequest(method, destination, target, headers, it, pool, timeouts);
    }

    public OutRequest with(byte[] body) {
        return with(new Content.Bytes(body));
    }

    public OutRequest with(Timeouts it) {
        return new OutRequest(method, destination, target, headers, content, pool, Optional.of(it));
    }

    public OutRequest inPool(String it) {
        return new OutRequest(method, destination, target, headers, content, it, timeouts);
    }

    /// Never the target and the headers: they may hold secrets.
    @Override
    public String toString() {
        return method + " " + destination;
    }
}
