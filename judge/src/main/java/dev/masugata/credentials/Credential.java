package dev.masugata.credentials;

import dev.masugata.net.Headers;
import java.io.IOException;
import java.net.URI;

/// A secret by reference, and the one slot of one origin that it fills.
///
/// @param origin   where alone it is sent: `https://api.example.com`
/// @param header   the header that carries it
/// @param template the header's value, `{}` where the secret goes
public record Credential(String name, Source source, String origin, String header, String template) {
    public Credential {
        if (!template.contains("{}")) throw new IllegalArgumentException("the slot is `{}`");
    }

    /// True if the URL is on the origin that the secret is for: scheme, host and port, no more and no less.
    public boolean isFor(String url) {
        return originOf(url).equals(originOf(origin));
    }

    /// Scheme, host in lower case and port of a URL (RFC 6454).
    public static String originOf(String url) {
        var it = URI.create(url);
        var scheme = String.valueOf(it.getScheme()).toLowerCase(java.util.Locale.ROOT);
        int port = it.getPort() >= 0 ? it.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + String.valueOf(it.getHost()).toLowerCase(java.util.Locale.ROOT) + ":" + port;
    }

    /// The headers with the secret in its slot; one that a caller had put there is gone.
    public Headers fill(Headers headers) throws IOException {
        return headers.without(header).with(header, template.replace("{}", source.value()));
    }

    /// Never the value.
    @Override
    public String toString() {
        return "credential " + name;
    }
}
