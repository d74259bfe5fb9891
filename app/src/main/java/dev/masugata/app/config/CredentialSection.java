package dev.masugata.app.config;

import dev.masugata.credentials.Credential;
import dev.masugata.credentials.Signer;
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
        var kinds = List.of("value", "oauth", "aws", "hmac").stream().filter(entry.names()::contains).toList();
        if (kinds.size() != 1)
            all.problemAt(name, "credential `" + name + "` needs one of `value`, `oauth`, `aws` and `hmac`");
        return switch (kinds.isEmpty() ? "value" : kinds.getLast()) {
            case "oauth" -> token(name, entry);
            case "value" -> value(name, entry);
            default -> signing(name, entry, kinds.getFirst());
        };
    }

    /// One that an authorization server gives: it always stands in `Authorization: Bearer`.
    private Optional<Credential> token(String name, Section entry) {
        var oauth = new OauthSection(this::source).read(entry);
        var origin = entry.parsed("at", ORIGIN, CredentialSection::origin);
        return oauth.isEmpty() || origin.isEmpty()
                ? Optional.empty()
                : Optional.of(new Credential.Token(name, oauth.get(), origin.get()));
    }

    /// One that signs each request.
    private Optional<Credential> signing(String name, Section entry, String kind) {
        var section = entry.section(kind);
        var signer = kind.equals("aws") ? aws(entry, section) : hmac(entry, section);
        section.done();
        var origin = entry.parsed("at", ORIGIN, CredentialSection::origin);
        var goes = goes(entry);
        return signer.isEmpty() || origin.isEmpty()
                ? Optional.empty()
                : Optional.of(new Credential.Signing(name, signer.get(), origin.get(), goes.methods(), goes.paths()));
    }

    private Optional<Signer> aws(Section entry, Section section) {
        var key = section.reference("key", SOURCE, this::source);
        var secret = section.reference("secret", SOURCE, this::source);
        var token = section.reference("token", SOURCE, this::source);
        var region = section.parsed("region", "a region such as `eu-west-1`", CredentialSection::word);
        var service = section.parsed("service", "a service such as `s3`", CredentialSection::word);
        for (var needed : List.of("key", "secret", "region", "service"))
            if (!section.names().contains(needed)) entry.problemAt("aws", "`aws` needs `" + needed + "`");
        return key.isEmpty() || secret.isEmpty() || region.isEmpty() || service.isEmpty()
                ? Optional.empty()
                : Optional.of(new Signer.Aws(key.get(), secret.get(), token, region.get(), service.get()));
    }

    private static Optional<String> word(String text) {
        return text.matches("[a-z0-9-]{1,64}") ? Optional.of(text) : Optional.empty();
    }

    private Optional<Signer> hmac(Section entry, Section section) {
        var key = section.reference("key", SOURCE, this::source);
        var algorithm = section.parsed("algorithm", "`sha256` or `sha512`", it ->
                it.equals("sha256") || it.equals("sha512") ? Optional.of(it) : Optional.empty()).orElse("sha256");
        var encoding = section.parsed("encoding", "`hex` or `base64`", it ->
                it.equals("hex") || it.equals("base64") ? Optional.of(it) : Optional.empty()).orElse("hex");
        var header = section.parsed("header", "a header with `{}` where the digest goes, such as `\"X-Signature: {}\"`",
                CredentialSection::slot);
        var over = section.text("over").orElse("{timestamp}{method}{path}{body}");
        var timestamp = section.parsed("timestamp", "a header's name", it ->
                it.matches("[A-Za-z0-9-]{1,100}") && NOT_SLOTS.stream().noneMatch(it::equalsIgnoreCase)
                        ? Optional.of(it)
                        : Optional.empty());
        for (var needed : List.of("key", "header"))
            if (!section.names().contains(needed)) entry.problemAt("hmac", "`hmac` needs `" + needed + "`");
        if (over.contains("{timestamp}") && timestamp.isEmpty())
            entry.problemAt("hmac", "`hmac` signs a `{timestamp}`, so it needs `timestamp`: the header that says"
                    + " which");
        return key.isEmpty() || header.isEmpty()
                ? Optional.empty()
                : Optional.of(new Signer.Hmac(key.get(), algorithm.equals("sha512"), header.get()[0], header.get()[1],
                        encoding.equals("base64"), over, timestamp));
    }

    /// With which requests to its origin it goes.
    private record Goes(Set<String> methods, List<String> paths) {}

    private static Goes goes(Section entry) {
        var methods = Set.copyOf(entry.texts("methods"));
        var below = entry.texts("paths");
        if (methods.stream().anyMatch(it -> !it.matches("[A-Z]{3,10}")))
            entry.problemAt("methods", "`methods` are words in capitals, such as [GET, POST]");
        if (below.stream().anyMatch(it -> !it.startsWith("/") || it.indexOf('%') >= 0))
            entry.problemAt("paths", "`paths` are beginnings of paths, such as [/api/v1]");
        return new Goes(methods, below);
    }

    private static final String SOURCE = "`env:NAME`, `file:PATH`, `vault:NAME`, `keyring:NAME` or `exec:COMMAND`:"
            + " values stand outside the configuration";

    private static final String ORIGIN = "an origin such as https://api.example.com";

    private Optional<Credential> value(String name, Section entry) {
        var source = entry.reference("value", SOURCE, this::source);
        var origin = entry.parsed("at", ORIGIN, CredentialSection::origin);
        var query = entry.parsed("query", "a parameter's name", it ->
                it.matches("[A-Za-z0-9._-]{1,100}") ? Optional.of(it) : Optional.empty());
        if (query.isPresent() && entry.names().contains("header"))
            entry.problemAt("query", "a credential has one slot: `header` or `query`");
        var slot = entry.parsed("header",
                "a header with `{}` where the secret goes, such as `\"Authorization: Bearer {}\"`",
                CredentialSection::slot).orElse(new String[] {"Authorization", "Bearer {}"});
        var goes = goes(entry);
        if (source.isEmpty() || origin.isEmpty()) return Optional.empty();
        return Optional.of(query.isPresent()
                ? new Credential.Signing(name, new Signer.Query(source.get(), query.get()), origin.get(),
                        goes.methods(),
                        goes.paths())
                : new Credential.Value(
                        name, source.get(), origin.get(), slot[0], slot[1], goes.methods(), goes.paths()));
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
