package dev.masugata.credentials;

import dev.masugata.net.Headers;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A secret by reference, and the one slot of one origin that it fills.
public sealed interface Credential {
    String name();

    /// Where alone it is sent: `https://api.example.com`.
    String origin();

    /// True if the URL is on the origin that the secret is for: scheme, host and port, no more and no less.
    default boolean isFor(String url) {
        return originOf(url).equals(originOf(origin()));
    }

    /// Scheme, host in lower case and port of a URL (RFC 6454).
    static String originOf(String url) {
        var it = URI.create(url);
        var scheme = String.valueOf(it.getScheme()).toLowerCase(Locale.ROOT);
        int port = it.getPort() >= 0 ? it.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + String.valueOf(it.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    /// One that somebody keeps and Masugata reads.
    ///
    /// @param header   the header that carries it
    /// @param template the header's value, `{}` where the secret goes
    /// @param methods  of requests that it goes with; empty: all
    /// @param paths    beginnings of their paths; empty: all
    record Value(
            String name, Source source, String origin, String header, String template, Set<String> methods,
            List<String> paths)
            implements Credential {
        public Value {
            if (!template.contains("{}")) throw new IllegalArgumentException("the slot is `{}`");
            methods = Set.copyOf(methods);
            paths = List.copyOf(paths);
        }

        /// One that goes with every request to its origin.
        public Value(String name, Source source, String origin, String header, String template) {
            this(name, source, origin, header, template, Set.of(), List.of());
        }

        /// True if it goes with this request to its origin.
        public boolean goesWith(String method, String path) {
            return Credential.goesWith(methods, paths, method, path);
        }

        /// The headers with the secret in its slot; one that a caller had put there is gone.
        public Headers fill(Headers headers) throws IOException {
            var secret = source.value();
            // RFC 7617: name and password in base64, as one.
            var basic = template.startsWith("Basic ") && template.endsWith(":{}")
                    ? "Basic " + Base64.getEncoder().encodeToString(
                            (template.substring(6, template.length() - 2) + secret).getBytes(StandardCharsets.UTF_8))
                    : template.replace("{}", secret);
            return headers.without(header).with(header, basic);
        }

        /// Never the value.
        @Override
        public String toString() {
            return "credential " + name;
        }
    }

    /// One that is put into the query, or signs the request.
    record Signing(String name, Signer signer, String origin, Set<String> methods, List<String> paths)
            implements Credential {
        public Signing {
            methods = Set.copyOf(methods);
            paths = List.copyOf(paths);
        }

        /// True if it goes with this request to its origin.
        public boolean goesWith(String method, String path) {
            return Credential.goesWith(methods, paths, method, path);
        }

        @Override
        public String toString() {
            return "credential " + name;
        }
    }

    private static boolean goesWith(Set<String> methods, List<String> paths, String method, String path) {
        boolean below = paths.isEmpty()
                || paths.stream().anyMatch(it -> path.equals(it) || path.startsWith(it.endsWith("/") ? it : it + "/"));
        return below && (methods.isEmpty() || methods.contains(method));
    }

    /// One that an authorization server gives Masugata, as a client of its own (OAuth 2.1). [Authorization] holds it.
    record Token(String name, Oauth oauth, String origin) implements Credential {
        @Override
        public String toString() {
            return "credential " + name;
        }
    }
}
