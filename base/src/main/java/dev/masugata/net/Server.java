package dev.masugata.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A listener that serves HTTP/1.1 (RFC 9112), strictly, with one virtual thread for each request.
public final class Server implements AutoCloseable {
    private static final int BACKLOG = 1_024;

    /// How long [#close] waits for the last connection to be gone.
    private static final Duration CLOSING = Duration.ofSeconds(2);

    final ServerOptions options;
    final Handler handler;
    private final @Nullable SslContext tls;
    private final Channel listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<ServerConnection> connections = new HashSet<>();
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private volatile boolean draining;

    private Server(ServerOptions options, Handler handler, Transport transport) throws IOException {
        this.options = options;
        this.handler = handler;
        if (options.authority().isPresent() && !(handler instanceof ProxyHandler))
            throw new IllegalArgumentException("a proxy needs a handler that opens connections");
        this.tls = options.tls().isPresent() ? Tls.server(options.tls().get()) : null;
        this.listener = listen(transport);
    }

    /// Listens and serves until it is closed.
    ///
    /// @throws IOException when the address, path or certificate cannot be used
    public static Server start(ServerOptions options, Handler handler) throws IOException {
        return start(options, handler, Transport.best());
    }

    static Server start(ServerOptions options, Handler handler, Transport transport) throws IOException {
        return new Server(options, handler, transport);
    }

    private Channel listen(Transport transport) throws IOException {
        var bootstrap = new ServerBootstrap()
                .group(transport.loops)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        pipeline(channel);
                    }
                });
        return switch (options.listener()) {
            case Listener.Tcp(var address) -> {
                bootstrap
                        .channelFactory(transport.tcpServer())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true);
                yield opened(bootstrap.bind(address), address);
            }
            case Listener.Adopted(int fd) -> {
                // A descriptor made elsewhere may block: then a second accept in one round would hold the event loop.
                bootstrap
                        .channelFactory(transport.adopted(fd))
                        .option(ChannelOption.MAX_MESSAGES_PER_READ, 1)
                        .childOption(ChannelOption.TCP_NODELAY, true);
                yield opened(bootstrap.register(), "descriptor " + fd);
            }
            case Listener.Unix(var path) -> {
                UnixPath.clear(path);
                var channel = opened(
                        bootstrap.channelFactory(transport.unixServer()).bind(transport.unixAddress(path)), path);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
                yield channel;
            }
        };
    }

    private static Channel opened(ChannelFuture opening, Object where) throws IOException {
        opening.awaitUninterruptibly();
        if (opening.isSuccess()) return opening.channel();
        throw new IOException(
                "cannot listen on `" + where + "`: " + opening.cause().getMessage(), opening.cause());
    }

    /// What bytes pass, in order. HTTP/2 and WebSocket take their turn here.
    private void pipeline(Channel channel) {
        var decoder = new StrictRequestDecoder(options.limits().headers());
        var connection = new ServerConnection(this, channel, decoder);
        if (!admit(connection)) {
            channel.close();
            return;
        }
        if (tls != null)
            channel.pipeline()
                    .addLast(Tls.handler(tls, channel, options.limits().head()));
        if (options.authority().isPresent())
            channel.pipeline().addLast(new ProxyDoor(this, (ProxyHandler) handler, connection));
        channel.pipeline().addLast(decoder);
        channel.pipeline().addLast(connection);
    }

    private boolean admit(ServerConnection connection) {
        var channel = connection.channel();
        var source = source(channel.remoteAddress());
        lock.lock();
        try {
            int sameSource = source.map(it -> perAddress.getOrDefault(it, 0)).orElse(0);
            if (draining || connections.size() >= options.limits().connections()) return false;
            if (sameSource >= options.limits().perAddress()) return false;
            connections.add(connection);
            source.ifPresent(it -> perAddress.merge(it, 1, Integer::sum));
        } finally {
            lock.unlock();
        }
        channel.closeFuture().addListener(closed -> leave(connection, source));
        return true;
    }

    private void leave(ServerConnection connection, Optional<Object> source) {
        lock.lock();
        try {
            connections.remove(connection);
            source.ifPresent(it -> perAddress.computeIfPresent(it, (_, count) -> count == 1 ? null : count - 1));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// One client has a whole /64 of IPv6 to itself.
    private static Optional<Object> source(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) return Optional.empty();
        InetAddress host = inet.getAddress();
        return Optional.of(
                host instanceof Inet6Address
                        ? ByteBuffer.wrap(host.getAddress(), 0, 8).slice()
                        : host);
    }

    /// The address it listens on, if it is one of TCP; with the port that was taken.
    public Optional<InetSocketAddress> address() {
        return listener.localAddress() instanceof InetSocketAddress address ? Optional.of(address) : Optional.empty();
    }

    /// The port it listens on.
    public int port() {
        return address()
                .orElseThrow(() -> new IllegalStateException("a unix socket has no port"))
                .getPort();
    }

    /// How many connections are open.
    public int connections() {
        lock.lock();
        try {
            return connections.size();
        } finally {
            lock.unlock();
        }
    }

    /// Ends at once the connections whose present request is one of these; their handlers see the client gone.
    public void cut(Predicate<Request> which) {
        for (var connection : snapshot()) {
            var serving = connection.current();
            if (serving != null && which.test(serving.request)) serving.cut();
        }
    }

    /// Takes no new connection or request, lets those at work finish for so long, then closes.
    public void drain(Duration most) {
        stopListening();
        snapshot().forEach(ServerConnection::drain);
        awaitEmpty(most);
        close();
    }

    /// Closes everything now.
    @Override
    public void close() {
        stopListening();
        for (var connection : snapshot()) Cut.now(connection.channel());
        awaitEmpty(CLOSING);
    }

    private void stopListening() {
        draining = true;
        listener.close().awaitUninterruptibly();
        if (options.listener() instanceof Listener.Unix(Path path)) UnixPath.remove(path);
    }

    private void awaitEmpty(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        lock.lock();
        try {
            for (long left; !connections.isEmpty() && (left = end - System.nanoTime()) > 0; )
                if (!changed.await(left, TimeUnit.NANOSECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private List<ServerConnection> snapshot() {
        lock.lock();
        try {
            return List.copyOf(connections);
        } finally {
            lock.unlock();
        }
    }

    boolean isDraining() {
        return draining;
    }

    void refused(Peer peer, Malformed malformed) {
        Thread.startVirtualThread(() -> handler.refused(peer, malformed.status, malformed.why()));
    }
}
