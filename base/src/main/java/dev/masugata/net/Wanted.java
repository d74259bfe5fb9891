package dev.masugata.net;

import java.util.Optional;

/// Where a client of a proxy wants to be connected, before anything is read of what follows.
///
/// @param host    a name or an address (IPv6 in brackets), in lower case
/// @param headers of `CONNECT`; else none
/// @param login   of SOCKS5 (RFC 1929); `CONNECT` carries its own in `headers`
public record Wanted(How how, String host, int port, Headers headers, Optional<Login> login, Peer peer) {
    /// How it said so.
    public enum How {
        CONNECT, SOCKS,
        /// It said nothing: the connection was on its way to `host`, an address, and was brought here.
        CAPTURED
    }

    /// User name and password, as they were sent.
    public record Login(String user, String password) {
        /// Never the password.
        @Override
        public String toString() {
            return user;
        }
    }
}
