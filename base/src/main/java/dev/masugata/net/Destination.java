package dev.masugata.net;

import java.nio.file.Path;

/// Where a request goes.
public sealed interface Destination {
    /// What `Host` says.
    String authority();

    /// A host of the network.
    ///
    /// @param host a name or an address (IPv6 in brackets), in lower case
    record Web(boolean tls, String host, int port) implements Destination {
        public Web {
            try {
                var authority = Authority.parse(host + ":" + port);
                if (!authority.host().equals(host)) throw new IllegalArgumentException("a host is in lower case");
            } catch (Malformed e) {
                throw new IllegalArgumentException("`" + host + "` and port " + port + " are no host", e);
            }
        }

        @Override
        public String authority() {
            return port == (tls ? 443 : 80) ? host : host + ":" + port;
        }

        @Override
        public String toString() {
            return (tls ? "https://" : "http://") + authority();
        }
    }

    /// A unix socket of this machine.
    record Unix(Path path) implements Destination {
        @Override
        public String authority() {
            return "localhost";
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }
}
