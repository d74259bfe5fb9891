package dev.masugata.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// Netty's parser with [HeadScan] before it and one request at a time behind it: while one is served the bytes of the
/// next stay where they are. Who reads from the socket, and when, is decided by [ServerConnection] alone.
final class StrictRequestDecoder extends HttpRequestDecoder {
    private static final int CHUNK = 64 * 1024;

    private final HeadScan scan;
    private boolean inBody;
    private boolean held;
    private boolean refused;

    StrictRequestDecoder(HeadLimits limits) {
        super(config(limits));
        scan = new HeadScan(limits, true);
    }

    static HttpDecoderConfig config(HeadLimits limits) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.line())
                .setMaxHeaderSize(limits.bytes())
                .setMaxChunkSize(CHUNK)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true);
    }

    /// Lets the next request in, at once if its bytes are waiting. On the event loop.
    void next(ChannelPipeline pipeline) throws Exception {
        boolean waiting = hasHeldBytes();
        held = false;
        if (waiting) channelRead(pipeline.context(this), Unpooled.EMPTY_BUFFER);
    }

    /// Throws away all that still comes.
    void stop() {
        refused = true;
    }

    /// True if there are bytes of a head that is not complete.
    boolean hasPartialHead() {
        return !held && !inBody && actualReadableBytes() > 0;
    }

    /// True if bytes of another request wait behind the one that is served.
    boolean hasHeldBytes() {
        return held && !inBody && actualReadableBytes() > 0;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!inBody) {
            if (held) return;
            try {
                if (!scan.isWhole(in)) return;
            } catch (Malformed malformed) {
                refused = true;
                in.skipBytes(in.readableBytes());
                out.add(malformed);
                return;
            }
        }
        int before = out.size();
        super.decode(ctx, in, out);
        for (int i = before; i < out.size(); i++) {
            if (out.get(i) instanceof HttpRequest) {
                inBody = true;
                held = true;
                scan.reset();
            }
            if (out.get(i) instanceof LastHttpContent) inBody = false;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
    }
}
