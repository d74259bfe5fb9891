package dev.masugata.app.config;

import dev.masugata.credentials.Oauth;
import dev.masugata.credentials.Source;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads `oauth` of a credential: as whom Masugata asks for tokens, and for how much.
///
/// @param sources where a value that the file names stands
record OauthSection(Function<String, Optional<Source>> sources) {
    private static final String SOURCE = "`env:NAME` or `file:PATH`: values stand outside the configuration";

    Optional<Oauth> read(Section credential) {
        var entry = credential.section("oauth");
        var issuer = entry.parsed("issuer", "the URL of an authorization server", OauthSection::url);
        var flow = entry.parsed("flow", "`code` or `client-credentials`", text -> switch (text) {
            case "code" -> Optional.of(Oauth.Flow.CODE);
            case "client-credentials" -> Optional.of(Oauth.Flow.CLIENT_CREDENTIALS);
            default -> Optional.<Oauth.Flow>empty();
        }).orElse(Oauth.Flow.CODE);
        var scopes = List.copyOf(entry.texts("scopes"));
        for (var scope : scopes)
            if (!scope.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]+"))
                entry.problemAt("scopes", "`" + scope + "` is no scope");
        var client = client(credential, entry);
        entry.done();
        if (client.isEmpty()) return Optional.empty();
        boolean secret = client.get() instanceof Oauth.Client.Registered(_, var kept) && kept.isPresent();
        if (flow == Oauth.Flow.CLIENT_CREDENTIALS && !secret) {
            credential.problemAt("oauth", "`flow: client-credentials` needs `client` with a `secret`");
            return Optional.empty();
        }
        if (secret && issuer.isEmpty()) {
            credential.problemAt("oauth",
                    "a `client` with a `secret` needs `issuer`: the one authorization server that it is"
                    + " registered at, and that alone gets the secret");
            return Optional.empty();
        }
        return Optional.of(new Oauth(client.get(), issuer, scopes, flow));
    }

    private Optional<Oauth.Client> client(Section credential, Section entry) {
        var published = entry.parsed("metadata", "the `https` URL of a client id metadata document", text ->
                url(text).filter(it -> it.startsWith("https://") && URI.create(it).getPath().length() > 1));
        if (entry.names().contains("client") == entry.names().contains("metadata")) {
            credential.problemAt("oauth", "`oauth` needs `client: {id: ...}` or `metadata: https://...`, and not both");
            return Optional.empty();
        }
        if (published.isPresent()) return Optional.of(new Oauth.Client.Published(published.get()));
        if (!entry.names().contains("client")) return Optional.empty();
        var client = entry.section("client");
        var id = client.text("id");
        var secret = client.reference("secret", SOURCE, sources);
        client.done();
        if (id.isEmpty()) {
            entry.problemAt("client", "`client` needs an `id`");
            return Optional.empty();
        }
        return Optional.of(new Oauth.Client.Registered(id.get(), secret));
    }

    private static Optional<String> url(String text) {
        try {
            var it = URI.create(text);
            boolean web = "https".equals(it.getScheme()) || "http".equals(it.getScheme());
            boolean plain = it.getHost() != null && it.getRawUserInfo() == null && it.getRawFragment() == null;
            return web && plain ? Optional.of(text) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
