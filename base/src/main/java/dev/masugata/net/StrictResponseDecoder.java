package dev.masugata.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// Netty's parser of responses with [HeadScan] before it: a server that answers ambiguously could put its words into
/// the answer to somebody else's request.
final class StrictResponseDecoder extends HttpResponseDecoder {
    private final HeadScan scan;
    private boolean inBody;
    private boolean refused;
    private boolean answersHead;

    StrictResponseDecoder(HeadLimits limits) {
        super(StrictRequestDecoder.config(limits));
        scan = new HeadScan(limits, false);
    }

    /// The next response answers a request of this method.
    void expect(String method) {
        answersHead = method.equals("HEAD");
    }

    /// True between two messages, with nothing left over.
    boolean isClean() {
        return !inBody && !refused && actualReadableBytes() == 0;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return super.isContentAlwaysEmpty(message) || answersHead;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!inBody) {
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
            if (out.get(i) instanceof HttpResponse) {
                inBody = true;
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
