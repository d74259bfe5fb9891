package dev.masugata.app.config;

import dev.masugata.credentials.Credential;
import dev.masugata.credentials.Source;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads `credentials`: values by reference only, each for one slot of one origin.
///
/// @param paths where a path that the file names stands
/// @param told  sources that are asked
record CredentialSection(Function<String, Optional<Path>> paths, Told told) {
    /// Headers that belong to the connection or to us.
    private static final List<String> NOT_SLOTS = List.of(
            "host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer", "keep-alive",
            "mcp-session-id", "mcp-protocol-version", "mcp-method", "mcp-name");

    Map<String, Credential> read(Section top) {
        var credentials = new LinkedHashMap<String, Credential>();
        var all = top.section("credentials");
        for (var name : List.copyOf(all.names())) {
            var entry = all.section(name);
            if (!name.matches("[a-z0-9][a-z0-9-]{0,63}"))
                all.problemAt(name, "a credential's name is 1 to 64 of `a-z`, `0-9` and `-`");
            credential(name, all, entry).ifPresent(it -> credentials.put(name, it));
            entry.done();
        }
        return credentials;
    }

    private Optional<Credential> credential(String name, Section all, Section entry) {
        if (!entry.names().contains("at")) all.problemAt(name, "credential `" + name + "` needs `at`");
        boolean oauth = entry.names().contains("oauth");
        if (oauth == entry.names().contains("value"))
            all.problemAt(name, "credential `" + name + "` needs `value` or `oauth`, and not both");
        return oauth ? token(name, entry) : value(name, entry);
    }

    /// One that an authorization server gives: it always stands in `Authorization: Bearer`.
    private Optional<Credential> token(String name, Section entry) {
        var oauth = new OauthSection(this::source).read(entry);
        var origin = entry.parsed("at", ORIGIN, CredentialSection::origin);
        return oauth.isEmpty() || origin.isEmpty()
                ? Optional.empty()
                : Optional.of(new Credential.Token(name, oauth.get(), origin.get()));
    }

    private static final String ORIGIN = "an origin such as https://api.example.com";

    private Optional<Credential> value(String name, Section entry) {
        var source = entry.reference("value", "`env:NAME`, `file:PATH`, `vault:NAME`, `keyring:NAME` or `exec:COMMAND`:"
                + " values stand outside the configuration", this::source);
        var origin = entry.parsed("at", ORIGIN, CredentialSection::origin);
        var slot = entry.parsed("header",
                "a header with `{}` where the secret goes, such as `\"Authorization: Bearer {}\"`",
                CredentialSection::slot).orElse(new String[] {"Authorization", "Bearer {}"});
        var methods = Set.copyOf(entry.texts("methods"));
        var below = entry.texts("paths");
        if (methods.stream().anyMatch(it -> !it.matches("[A-Z]{3,10}")))
            entry.problemAt("methods", "`methods` are words in capitals, such as [GET, POST]");
        if (below.stream().anyMatch(it -> !it.startsWith("/") || it.indexOf('%') >= 0))
            entry.problemAt("paths", "`paths` are beginnings of paths, such as [/api/v1]");
        if (source.isEmpty() || origin.isEmpty()) return Optional.empty();
        return Optional.of(
                new Credential.Value(name, source.get(), origin.get(), slot[0], slot[1], methods, below));
    }

    private Optional<Source> source(String text) {
        if (text.startsWith("file:") && text.length() > 5)
            return paths.apply(text.substring(5)).map(Source.InFile::new);
        if (text.startsWith("env:") && ServerSection.VARIABLE.matcher(text.substring(4)).matches())
            return Optional.of(new Source.InEnvironment(text.substring(4)));
        return told.source(text);
    }

    private static Optional<String> origin(String text) {
        try {
            var it = URI.create(text);
            boolean bare = it.getHost() != null
                    && it.getRawUserInfo() == null
                    && (it.getRawPath() == null || it.getRawPath().isEmpty() || it.getRawPath().equals("/"))
                    && it.getRawQuery() == null;
            boolean web = "https".equals(it.getScheme()) || "http".equals(it.getScheme());
            return bare && web ? Optional.of(text) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<String[]> slot(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) return Optional.empty();
        var name = text.substring(0, colon).strip();
        var value = text.substring(colon + 1).strip();
        boolean token = name.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
        boolean plain = value.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
        boolean free = NOT_SLOTS.stream().noneMatch(name::equalsIgnoreCase);
        return token && plain && free && value.contains("{}") ? Optional.of(new String[] {name, value})
                : Optional.empty();
    }
}
