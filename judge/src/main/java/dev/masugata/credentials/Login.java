package dev.masugata.credentials;

import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One request for a person's consent, from the page in the browser to the code that comes back. It is good once.
///
/// @param verifier of PKCE (RFC 7636)
/// @param state    what the answer must carry
public record Login(
        Metadata.Issuer issuer,
        String resource,
        String redirect,
        List<String> scopes,
        String verifier,
        String state,
        Instant expires) {
    /// How long a person may take.
    static final Duration LIFE = Duration.ofMinutes(10);
    /// Characters of a code that comes back.
    static final int CODE_CHARS_MAX = 8_192;

    /// What came back to the redirect URI.
    ///
    /// @param issuer RFC 9207: who answers
    public record Answer(String state, String code, Optional<String> issuer, String error) {
        /// Never the code.
        @Override
        public String toString() {
            return "an answer";
        }
    }

    static Login begun(
            Metadata.Issuer issuer, String resource, String redirect, List<String> scopes, RandomGenerator random,
                    Instant now)
            throws IOException {
        if (issuer.authorize().isEmpty()) throw new IOException("the authorization server has no page for a person");
        // Where it is not said it is not there: then a stolen code could be used (MCP, Authorization Code Protection).
        if (!issuer.s256()) throw new IOException("the authorization server does not say that it knows PKCE with S256");
        if (!redirect.matches("http://127\\.0\\.0\\.1:[0-9]{1,5}/callback"))
            throw new IOException("the answer of a login comes to a port of this machine");
        return new Login(issuer, resource, redirect, scopes, drawn(random), drawn(random), now.plus(LIFE));
    }

    private static String drawn(RandomGenerator random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return base64(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// The page that asks the person.
    URI page(Oauth.Client client) {
        var form = new LinkedHashMap<String, String>();
        form.put("response_type", "code");
        form.put("client_id", client.id());
        form.put("redirect_uri", redirect);
        if (!scopes.isEmpty()) form.put("scope", String.join(" ", scopes));
        form.put("state", state);
        form.put("code_challenge", base64(Sha256.of(verifier.getBytes(StandardCharsets.US_ASCII))));
        form.put("code_challenge_method", "S256");
        form.put("resource", resource);
        var page = issuer.authorize().orElseThrow();
        return URI.create(page + (page.getRawQuery() == null ? "?" : "&") + TokenEndpoint.encoded(form));
    }

    /// The code, if the answer is to this request and of this issuer.
    String code(Answer answer, Instant now) throws IOException {
        boolean ours = MessageDigest.isEqual(
                state.getBytes(StandardCharsets.US_ASCII), answer.state().getBytes(StandardCharsets.UTF_8));
        if (!ours) throw new IOException("the answer is to another login");
        if (now.isAfter(expires)) throw new IOException("the login took longer than " + LIFE.toMinutes() + " minutes");
        // Letter for letter, also of an error (RFC 9207 section 2.4): who answers must be who was asked.
        if (answer.issuer().isPresent() && !answer.issuer().get().equals(issuer.issuer()))
            throw new IOException("another authorization server answered");
        if (answer.issuer().isEmpty() && issuer.namesItself())
            throw new IOException("the answer does not say which authorization server it is of");
        if (!answer.error().isEmpty())
            throw new IOException("the authorization server refused"
                    + (answer.error().matches("[a-z_]{1,60}") ? ": " + answer.error() : ""));
        if (answer.code().isEmpty() || answer.code().length() > CODE_CHARS_MAX)
            throw new IOException("the answer has no code");
        return answer.code();
    }

    /// Never what is secret in it.
    @Override
    public String toString() {
        return "a login at " + issuer.issuer();
    }
}
