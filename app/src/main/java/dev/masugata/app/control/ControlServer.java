package dev.masugata.app.control;

import dev.masugata.model.Principal;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;

/// The gate's end of `control.sock`. Who connects is asked of the kernel, never of the message.
public final class ControlServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("masugata.control");
    /// Connections at once.
    static final int CONNECTIONS_MAX = 256;

    /// Serves one request: answers over the link and ends it.
    public interface Commands {
        void serve(Principal.Operator operator, Json.Obj request, Link link) throws IOException;
    }

    private final ServerSocketChannel listening;
    private final Path path;
    private final String self;
    private final String operator;
    private final Commands commands;
    private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
    private final Set<Link> open = ConcurrentHashMap.newKeySet();

    /// @param operator the name of the user whose gate this is, as the host knows it
    public ControlServer(Path path, String operator, Commands commands) throws IOException {
        this.path = path;
        this.operator = operator;
        this.commands = commands;
        this.self = Files.getOwner(path.toAbsolutePath().getParent()).getName();
        Files.deleteIfExists(path);
        this.listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        Thread.ofPlatform().daemon().name("control").start(this::accept);
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                var channel = listening.accept();
                Thread.ofVirtual().name("control").start(() -> serve(channel));
            } catch (IOException closed) {
                if (listening.isOpen()) LOG.log(Level.WARNING, "cannot accept on control.sock", closed);
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (var link = new Link(channel)) {
            var peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            if (!peer.equals(self)) {
                LOG.log(Level.WARNING, "refused a command of user " + peer);
                return;
            }
            if (!places.tryAcquire()) return;
            open.add(link);
            try {
                if (link.receive().orElse(null) instanceof Link.Received.Message(var request))
                    commands.serve(new Principal.Operator(operator), request, link);
            } finally {
                open.remove(link);
                places.release();
            }
        } catch (IOException | JsonException gone) {
            LOG.log(Level.DEBUG, "a command ended", gone);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        Files.deleteIfExists(path);
        open.forEach(Link::close);
    }
}
