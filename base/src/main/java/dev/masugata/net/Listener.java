package dev.masugata.net;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Where a server listens.
public sealed interface Listener {

    /// A TCP address; port 0 takes a free one.
    record Tcp(InetSocketAddress address) implements Listener {}

    /// A unix socket that only this user may open (0600). What nobody listens on any more is replaced.
    record Unix(Path path) implements Listener {
        /// `sun_path` without its final NUL.
        public static final int PATH_BYTES = 107;

        public Unix {
            int bytes = path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            if (bytes > PATH_BYTES)
                throw new IllegalArgumentException(
                        "a unix socket's path has at most " + PATH_BYTES + " bytes: `" + path + "`");
        }
    }

    /// A descriptor of a TCP socket that listens already, perhaps in another network namespace. It belongs to the
    /// server from now on, which closes it. Linux only.
    record Adopted(int fd) implements Listener {}
}
