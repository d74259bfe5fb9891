package dev.masugata.net;

/// What becomes of a connection that a client of a proxy wants.
public sealed interface Opening {
    /// No. `CONNECT` gets this answer; SOCKS5, which has no words, its reply 2 (RFC 1928, not allowed by ruleset).
    record Refused(Response response) implements Opening {}

    /// What follows is read here: TLS with a certificate made for its name, HTTP/1.1 in it, or HTTP as it is. Each
    /// request must be for `host` and `port`, in its TLS (SNI) and in its `Host`.
    ///
    /// @param who handed on with each request
    ///
    /// @param named false: `host` is but an address; if TLS or `Host` say a name, that is where it goes
    record Inspected(String host, int port, Object who, boolean named) implements Opening {
        public Inspected(String host, int port, Object who) {
            this(host, port, who, true);
        }
    }
}
