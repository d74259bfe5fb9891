package dev.masugata.model;

import java.util.Optional;
import java.util.regex.Pattern;

/// Where a request over HTTP goes, in the one form that is judged, recorded and sent.
///
/// @param host a name or an address (IPv6 in brackets), in lower case
/// @param path begins with `/`, percent signs as they were sent
/// @param query what follows the question mark; empty: there is none
public record HttpUrl(boolean tls, String host, int port, String path, String query) {
    public HttpUrl {
        if (host.isEmpty() || port < 1 || port > 65_535) throw new IllegalArgumentException(
                "a URL names host and port");
        if (!path.startsWith("/")) throw new IllegalArgumentException("a path begins with `/`");
    }

    /// A URL as [#text] writes it; empty for anything else.
    public static Optional<HttpUrl> of(String text) {
        var parts = PARTS.matcher(text);
        if (!parts.matches()) return Optional.empty();
        boolean tls = parts.group(1).equals("https");
        int port = parts.group(3) == null ? (tls ? 443 : 80) : Integer.parseInt(parts.group(3));
        if (port < 1 || port > 65_535) return Optional.empty();
        var query = parts.group(5) == null ? "" : parts.group(5);
        return Optional.of(new HttpUrl(tls, parts.group(2), port, parts.group(4), query));
    }

    private static final Pattern PARTS =
            Pattern.compile("(https?)://(\\[[0-9a-f:.]+]|[^/:?#\\[\\]]+)(?::(\\d{1,5}))?(/[^?#]*)(?:\\?(.*))?");

    /// `https://example.com`, with its port where that is not the usual one.
    public String origin() {
        return (tls ? "https://" : "http://") + host + (port == (tls ? 443 : 80) ? "" : ":" + port);
    }

    /// Without the query.
    public String place() {
        return origin() + path;
    }

    /// Path and query, as the request line carries them.
    public String local() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    public String text() {
        return origin() + local();
    }
}
