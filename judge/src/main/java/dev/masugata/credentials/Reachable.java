package dev.masugata.credentials;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/// Which URLs that a server or its metadata names may be called: what a stranger names must not reach what only this
/// machine can (RFC 9728 section 7.7; MCP, Security Best Practices, SSRF).
///
/// @param loopback true where the configured server itself is on this machine: then so may be what it names
public record Reachable(boolean loopback) {
    /// Characters of a URL that a server names.
    static final int URL_CHARS_MAX = 2_048;

    /// By the URL of the configured server.
    public static Reachable from(String server) {
        return new Reachable(isLoopback(URI.create(server)));
    }

    static boolean isLoopback(URI url) {
        var host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    /// The URL, if it may be called: `https`, or `http` on this machine where the server is there too.
    ///
    /// @param what names it in the message
    URI checked(String text, String what) throws IOException {
        if (text.length() > URL_CHARS_MAX)
            throw new IOException(what + " has more than " + URL_CHARS_MAX + " characters");
        // What it says is shown to people: nothing that is written otherwise than it looks.
        if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7F)) throw new IOException(what + " is not plain ASCII");
        try {
            var url = URI.create(text);
            boolean here = isLoopback(url);
            boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme()) && here && loopback;
            if (!web || url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null)
                throw new IOException(what + " is no `https` URL that may be called");
            if (here && !loopback) throw new IOException(what + " points to this machine, where the server is not");
            return url;
        } catch (IllegalArgumentException unreadable) {
            throw new IOException(what + " is no URL", unreadable);
        }
    }
}
