package dev.masugata.credentials;

import dev.masugata.net.Headers;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A server that demands tokens and authorization servers that give them, behind one [Outward]. Documents can be
/// changed to what an attacker would say; what was called is kept.
final class FakeWeb implements Outward {
    static final String SERVER = "https://kb.example.com/mcp";
    static final String PRM = "https://kb.example.com/.well-known/oauth-protected-resource/mcp";
    static final String ISSUER = "https://as.example.com";
    static final String AS = "https://as.example.com/.well-known/oauth-authorization-server";

    final Map<String, Json.Obj> documents = new LinkedHashMap<>();
    final List<String> called = new ArrayList<>();
    final List<Map<String, String>> forms = new ArrayList<>();
    final List<String> authorizations = new ArrayList<>();
    Json.Obj more = Json.EMPTY;
    String challenge = "";
    String denies = "";
    int tokens;

    FakeWeb() {
        documents.put(PRM, Json.object("resource", SERVER)
                .with("authorization_servers", Json.strings(List.of(ISSUER)))
                .with("scopes_supported", Json.strings(List.of("kb:read"))));
        documents.put(AS, issuer(ISSUER));
    }

    static Json.Obj issuer(String name) {
        return Json.object("issuer", name)
                .with("authorization_endpoint", name + "/authorize")
                .with("token_endpoint", name + "/token")
                .with("code_challenge_methods_supported", Json.strings(List.of("S256")))
                .with("token_endpoint_auth_methods_supported", Json.strings(List.of("client_secret_basic", "none")))
                .with("authorization_response_iss_parameter_supported", Json.TRUE);
    }

    /// A document with one member changed.
    void says(String document, String member, Json value) {
        documents.put(document, documents.get(document).with(member, value));
    }

    @Override
    public Reply call(Ask ask) throws IOException {
        called.add(ask.method() + " " + ask.url());
        if (ask.url().toString().equals(SERVER))
            return new Reply(401, challenge.isEmpty() ? Headers.EMPTY : Headers.of("www-authenticate", challenge),
                    new byte[0]);
        if (ask.method().equals("POST")) return token(ask);
        var document = documents.get(ask.url().toString());
        return document == null ? new Reply(404, Headers.EMPTY, new byte[0]) : json(200, document);
    }

    private Reply token(Ask ask) {
        var form = form(new String(ask.body(), StandardCharsets.US_ASCII));
        forms.add(form);
        authorizations.add(ask.headers().one("authorization").orElse(""));
        if (!denies.isEmpty()) return json(400, Json.object("error", denies));
        var granted = Json.object("access_token", "access-" + ++tokens).with("token_type", "Bearer")
                .with("expires_in", 600);
        for (var member : more.members().entrySet()) granted = granted.with(member.getKey(), member.getValue());
        return json(200, granted);
    }

    static Map<String, String> form(String text) {
        var form = new HashMap<String, String>();
        for (var pair : text.split("&")) {
            var parts = pair.split("=", 2);
            form.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return form;
    }

    static Map<String, String> query(URI page) {
        return form(page.getRawQuery());
    }

    private static Reply json(int status, Json.Obj body) {
        return new Reply(status, Headers.of("content-type", "application/json"), JsonWriter.bytes(body));
    }

    static String basic(String id, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.US_ASCII));
    }
}
