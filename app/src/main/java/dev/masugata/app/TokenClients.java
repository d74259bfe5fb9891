package dev.masugata.app;

import dev.masugata.gates.egress.Clients;
import dev.masugata.model.Principal;
import dev.masugata.net.Headers;
import dev.masugata.net.Peer;
import dev.masugata.net.Wanted;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Clients of the proxy from outside a seal: a token says which agent, and an agent has one rolling session.
record TokenClients(Tokens tokens, Sessions sessions) implements Clients {
    @Override
    public Optional<Client> of(Headers headers, Optional<Wanted.Login> login, Peer peer) {
        var shown = login.isPresent()
                ? named(login.get().user(), login.get().password())
                : proven(headers.one("proxy-authorization").orElse(""));
        return shown.map(sessions::rolling).map(session -> new Client(session, address(peer)));
    }

    private Optional<Principal.Agent> proven(String header) {
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) return tokens.agent(header.substring(7).strip());
        if (!header.regionMatches(true, 0, "Basic ", 0, 6)) return Optional.empty();
        try {
            var pair = new String(Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : named(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /// The token proves; the name must be its own.
    private Optional<Principal.Agent> named(String name, String token) {
        return tokens.agent(token).filter(it -> it.name().equals(name));
    }

    private static String address(Peer peer) {
        return peer.address().map(it -> it.getAddress().getHostAddress()).orElse("local");
    }
}
