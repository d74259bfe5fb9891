package dev.masugata.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/// Ends connections.
final class Cut {
    private Cut() {}

    /// At once: what the kernel has not sent yet is dropped, and TLS does not wait to say goodbye. From any thread.
    static void now(Channel channel) {
        if (channel.eventLoop().inEventLoop()) reset(channel);
        else channel.eventLoop().execute(() -> reset(channel));
    }

    private static void reset(Channel channel) {
        if (!channel.isOpen()) return;
        if (channel instanceof SocketChannel) channel.config().setOption(ChannelOption.SO_LINGER, 0);
        // From the first handler outwards, so that no TLS handler waits for its last message to be taken.
        var first = channel.pipeline().firstContext();
        if (first == null) channel.close();
        else first.close();
    }

    /// No more bytes are sent, and what still comes is thrown away for a while, so that the other side can read our
    /// last words: closing with unread bytes would reset the connection and take them away (RFC 9112 section 9.6).
    static void afterLastWords(Channel channel) {
        if (!(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
        }
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) duplex.shutdownOutput();
        else tls.closeOutbound().addListener(said -> duplex.shutdownOutput());
    }
}
