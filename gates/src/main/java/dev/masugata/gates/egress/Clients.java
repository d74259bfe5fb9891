package dev.masugata.gates.egress;

import dev.masugata.model.Session;
import dev.masugata.net.Headers;
import dev.masugata.net.Peer;
import dev.masugata.net.Wanted;
import java.util.Optional;

/// Who sends a request through the proxy, and in which session. Said by where it came in and what it proves.
public interface Clients {
    /// @param address where it comes from, for limits and the record
    record Client(Session session, String address) {}

    /// @param headers of the request, or of its `CONNECT`
    /// @param login   of SOCKS5
    /// @return empty where nothing was proved
    Optional<Client> of(Headers headers, Optional<Wanted.Login> login, Peer peer);
}
