package dev.masugata.app.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The command line's end of `control.sock`.
public final class ControlClient {
    private ControlClient() {}

    /// A connection to the gate; empty if none is running.
    public static Optional<Link> connect(Path socket) {
        if (!Files.exists(socket)) return Optional.empty();
        try {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return Optional.of(new Link(channel));
            } catch (IOException nobody) {
                channel.close();
                return Optional.empty();
            }
        } catch (IOException unsupported) {
            return Optional.empty();
        }
    }
}
