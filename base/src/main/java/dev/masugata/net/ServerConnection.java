package dev.masugata.net;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One client's connection, on its event loop: one request after the other, each handed to a virtual thread.
///
/// The socket is read only when this class says so: for a head, while a body has room, and while an answer is made only
/// to notice that the client goes. Bytes of a next request that come early wait, and nothing is read behind them.
final class ServerConnection extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger("dev.masugata.net");

    private final Server server;
    private final Channel channel;
    private final StrictRequestDecoder decoder;
    private final Deadline deadline;

    private Peer peer = new Peer(Optional.empty(), Optional.empty(), Optional.empty());
    private volatile @Nullable Serving current;
    private boolean started;
    private boolean headClockRuns;
    private boolean closing;
    private Opening.@Nullable Inspected opened;
    private boolean openedTls;

    ServerConnection(Server server, Channel channel, StrictRequestDecoder decoder) {
        this.server = server;
        this.channel = channel;
        this.decoder = decoder;
        this.deadline = new Deadline(channel.eventLoop());
    }

    Channel channel() {
        return channel;
    }

    @Nullable
    Serving current() {
        return current;
    }

    Peer peer() {
        return peer;
    }

    /// All that follows is inside of what was opened, over TLS or not. On the event loop.
    void opened(Opening.Inspected inside, boolean tls) {
        opened = inside;
        openedTls = tls;
    }

    boolean isDraining() {
        return server.isDraining();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws IOException {
        if (channel.remoteAddress() instanceof InetSocketAddress address)
            peer = new Peer(Optional.of(address), Optional.empty(), Optional.empty());
        else if (server.options.listener() instanceof Listener.Unix(var path))
            peer = new Peer(Optional.empty(), Optional.of(Transport.credentials(channel, path)), Optional.empty());
        deadline.set(server.options.limits().head(), this::headTimeout);
        headClockRuns = true;
        channel.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            var session = ctx.pipeline().get(SslHandler.class).engine().getSession();
            var tls = new Peer.Tls(session.getProtocol(), session.getCipherSuite());
            peer = new Peer(peer.address(), peer.credentials(), Optional.of(tls));
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (closing) return;
            if (message instanceof Malformed malformed) refuse(malformed);
            else if (message instanceof HttpRequest head) begin(head);
            else if (message instanceof HttpContent content) content(content);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(HttpRequest message) {
        deadline.clear();
        headClockRuns = false;
        try {
            var inside = opened;
            var head = inside == null
                    ? HeadFacts.of(message, server.options, localPort())
                    : HeadFacts.within(message, server.options, inside, openedTls);
            current = new Serving(this, server, head, peer, Optional.ofNullable(inside));
            started = false;
        } catch (Malformed malformed) {
            refuse(malformed);
        }
    }

    private void content(HttpContent content) {
        var serving = current;
        if (serving == null) return;
        if (content.decoderResult().isFailure()) {
            serving.inflow.fail(new RequestFault(400, "the body is malformed"));
            return;
        }
        if (content.content().isReadable()) serving.inflow.offer(ByteBufUtil.getBytes(content.content()));
        if (content instanceof LastHttpContent) serving.inflow.end();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readOn();
    }

    private void readOn() {
        var serving = current;
        if (serving != null && !started) {
            // Only now, so that a body that came along with its head is there when the handler looks.
            started = true;
            Thread.startVirtualThread(serving);
        }
        if (closing) channel.read();
        else if (serving == null) {
            if (!headClockRuns && decoder.hasPartialHead()) {
                headClockRuns = true;
                deadline.set(server.options.limits().head(), this::headTimeout);
            }
            channel.read();
        } else if (serving.inflow.hasEnded() ? !decoder.hasHeldBytes() : serving.inflow.wantsMore()) channel.read();
    }

    /// The answer is on its way; when it has left, the next request's turn comes. On the event loop.
    void finish(ChannelFuture sent, boolean last) {
        deadline.set(server.options.limits().stall(), () -> Cut.now(channel));
        sent.addListener(future -> {
            if (future.isSuccess()) finished(last);
            else Cut.now(channel);
        });
    }

    private void finished(boolean last) throws Exception {
        var serving = current;
        if (serving == null) return;
        serving.done();
        if (last || server.isDraining()) {
            lastWords();
            return;
        }
        current = null;
        deadline.set(server.options.limits().idle(), channel::close);
        headClockRuns = false;
        decoder.next(channel.pipeline());
        readOn();
    }

    void refuse(Malformed malformed) {
        LOG.log(Level.DEBUG, () -> "refused a request: " + malformed.why());
        server.refused(peer, malformed);
        answerAndClose(Response.text(malformed.status, malformed.why() + "\n"));
    }

    /// The last answer of this connection. On the event loop.
    void answerAndClose(Response response) {
        var body = response.content() instanceof Content.Bytes(var bytes) ? bytes : new byte[0];
        var out = channel.alloc().buffer(256 + body.length);
        HeadWriter.response(out, response.status(), response.headers());
        HeadWriter.field(out, "content-length", Integer.toString(body.length));
        HeadWriter.field(out, "connection", "close");
        HeadWriter.end(out);
        closing = true;
        decoder.stop();
        deadline.set(server.options.limits().stall(), () -> Cut.now(channel));
        channel.writeAndFlush(out.writeBytes(body)).addListener(sent -> lastWords());
    }

    private void headTimeout() {
        if (decoder.hasPartialHead()) refuse(new Malformed(408, "the head of the request comes too slowly"));
        else channel.close();
    }

    private void lastWords() {
        closing = true;
        decoder.stop();
        deadline.set(ServerLimits.LINGER, channel::close);
        Cut.afterLastWords(channel);
        channel.read();
    }

    /// No further request: at once if none is being answered.
    void drain() {
        channel.eventLoop().execute(() -> {
            if (current == null) channel.close();
        });
    }

    private int localPort() {
        return channel.localAddress() instanceof InetSocketAddress address ? address.getPort() : -1;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        var serving = current;
        if (serving != null) serving.writable();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.clear();
        var serving = current;
        if (serving != null) serving.gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A client that resets its connection or speaks broken TLS is no event of ours.
        LOG.log(cause instanceof IOException ? Level.TRACE : Level.DEBUG, "a connection failed", cause);
        channel.close();
    }
}
