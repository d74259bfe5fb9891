package dev.masugata.credentials;

import dev.masugata.net.Headers;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Asks for tokens (RFC 6749 sections 3.2, 4.1.3, 4.4 and 6). Every request names the resource (RFC 8707).
///
/// @param resource what the token is for
record TokenEndpoint(Metadata.Issuer issuer, Oauth.Client client, String resource, Outward out) {
    /// The issuer said no; what was presented to it is worth nothing any more if it was `invalid_grant`.
    static final class Denied extends IOException {
        private final String error;

        Denied(String error) {
            super("the authorization server refused: " + error);
            this.error = error;
        }

        boolean isOver() {
            return error.equals("invalid_grant");
        }
    }

    Granted forItself(List<String> scopes, Instant now) throws IOException {
        return asked(scoped(form("client_credentials"), scopes), scopes, now);
    }

    Granted forCode(String code, String redirect, String verifier, List<String> scopes, Instant now)
            throws IOException {
        var form = form("authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirect);
        form.put("code_verifier", verifier);
        return asked(form, scopes, now);
    }

    Granted refreshed(String refresh, List<String> scopes, Instant now) throws IOException {
        var form = form("refresh_token");
        form.put("refresh_token", refresh);
        return asked(form, scopes, now);
    }

    private Map<String, String> form(String type) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", type);
        form.put("resource", resource);
        return form;
    }

    private static Map<String, String> scoped(Map<String, String> form, List<String> scopes) {
        if (!scopes.isEmpty()) form.put("scope", String.join(" ", scopes));
        return form;
    }

    private Granted asked(Map<String, String> form, List<String> scopes, Instant now) throws IOException {
        var headers = Headers.of("accept", "application/json", "content-type", "application/x-www-form-urlencoded");
        var shown = form.get("grant_type") + " " + resource;
        headers = authenticated(headers, form);
        var body = encoded(form).getBytes(StandardCharsets.US_ASCII);
        var reply = out.call(new Outward.Ask("POST", issuer.token(), headers, body, shown));
        if (reply.status() / 100 == 4) throw new Denied(error(reply));
        if (reply.status() != 200)
            throw new IOException("the authorization server answered with status " + reply.status());
        return Granted.of(Metadata.read(reply.body(), "the answer of the token endpoint"), scopes, now);
    }

    /// A code of RFC 6749 section 5.2; nothing else that it says reaches a person.
    private static String error(Outward.Reply reply) throws IOException {
        var said = reply.body().length == 0 ? Json.EMPTY
                : Metadata.read(reply.body(), "the answer of the token endpoint");
        return said.string("error").filter(it -> it.matches("[a-z_]{1,60}")).orElse("status " + reply.status());
    }

    /// With a secret in the way that the issuer knows; a client without one says who it is.
    private Headers authenticated(Headers headers, Map<String, String> form) throws IOException {
        var secret = client instanceof Oauth.Client.Registered(_, var kept) ? kept : Optional.<Source>empty();
        if (secret.isEmpty()) {
            form.put("client_id", client.id());
            return headers;
        }
        var value = secret.get().value();
        // What an issuer does not say is this way (RFC 8414 section 2).
        if (issuer.methods().isEmpty() || issuer.methods().contains("client_secret_basic")) {
            var pair = (encoded(client.id()) + ":" + encoded(value)).getBytes(StandardCharsets.US_ASCII);
            return headers.with("authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        }
        if (!issuer.methods().contains("client_secret_post"))
            throw new IOException("the authorization server takes no secret in a way that is known");
        form.put("client_id", client.id());
        form.put("client_secret", value);
        return headers;
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(it -> encoded(it.getKey()) + "=" + encoded(it.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
