package dev.masugata.credentials;

import java.util.List;
import java.util.Optional;

/// How Masugata is known to authorization servers, and what it may ask of them.
///
/// @param issuer the only authorization server that is used; empty: the one that the server names, and the one of a
///     login from then on
/// @param scopes the most that is ever asked for; empty: what the server says that it needs
public record Oauth(Client client, Optional<String> issuer, List<String> scopes, Flow flow) {
    public Oauth {
        scopes = List.copyOf(scopes);
        boolean secret = client instanceof Client.Registered(_, var kept) && kept.isPresent();
        // Whoever answers as the server could else name a place of its own, and be handed the secret there.
        if (secret && issuer.isEmpty()) throw new IllegalArgumentException("a client's secret is for one issuer");
        if (flow == Flow.CLIENT_CREDENTIALS && !secret)
            throw new IllegalArgumentException("a client without a secret cannot act for itself");
    }

    /// Who asks for the token.
    public enum Flow {
        /// Masugata for itself; no person is needed (RFC 6749 section 4.4).
        CLIENT_CREDENTIALS,
        /// A person in a browser, once (RFC 6749 section 4.1, with PKCE).
        CODE
    }

    /// The client that an authorization server knows.
    public sealed interface Client {
        String id();

        /// Registered there by the operator.
        record Registered(String id, Optional<Source> secret) implements Client {}

        /// Described by a document at a URL, which is its id (OAuth Client ID Metadata Document).
        record Published(String id) implements Client {}
    }
}
