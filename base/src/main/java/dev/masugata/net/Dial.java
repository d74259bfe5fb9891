package dev.masugata.net;

import dev.masugata.net.UpstreamFault.Kind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Opens one connection for an exchange: name, guard, dial, handshake. The address that the guard saw is the one that
/// is dialed.
final class Dial {
    private final Upstream upstream;
    private final Exchange exchange;
    private final Pool.Key key;
    private final long deadline;
    private @Nullable UpstreamConnection made;
    // Kept apart from the pipeline: a handshake that fails at once takes its handler out before anybody can ask it.
    private volatile @Nullable SslHandler handshake;

    Dial(Upstream upstream, Exchange exchange, Pool.Key key, long deadline) {
        this.upstream = upstream;
        this.exchange = exchange;
        this.key = key;
        this.deadline = deadline;
    }

    UpstreamConnection open() throws UpstreamFault {
        return switch (key.destination()) {
            case Destination.Web web -> web(web);
            case Destination.Unix(var path) ->
                connect(upstream.transport.unixAddress(path), upstream.transport.unixClient(), null);
        };
    }

    private UpstreamConnection web(Destination.Web web) throws UpstreamFault {
        UpstreamFault last = null;
        int tried = 0;
        for (var resolved : upstream.resolver.resolve(web.host(), exchange, deadline)) {
            if (++tried > UpstreamOptions.ADDRESSES) break;
            var address = new InetSocketAddress(resolved, web.port());
            check(upstream.guard, address);
            try {
                return connect(address, upstream.transport.tcpClient(), web.tls() ? web : null);
            } catch (UpstreamFault fault) {
                if (fault.kind() != Kind.UNREACHABLE) throw fault;
                last = fault;
            }
        }
        throw last != null ? last : fault(Kind.UNREACHABLE, "`" + web.host() + "` has no address", null);
    }

    static void check(AddressGuard guard, SocketAddress address) throws UpstreamFault {
        if (!(address instanceof InetSocketAddress inet)) return;
        try {
            guard.check(inet);
        } catch (AddressGuard.Refused refused) {
            throw fault(Kind.REFUSED, String.valueOf(refused.getMessage()), refused);
        }
    }

    /// @param tls the host to shake hands with, or null
    private UpstreamConnection connect(
            SocketAddress address, ChannelFactory<Channel> kind, Destination.@Nullable Web tls) throws UpstreamFault {
        exchange.throwIfOver();
        var bootstrap = new Bootstrap()
                .group(upstream.transport.loops)
                .channelFactory(kind)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) left().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        made = pipeline(channel, tls);
                    }
                });
        if (address instanceof InetSocketAddress) bootstrap.option(ChannelOption.TCP_NODELAY, true);
        var connecting = bootstrap.connect(address);
        var channel = connecting.channel();
        exchange.during(channel::close);
        await(connecting, channel, address);
        var shaking = handshake;
        if (shaking != null) await(shaking.handshakeFuture(), channel, address);
        var connection = made;
        if (connection == null) throw fault(Kind.BROKEN, "the connection closed while it was opened", null);
        return connection;
    }

    /// What bytes pass, in order. HTTP/2 and WebSocket take their turn here.
    private UpstreamConnection pipeline(Channel channel, Destination.@Nullable Web tls) {
        var decoder = new StrictResponseDecoder(upstream.options.headers());
        var connection = new UpstreamConnection(upstream, key, channel, decoder);
        if (tls != null) {
            var name = tls.host().startsWith("[")
                    ? tls.host().substring(1, tls.host().length() - 1)
                    : tls.host();
            var handler = Tls.handler(upstream.tls, channel, name, tls.port(), left());
            handshake = handler;
            channel.pipeline().addLast(handler);
        }
        channel.pipeline().addLast(decoder);
        channel.pipeline().addLast(connection);
        return connection;
    }

    private void await(io.netty.util.concurrent.Future<?> step, Channel channel, SocketAddress address)
            throws UpstreamFault {
        boolean handshake = !(step instanceof io.netty.channel.ChannelFuture);
        try {
            boolean done = step.await(left().toMillis(), TimeUnit.MILLISECONDS);
            if (step.isSuccess()) return;
            channel.close();
            exchange.throwIfOver();
            if (!done) throw fault(Kind.TIMEOUT, "no connection to " + key.destination() + " in time", null);
            throw handshake
                    ? fault(Kind.TLS, "no trusted handshake with " + key.destination(), step.cause())
                    : fault(
                            Kind.UNREACHABLE,
                            "nobody answers at " + key.destination() + " (" + address + ")",
                            step.cause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw fault(Kind.CANCELLED, "interrupted while connecting", e);
        }
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }

    private static UpstreamFault fault(Kind kind, String what, @Nullable Throwable cause) {
        return new UpstreamFault(kind, false, what, cause);
    }
}
