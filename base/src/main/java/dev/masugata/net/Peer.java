package dev.masugata.net;

import java.net.InetSocketAddress;
import java.util.Optional;

/// Who is on the other end of a connection, as the operating system and TLS say, never as a message says.
///
/// @param address empty on a unix socket
/// @param credentials of the process that connected to a unix socket
public record Peer(Optional<InetSocketAddress> address, Optional<Credentials> credentials, Optional<Tls> tls) {

    /// The process on the other end of a unix socket when it connected. A number the system does not tell is -1, which
    /// is nobody's.
    public record Credentials(int uid, int gid, int pid) {}

    /// What the handshake agreed on.
    public record Tls(String protocol, String cipher) {}
}
