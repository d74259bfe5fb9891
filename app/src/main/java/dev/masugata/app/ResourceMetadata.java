package dev.masugata.app;

import dev.masugata.net.Request;
import dev.masugata.net.Response;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;

/// Where clients of the MCP gate get a token, if an identity provider gives them (RFC 9728; MCP 2025-11-25,
/// Authorization).
///
/// @param tokens whose providers count
record ResourceMetadata(Tokens tokens) {
    private static final String PLACE = "/.well-known/oauth-protected-resource";

    boolean isFor(Request request) {
        return !tokens.providers().isEmpty()
                && (request.path().equals(PLACE) || request.path().startsWith(PLACE + "/mcp"));
    }

    Response answer(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD"))
            return Response.text(405, "GET it\n");
        var path = request.path().substring(PLACE.length());
        var issuers = tokens.providers().stream().map(it -> it.issuer().toString()).distinct().toList();
        var about = Json.object("resource", origin(request) + (path.isEmpty() ? "/mcp" : path))
                .with("authorization_servers", Json.strings(issuers))
                .with("bearer_methods_supported", Json.strings(java.util.List.of("header")));
        return Response.of(200, "application/json", JsonWriter.bytes(about));
    }

    /// For `WWW-Authenticate`.
    String challenge(Request request) {
        return tokens.providers().isEmpty()
                ? "Bearer"
                : "Bearer resource_metadata=\"" + origin(request) + PLACE + request.path() + "\"";
    }

    /// The listener knows its own hosts, and answers no other.
    private static String origin(Request request) {
        return request.scheme().orElse("http") + "://" + request.host();
    }
}
