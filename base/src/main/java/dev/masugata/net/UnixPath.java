package dev.masugata.net;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// The file of a unix socket.
final class UnixPath {
    private static final System.Logger LOG = System.getLogger("dev.masugata.net");

    private UnixPath() {}

    /// Makes room for a new socket: removes one that nobody listens on, and nothing else.
    static void clear(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) throw new IOException("`" + path + "` is there and is not a socket: remove it");
        try (var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            throw new IOException("somebody listens on `" + path + "` already");
        } catch (ConnectException nobody) {
            Files.delete(path);
        }
    }

    /// After its listener has closed.
    static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The next listener replaces it: nobody listens on it any more.
            LOG.log(Level.WARNING, "cannot remove `" + path + "`", e);
        }
    }
}
