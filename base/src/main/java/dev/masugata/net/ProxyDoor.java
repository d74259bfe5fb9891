package dev.masugata.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stands before the HTTP of a proxy's connection until it is clear what is spoken: a request of the absolute form,
/// which passes on; `CONNECT` (RFC 9110 section 9.3.6) or SOCKS5 (RFC 1928), which are asked about; and then what
/// follows, TLS or HTTP. Whatever else it is, the connection ends.
///
/// On the event loop; what is asked runs on a virtual thread meanwhile, and nothing is read.
final class ProxyDoor extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger("dev.masugata.net");
    private static final byte[] ESTABLISHED = "HTTP/1.1 200 connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private enum State {
        FIRST, CONNECT, SOCKS_LOGIN, SOCKS_REQUEST, ASKING, WITHIN
    }

    private final Server server;
    private final ProxyHandler handler;
    private final ServerConnection connection;
    private State state = State.FIRST;
    private @Nullable ByteBuf held;
    private Optional<Wanted.Login> login = Optional.empty();
    private Opening.@Nullable Inspected opened;
    private @Nullable HeadScan scan;

    ProxyDoor(Server server, ProxyHandler handler, ServerConnection connection) {
        this.server = server;
        this.handler = handler;
        this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (server.options.captured()) state = State.ASKING;
        ctx.fireChannelActive();
        if (!server.options.captured()) return;
        try {
            var to = OriginalDestination.of(ctx.channel());
            var place = Authority.parse(literal(to.getAddress().getAddress()) + ":" + to.getPort());
            ask(ctx, new Wanted(Wanted.How.CAPTURED, place.host(), place.port(), Headers.EMPTY, Optional.empty(),
                    connection.peer()), Asked.CAPTURED);
        } catch (IOException | Malformed unknown) {
            LOG.log(Level.WARNING, "where a captured connection was meant to go is unknown", unknown);
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        var before = held;
        held = before == null ? bytes : before.writeBytes(bytes);
        if (before != null) bytes.release();
        else if (bytes.isReadOnly() || bytes.refCnt() != 1 || bytes.maxCapacity() < Integer.MAX_VALUE)
            held = own(ctx, bytes);
        try {
            step(ctx);
        } catch (Malformed malformed) {
            refuse(ctx, malformed);
        } catch (IOException | RuntimeException broken) {
            LOG.log(Level.DEBUG, "a proxy's connection could not be opened", broken);
            ctx.close();
        }
    }

    private static ByteBuf own(ChannelHandlerContext ctx, ByteBuf bytes) {
        var copy = ctx.alloc().buffer(Math.max(256, bytes.readableBytes())).writeBytes(bytes);
        bytes.release();
        return copy;
    }

    private void step(ChannelHandlerContext ctx) throws Malformed, IOException {
        for (State before = null; before != state && held != null; ) {
            before = state;
            switch (state) {
                case FIRST -> first(ctx, held);
                case CONNECT -> connect(ctx, held);
                case SOCKS_LOGIN -> socksLogin(ctx, held);
                case SOCKS_REQUEST -> socksRequest(ctx, held);
                case WITHIN -> within(ctx, held);
                case ASKING -> {}
            }
        }
    }

    /// Nothing is passed on from here: who waits for more asks for it.
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state != State.ASKING) ctx.read();
    }

    private void first(ChannelHandlerContext ctx, ByteBuf in) throws Malformed {
        if (in.getUnsignedByte(in.readerIndex()) == 5) {
            socksGreeting(ctx, in);
            return;
        }
        int length = Math.min(in.readableBytes(), 8);
        var word = in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1);
        if (word.equals("CONNECT ")) state = State.CONNECT;
        else if (!"CONNECT ".startsWith(word)) leave(ctx);
    }

    // --- CONNECT ----------------------------------------------------------------------------------------------------

    private void connect(ChannelHandlerContext ctx, ByteBuf in) throws Malformed {
        var limits = server.options.limits().headers();
        if (scan == null) scan = new HeadScan(limits, true);
        if (!scan.isWhole(in)) return;
        int end = ByteBufUtil.indexOf(HEAD_END.duplicate(), in);
        if (end < 0) throw new Malformed(400, "the head of the request is malformed");
        var lines = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.ISO_8859_1).split("\r\n",
                -1);
        in.readerIndex(end + 4);
        var request = lines[0].split(" ", -1);
        if (request.length != 3 || !request[2].matches("HTTP/1\\.[01]"))
            throw new Malformed(400, "the request line is malformed");
        var place = Authority.parse(request[1]);
        if (place.port() < 0) throw new Malformed(400, "CONNECT names host and port");
        var headers = headers(lines);
        if (headers.has("transfer-encoding") || !headers.one("content-length").orElse("0").equals("0"))
            throw new Malformed(400, "CONNECT has no body");
        ask(ctx, new Wanted(Wanted.How.CONNECT, place.host(), place.port(), headers, Optional.empty(),
                connection.peer()), Asked.CONNECT);
    }

    private static final ByteBuf HEAD_END =
            io.netty.buffer.Unpooled.unreleasableBuffer(io.netty.buffer.Unpooled.wrappedBuffer(
                    new byte[] {'\r', '\n', '\r', '\n'}));

    private static Headers headers(String[] lines) throws Malformed {
        var headers = new java.util.ArrayList<Headers.Field>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) throw new Malformed(400, "a header is malformed");
            try {
                headers.add(new Headers.Field(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
            } catch (IllegalArgumentException unallowed) {
                throw new Malformed(400, "a header has a character that is not allowed");
            }
        }
        return Headers.of(headers);
    }

    // --- SOCKS5 -----------------------------------------------------------------------------------------------------

    private void socksGreeting(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() < 2) return;
        int methods = in.getUnsignedByte(in.readerIndex() + 1);
        if (in.readableBytes() < 2 + methods) return;
        boolean password = false;
        boolean none = false;
        for (int i = 0; i < methods; i++) {
            int method = in.getUnsignedByte(in.readerIndex() + 2 + i);
            password |= method == 2;
            none |= method == 0;
        }
        in.skipBytes(2 + methods);
        if (!password && !none) {
            ctx.writeAndFlush(bytes(ctx, 5, 0xFF)).addListener(sent -> ctx.close());
            state = State.ASKING;
            return;
        }
        ctx.writeAndFlush(bytes(ctx, 5, password ? 2 : 0));
        state = password ? State.SOCKS_LOGIN : State.SOCKS_REQUEST;
    }

    /// RFC 1929. Whether it is good is asked with the request: nobody is told more than that it was refused.
    private void socksLogin(ChannelHandlerContext ctx, ByteBuf in) throws Malformed {
        if (in.readableBytes() < 2) return;
        int at = in.readerIndex();
        if (in.getUnsignedByte(at) != 1) throw new Malformed(400, "the SOCKS login is malformed");
        int user = in.getUnsignedByte(at + 1);
        if (in.readableBytes() < 3 + user) return;
        int password = in.getUnsignedByte(at + 2 + user);
        if (in.readableBytes() < 3 + user + password) return;
        login = Optional.of(new Wanted.Login(
                in.toString(at + 2, user, StandardCharsets.UTF_8),
                in.toString(at + 3 + user, password, StandardCharsets.UTF_8)));
        in.skipBytes(3 + user + password);
        ctx.writeAndFlush(bytes(ctx, 1, 0));
        state = State.SOCKS_REQUEST;
    }

    private void socksRequest(ChannelHandlerContext ctx, ByteBuf in) throws Malformed, IOException {
        if (in.readableBytes() < 5) return;
        int at = in.readerIndex();
        if (in.getUnsignedByte(at) != 5) throw new Malformed(400, "the SOCKS request is malformed");
        int kind = in.getUnsignedByte(at + 3);
        int length = switch (kind) {
            case 1 -> 4;
            case 3 -> 1 + in.getUnsignedByte(at + 4);
            case 4 -> 16;
            default -> -1;
        };
        if (in.getUnsignedByte(at + 1) != 1 || length < 0) {
            reply(ctx, length < 0 ? 8 : 7);
            return;
        }
        if (in.readableBytes() < 4 + length + 2) return;
        var host = switch (kind) {
            case 3 -> in.toString(at + 5, length - 1, StandardCharsets.ISO_8859_1);
            default -> literal(ByteBufUtil.getBytes(in, at + 4, length));
        };
        int port = in.getUnsignedShort(at + 4 + length);
        in.skipBytes(4 + length + 2);
        var place = Authority.parse(host + ":" + port);
        ask(ctx, new Wanted(Wanted.How.SOCKS, place.host(), place.port(), Headers.EMPTY, login, connection.peer()),
                Asked.SOCKS);
    }

    private static String literal(byte[] address) throws IOException {
        var text = InetAddress.getByAddress(address).getHostAddress();
        return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
    }

    private static ByteBuf bytes(ChannelHandlerContext ctx, int... values) {
        var out = ctx.alloc().buffer(values.length);
        for (int value : values) out.writeByte(value);
        return out;
    }

    private void reply(ChannelHandlerContext ctx, int code) {
        state = State.ASKING;
        var sent = ctx.writeAndFlush(bytes(ctx, 5, code, 0, 1, 0, 0, 0, 0, 0, 0));
        if (code != 0) sent.addListener(done -> ctx.close());
    }

    // --- asking -----------------------------------------------------------------------------------------------------

    /// In which words the client asked, and is answered.
    private enum Asked {
        CONNECT, SOCKS, CAPTURED
    }

    private void ask(ChannelHandlerContext ctx, Wanted wanted, Asked how) {
        state = State.ASKING;
        Thread.startVirtualThread(() -> {
            var opening = opening(wanted);
            ctx.channel().eventLoop().execute(() -> {
                if (ctx.channel().isActive()) answered(ctx, opening, how);
            });
        });
    }

    private Opening opening(Wanted wanted) {
        try {
            return handler.open(wanted);
        } catch (Exception failed) {
            LOG.log(Level.ERROR, "a proxy's connection could not be judged", failed);
            return new Opening.Refused(Response.text(500, "internal error\n"));
        }
    }

    private void answered(ChannelHandlerContext ctx, Opening opening, Asked how) {
        switch (opening) {
            case Opening.Refused(var response) -> {
                switch (how) {
                    case CONNECT -> connection.answerAndClose(response);
                    case SOCKS -> reply(ctx, 2);
                    case CAPTURED -> Cut.now(ctx.channel());
                }
            }
            case Opening.Inspected inspected -> {
                opened = inspected;
                switch (how) {
                    case CONNECT -> ctx.writeAndFlush(
                            ctx.alloc().buffer(ESTABLISHED.length).writeBytes(ESTABLISHED));
                    case SOCKS -> reply(ctx, 0);
                    case CAPTURED -> {}
                }
                state = State.WITHIN;
                try {
                    step(ctx);
                    if (state == State.WITHIN) ctx.read();
                } catch (Malformed malformed) {
                    refuse(ctx, malformed);
                } catch (IOException broken) {
                    LOG.log(Level.WARNING, "a connection could not be opened: " + broken.getMessage(), broken);
                    ctx.close();
                }
            }
        }
    }

    // --- what follows -----------------------------------------------------------------------------------------------

    private void within(ChannelHandlerContext ctx, ByteBuf in) throws Malformed, IOException {
        var inside = opened;
        if (inside == null || !in.isReadable()) return;
        int first = in.getUnsignedByte(in.readerIndex());
        if (ClientHello.begins(first)) {
            var hello = ClientHello.of(in);
            if (hello == null) return;
            var host = plain(inside.host());
            boolean names = !hello.name().isEmpty();
            if (inside.named() && names && !hello.name().equals(host))
                throw new Malformed(421, "TLS asks for another name than the connection was opened for");
            // An address alone says nothing of who is meant; from here on it is who TLS asks for.
            var meant = names && !inside.named()
                    ? new Opening.Inspected(hello.name(), inside.port(), inside.who())
                    : inside;
            var context = server.options.authority().orElseThrow().of(plain(meant.host()));
            connection.opened(meant, true);
            var tls = Tls.handler(context, ctx.channel(), server.options.limits().head());
            ctx.pipeline().addAfter(ctx.name(), null, tls);
        } else if (first >= 'A' && first <= 'Z') connection.opened(inside, false);
        else throw new Malformed(400, "what follows is neither TLS nor HTTP");
        leave(ctx);
    }

    static String plain(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// Steps aside; what was held goes to who stands behind.
    private void leave(ChannelHandlerContext ctx) {
        var rest = held;
        held = null;
        state = State.ASKING;
        var behind = ctx.pipeline();
        if (rest != null && rest.isReadable()) ctx.fireChannelRead(rest);
        else if (rest != null) rest.release();
        behind.remove(this);
        ctx.channel().eventLoop().execute(() -> {
            if (behind.get(SslHandler.class) != null && !behind.get(SslHandler.class).handshakeFuture().isDone())
                ctx.channel().read();
            behind.fireChannelReadComplete();
        });
    }

    private void refuse(ChannelHandlerContext ctx, Malformed malformed) {
        state = State.ASKING;
        connection.refuse(malformed);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        var rest = held;
        held = null;
        if (rest != null) rest.release();
    }
}
