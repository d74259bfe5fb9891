package dev.masugata.credentials;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// What a server says it wants, in `WWW-Authenticate: Bearer` (RFC 6750 section 3, RFC 9728 section 5.1).
///
/// @param metadata where it says more about itself; empty: at its well-known place
/// @param scopes   that the request needs; none: it does not say
/// @param error    such as `insufficient_scope`, or empty
record Challenge(String metadata, List<String> scopes, String error) {
    static final Challenge NONE = new Challenge("", List.of(), "");

    /// Characters of a challenge that are read.
    static final int CHARS_MAX = 8_192;
    /// Scopes of one challenge or metadata document that are looked at.
    static final int SCOPES_MAX = 100;

    private static final Pattern SCHEME = Pattern.compile("(?i)(?:^|,)\\s*Bearer(?:\\s+|$)");
    private static final Pattern PARAMETER =
            Pattern.compile("\\G\\s*,?\\s*([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");

    Challenge {
        scopes = List.copyOf(scopes);
    }

    static Challenge of(String header) {
        var text = header.length() > CHARS_MAX ? "" : header;
        var scheme = SCHEME.matcher(text);
        if (!scheme.find()) return NONE;
        var said = parameters(text.substring(scheme.end()));
        return new Challenge(
                said.getOrDefault("resource_metadata", ""),
                scopes(said.getOrDefault("scope", "")),
                said.getOrDefault("error", ""));
    }

    private static Map<String, String> parameters(String text) {
        var said = new HashMap<String, String>();
        var parameter = PARAMETER.matcher(text);
        while (parameter.find()) {
            var quoted = parameter.group(2);
            var value = quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1");
            said.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), value);
        }
        return said;
    }

    /// The scopes of a text, each once and in their order (RFC 6749 section 3.3).
    static List<String> scopes(String text) {
        return List.of(text.strip().split(" +")).stream()
                .filter(it -> it.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]+"))
                .distinct()
                .limit(SCOPES_MAX)
                .toList();
    }
}
