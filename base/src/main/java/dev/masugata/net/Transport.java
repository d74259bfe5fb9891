package dev.masugata.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;

/// The event loops of the process and their kinds of sockets: epoll where there is one, else NIO. Its threads end with
/// the process.
final class Transport {
    /// Blocking work runs on virtual threads, so the loops share the processors with these.
    private static final int LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private static final class Best {
        static final Transport IT = new Transport(Epoll.isAvailable());
    }

    final EventLoopGroup loops;
    private final boolean epoll;

    Transport(boolean epoll) {
        this.epoll = epoll;
        var threads = new DefaultThreadFactory("net", true);
        loops = new MultiThreadIoEventLoopGroup(
                LOOPS, threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    static Transport best() {
        return Best.IT;
    }

    ChannelFactory<ServerChannel> tcpServer() {
        return epoll ? EpollServerSocketChannel::new : NioServerSocketChannel::new;
    }

    ChannelFactory<ServerChannel> unixServer() {
        return epoll
                ? EpollServerDomainSocketChannel::new
                : () -> new NioServerDomainSocketChannel(SelectorProvider.provider());
    }

    ChannelFactory<ServerChannel> adopted(int fd) throws IOException {
        if (!epoll) throw new IOException("descriptors are adopted on Linux only");
        return () -> new EpollServerSocketChannel(fd);
    }

    ChannelFactory<Channel> tcpClient() {
        return epoll ? EpollSocketChannel::new : NioSocketChannel::new;
    }

    ChannelFactory<Channel> unixClient() {
        return epoll ? EpollDomainSocketChannel::new : NioDomainSocketChannel::new;
    }

    SocketAddress unixAddress(Path path) {
        return epoll ? new DomainSocketAddress(path.toString()) : UnixDomainSocketAddress.of(path);
    }

    /// Who connected to the unix socket at `path`.
    static Peer.Credentials credentials(Channel channel, Path path) throws IOException {
        if (channel instanceof EpollDomainSocketChannel unix) {
            var it = unix.peerCredentials();
            return new Peer.Credentials(it.uid(), it.gids().length == 0 ? -1 : it.gids()[0], it.pid());
        }
        var principal = channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
        // Java tells the name only. The one user whose number matters is the owner of the socket.
        boolean owner = principal != null && principal.user().equals(Files.getOwner(path));
        return new Peer.Credentials(owner ? (int) Files.getAttribute(path, "unix:uid") : -1, -1, -1);
    }
}
