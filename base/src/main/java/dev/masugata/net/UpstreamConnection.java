package dev.masugata.net;

import dev.masugata.net.UpstreamFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One connection to the outside, on its event loop: one exchange after the other. While it is free it is read as well,
/// so that its end is noticed at once; whatever else comes then closes it.
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private final Upstream upstream;
    private final Pool.Key key;
    private final Channel channel;
    private final StrictResponseDecoder decoder;
    private final Deadline deadline;

    private @Nullable Exchange current;
    private boolean interim;
    private int interims;
    private boolean headCame;
    private boolean reusable;
    private long begun;
    private volatile long idleSince;

    UpstreamConnection(Upstream upstream, Pool.Key key, Channel channel, StrictResponseDecoder decoder) {
        this.upstream = upstream;
        this.key = key;
        this.channel = channel;
        this.decoder = decoder;
        this.deadline = new Deadline(channel.eventLoop());
    }

    Pool.Key key() {
        return key;
    }

    Channel channel() {
        return channel;
    }

    SocketAddress remote() {
        return channel.remoteAddress();
    }

    long idleSince() {
        return idleSince;
    }

    void whenClosed(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    void close() {
        channel.close();
    }

    void cut() {
        Cut.now(channel);
    }

    /// Writes the head of a request, perhaps with its body, unless the connection turns out to be closed before the
    /// first byte; [Exchange#started] is told which.
    void start(Exchange exchange, List<ByteBuf> bytes) {
        channel.eventLoop().execute(() -> {
            boolean usable = channel.isActive() && current == null && decoder.isClean();
            if (usable) {
                begin(exchange);
                for (var part : bytes.subList(0, bytes.size() - 1)) channel.write(part);
                channel.writeAndFlush(bytes.getLast()).addListener(left -> {
                    if (left.isSuccess()) exchange.startLeft();
                });
            } else {
                bytes.forEach(ByteBuf::release);
                channel.close();
            }
            exchange.started(channel, usable);
        });
    }

    private void begin(Exchange exchange) {
        current = exchange;
        begun = System.nanoTime();
        var timeouts = exchange.timeouts();
        if (timeouts.head().compareTo(timeouts.total()) < 0)
            deadline.set(
                    timeouts.head(),
                    () -> exchange.fail(Kind.TIMEOUT, "no answer from " + key.destination() + " in time", null));
        else limitTotal(exchange);
        interim = false;
        interims = 0;
        headCame = false;
        decoder.expect(exchange.method());
        channel.read();
    }

    private void limitTotal(Exchange exchange) {
        var left = exchange.timeouts().total().minusNanos(System.nanoTime() - begun);
        deadline.set(left, () -> exchange.fail(Kind.TIMEOUT, "the call takes longer than its limit", null));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            var exchange = current;
            if (exchange == null) cut(); // nobody asked
            else if (message instanceof Malformed malformed) exchange.fail(Kind.PROTOCOL, malformed.why(), null);
            else if (message instanceof HttpResponse head) head(exchange, head);
            else if (message instanceof HttpContent content) content(exchange, content);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void head(Exchange exchange, HttpResponse message) {
        try {
            if (message.decoderResult().isFailure()) throw new Malformed(502, "the head of the answer is malformed");
            int status = message.status().code();
            interim = status < 200;
            if (status == 101) throw new Malformed(502, "the server switched protocols unasked");
            if (interim && ++interims > UpstreamOptions.INTERIM)
                throw new Malformed(502, "more than " + UpstreamOptions.INTERIM + " interim answers");
            if (interim) return;
            boolean http10 = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
            var headers = HeadFacts.headers(message);
            RequestRules.framing(http10, headers, 502);
            boolean framed = headers.has("content-length")
                    || headers.has("transfer-encoding")
                    || status == 204
                    || status == 304
                    || exchange.method().equals("HEAD");
            reusable = !http10 && framed && !headers.hasToken("connection", "close");
            headCame = true;
            limitTotal(exchange);
            exchange.head(status, headers, length(exchange, status, headers));
        } catch (Malformed malformed) {
            exchange.fail(Kind.PROTOCOL, malformed.why(), null);
        }
    }

    private static OptionalLong length(Exchange exchange, int status, Headers headers) {
        if (exchange.method().equals("HEAD") || status == 204 || status == 304) return OptionalLong.of(0);
        return headers.one("content-length")
                .map(it -> OptionalLong.of(Long.parseLong(it)))
                .orElse(OptionalLong.empty());
    }

    private void content(Exchange exchange, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (interim && last) {
            interim = false;
            return;
        }
        if (!headCame) return; // an exchange that failed at its head
        if (content.decoderResult().isFailure()) {
            exchange.fail(Kind.PROTOCOL, "the body of the answer is malformed", null);
            return;
        }
        boolean taken =
                !content.content().isReadable() || exchange.inflow.offer(ByteBufUtil.getBytes(content.content()));
        if (!taken) cut();
        else if (last) complete(exchange);
    }

    private void complete(Exchange exchange) {
        current = null;
        boolean free = reusable && exchange.isWritten() && decoder.isClean() && channel.isActive();
        deadline.clear();
        // First the exchange lets go of the connection, then others may have it, then its reader sees the end: who
        // sends
        // one request after the other finds it free, and a late cancel cannot hit the next request.
        exchange.release();
        if (free) {
            idleSince = System.nanoTime();
            deadline.set(idle(exchange), channel::close);
            upstream.pool.giveBack(this);
        } else channel.close();
        exchange.completed();
    }

    /// A server may say how long it keeps the connection; we let go before it does.
    private Duration idle(Exchange exchange) {
        var own = upstream.options.idle();
        var said = exchange.keepAliveSeconds();
        if (said.isEmpty()) return own;
        var theirs = Duration.ofSeconds(said.getAsLong()).minusSeconds(1);
        return !theirs.isPositive() ? Duration.ofMillis(1) : theirs.compareTo(own) < 0 ? theirs : own;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        var exchange = current;
        if (exchange != null) exchange.publish();
        if (exchange == null || !headCame || exchange.inflow.wantsMore()) channel.read();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        var exchange = current;
        if (exchange != null) exchange.writable();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.clear();
        var exchange = current;
        if (exchange != null)
            exchange.fail(Kind.BROKEN, "the server closed the connection before its answer ended", null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var exchange = current;
        if (exchange != null) exchange.fail(Kind.BROKEN, "the connection broke", cause);
        channel.close();
    }
}
