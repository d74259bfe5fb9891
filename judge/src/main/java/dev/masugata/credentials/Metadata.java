package dev.masugata.credentials;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds out where a server's tokens come from: what it says of itself (RFC 9728), and what the authorization server it
/// names says of itself (RFC 8414, OpenID Connect Discovery 1.0). Nothing of it is trusted further than that.
///
/// @param server the URL of the server, as configured
record Metadata(URI server, Reachable reachable, Outward out) {
    /// Bytes of a metadata document or a token answer.
    static final int BYTES_MAX = 64 * 1024;

    /// What a server says of itself.
    ///
    /// @param resource the name that tokens are for (RFC 8707)
    record Resource(String resource, List<String> issuers, List<String> scopes) {}

    /// What an authorization server says of itself.
    ///
    /// @param authorize empty: it shows nobody a page
    record Issuer(
            String issuer,
            Optional<URI> authorize,
            URI token,
            List<String> methods,
            List<String> scopes,
            boolean s256,
            boolean namesItself,
            boolean takesDocuments) {}

    // --- the server -------------------------------------------------------------------------------------------------

    Resource resource(Challenge challenge) throws IOException {
        for (var place : places(challenge)) {
            var said = document(place);
            if (said.isPresent()) return resource(said.get());
        }
        throw new IOException("the server does not say where its tokens come from (no protected resource metadata)");
    }

    /// Where the challenge says; else with the path in it, then at the root (RFC 9728 section 3.1).
    private List<URI> places(Challenge challenge) throws IOException {
        if (!challenge.metadata().isEmpty()) {
            var named = reachable.checked(challenge.metadata(), "`resource_metadata`");
            // Only the server itself may say what the server is.
            if (!Credential.originOf(named.toString()).equals(Credential.originOf(server.toString())))
                throw new IOException("`resource_metadata` is at another origin than the server");
            return List.of(named);
        }
        var path = path(server);
        var root = server.resolve("/.well-known/oauth-protected-resource");
        return path.isEmpty() ? List.of(root) : List.of(URI.create(root + path), root);
    }

    private Resource resource(Json.Obj said) throws IOException {
        var resource = said.string("resource").orElse("");
        if (!covers(resource)) throw new IOException("its metadata is about another resource than the server");
        var issuers = texts(said, "authorization_servers");
        if (issuers.isEmpty()) throw new IOException("its metadata names no authorization server");
        return new Resource(resource, issuers, texts(said, "scopes_supported"));
    }

    /// The resource must be the server, or a path above it: a token for anything else is nothing to ask for here.
    private boolean covers(String resource) throws IOException {
        var it = reachable.checked(resource, "`resource`");
        if (!Credential.originOf(resource).equals(Credential.originOf(server.toString()))) return false;
        var above = path(it);
        var path = path(server);
        return path.equals(above) || path.startsWith(above + "/");
    }

    /// Without the slash at its end; empty for the root.
    private static String path(URI url) {
        var path = url.getRawPath() == null ? "" : url.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    // --- the authorization server -----------------------------------------------------------------------------------

    Issuer issuer(String name) throws IOException {
        var issuer = reachable.checked(name, "the issuer");
        if (issuer.getRawQuery() != null) throw new IOException("the issuer has a query");
        var path = path(issuer);
        var root = issuer.resolve("/.well-known/");
        var places = new ArrayList<URI>();
        places.add(URI.create(root + "oauth-authorization-server" + path));
        places.add(URI.create(root + "openid-configuration" + path));
        if (!path.isEmpty()) places.add(issuer.resolve(path + "/.well-known/openid-configuration"));
        for (var place : places) {
            var said = document(place);
            if (said.isPresent()) return issuer(name, said.get());
        }
        throw new IOException("the authorization server `" + name + "` says nothing of itself");
    }

    private Issuer issuer(String name, Json.Obj said) throws IOException {
        // Letter for letter (RFC 8414 section 3.3): else one could speak for another.
        if (!said.string("issuer").equals(Optional.of(name)))
            throw new IOException("the metadata of `" + name + "` is about another issuer");
        var authorize = said.string("authorization_endpoint");
        return new Issuer(
                name,
                authorize.isEmpty()
                        ? Optional.empty()
                        : Optional.of(reachable.checked(authorize.get(), "`authorization_endpoint`")),
                reachable.checked(said.string("token_endpoint").orElse(""), "`token_endpoint`"),
                texts(said, "token_endpoint_auth_methods_supported"),
                texts(said, "scopes_supported"),
                texts(said, "code_challenge_methods_supported").contains("S256"),
                said.isTrue("authorization_response_iss_parameter_supported"),
                said.isTrue("client_id_metadata_document_supported"));
    }

    // ----------------------------------------------------------------------------------------------------------------

    /// The document at a URL; empty where there is none.
    private Optional<Json.Obj> document(URI place) throws IOException {
        var reply = out.call(Outward.Ask.get(place));
        if (reply.status() != 200) return Optional.empty();
        return Optional.of(read(reply.body(), "the document at " + place.getAuthority() + place.getRawPath()));
    }

    static Json.Obj read(byte[] body, String what) throws IOException {
        try {
            if (JsonReader.read(body, Limits.DEFAULT.withBytes(BYTES_MAX)) instanceof Json.Obj object) return object;
            throw new IOException(what + " is no JSON object");
        } catch (JsonException unreadable) {
            throw new IOException(what + " cannot be read", unreadable);
        }
    }

    private static List<String> texts(Json.Obj from, String name) {
        var texts = new ArrayList<String>();
        for (var item : from.items(name))
            if (item instanceof Json.Str(var text, _) && texts.size() < Challenge.SCOPES_MAX) texts.add(text);
        return List.copyOf(texts);
    }
}
