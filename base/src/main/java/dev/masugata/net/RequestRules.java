package dev.masugata.net;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must hold of a whole head: one reading of where the body ends (RFC 9112 section 6), a host that this listener
/// serves, and no foreign page behind an effect.
final class RequestRules {
    /// Without an effect (RFC 9110 section 9.2.1), so a foreign page gains nothing by asking.
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private RequestRules() {}

    static void framing(boolean http10, Headers headers, int refusal) throws Malformed {
        var lengths = headers.all("content-length");
        var encodings = headers.all("transfer-encoding");
        if (lengths.size() > 1) throw new Malformed(refusal, "more than one Content-Length");
        if (!lengths.isEmpty() && !isLength(lengths.getFirst()))
            throw new Malformed(refusal, "the Content-Length is not a plain number");
        if (encodings.isEmpty()) return;
        if (http10) throw new Malformed(refusal, "HTTP/1.0 has no Transfer-Encoding");
        if (!lengths.isEmpty()) throw new Malformed(refusal, "both Content-Length and Transfer-Encoding");
        if (encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked"))
            throw new Malformed(refusal, "the only Transfer-Encoding taken is `chunked`");
    }

    /// The host that the request names, which must be one of the listener's.
    static Authority host(Target target, Headers headers, ServerOptions options, int localPort) throws Malformed {
        var hosts = headers.all("host");
        if (hosts.size() != 1) throw new Malformed(400, "a request has exactly one Host");
        var host = Authority.parse(hosts.getFirst());
        if (target.authority().isPresent() && !target.authority().get().equals(host.text()))
            throw new Malformed(400, "the Host is not that of the target");
        boolean known = options.hosts().contains(host.text())
                || options.hosts().contains(ServerOptions.ANY_HOST)
                || ((host.port() < 0 || host.port() == localPort)
                        && options.hosts().contains(host.host()));
        if (!known) throw new Malformed(421, "this listener does not serve that host");
        return host;
    }

    /// A page of another origin must not cause an effect; one of our own may, and so may those that the options name.
    static void origin(String method, Headers headers, ServerOptions options, Authority host, int localPort)
            throws Malformed {
        boolean effect = !SAFE.contains(method) || headers.has("upgrade");
        List<String> origins = headers.all("origin");
        if (!effect || origins.isEmpty()) return;
        boolean known = origins.size() == 1
                && (options.origins().contains(origins.getFirst().toLowerCase(Locale.ROOT))
                        || origins.getFirst().equals(ours(options, host, localPort)));
        if (!known) throw new Malformed(403, "requests from that origin are refused");
    }

    /// Our own origin as this request names us; null where any name would do, for then a page could choose it.
    private static @Nullable String ours(ServerOptions options, Authority host, int localPort) {
        boolean named = !options.hosts().contains(ServerOptions.ANY_HOST) && host.port() == localPort;
        return named ? (options.tls().isPresent() ? "https://" : "http://") + host.text() : null;
    }

    private static boolean isLength(String value) {
        return Tokens.isDigits(value) && value.length() <= 18 && (value.length() == 1 || value.charAt(0) != '0');
    }
}
