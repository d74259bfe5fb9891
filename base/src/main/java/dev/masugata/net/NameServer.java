package dev.masugata.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers questions for names (RFC 1035) from what it is told, and asks nobody: addresses only, nothing of services
/// (HTTPS, SVCB) or texts.
public final class NameServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.masugata.net");
    /// Bytes of a question; what is longer is dropped.
    static final int QUESTION_BYTES_MAX = 512;
    /// Characters of a name, as it is written.
    static final int NAME_CHARS_MAX = 253;
    private static final int LABEL_MAX = 63;
    private static final int HEAD = 12;
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int INTERNET = 1;
    private static final int MALFORMED = 1;
    private static final int UNKNOWN = 3;
    private static final int NOT_SERVED = 4;

    private final Channel channel;

    /// Says which address a name has.
    public interface Names {
        /// @param name in lower case, without a final dot
        /// @param six  an IPv6 one is wanted
        /// @return empty: there is no such name
        Optional<InetAddress> address(String name, boolean six);
    }

    private NameServer(Channel channel) {
        this.channel = channel;
    }

    /// Serves on a bound UDP socket, which belongs to it from now on. Linux only.
    public static NameServer adopt(int fd, Names names) throws IOException {
        var started = new Bootstrap()
                .group(Transport.best().loops)
                .channelFactory(() -> new EpollDatagramChannel(fd))
                .handler(new Answering(names))
                .register()
                .awaitUninterruptibly();
        if (!started.isSuccess()) throw new IOException("questions for names cannot be taken", started.cause());
        return new NameServer(started.channel());
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    private static final class Answering extends SimpleChannelInboundHandler<DatagramPacket> {
        private final Names names;

        Answering(Names names) {
            this.names = names;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            var question = packet.content();
            if (question.readableBytes() < HEAD || question.readableBytes() > QUESTION_BYTES_MAX) return;
            var answer = answer(ctx, question);
            if (answer != null) ctx.writeAndFlush(new DatagramPacket(answer, packet.sender()));
        }

        private @Nullable ByteBuf answer(ChannelHandlerContext ctx, ByteBuf in) {
            int from = in.readerIndex();
            int flags = in.getUnsignedShort(from + 2);
            // An answer is never answered: two name servers would talk for ever.
            if ((flags & 0x8000) != 0) return null;
            if ((flags & 0x7800) != 0) return reply(ctx, in, HEAD, NOT_SERVED, null);
            if (in.getUnsignedShort(from + 4) != 1) return reply(ctx, in, HEAD, MALFORMED, null);
            var name = new StringBuilder();
            int end = name(in, from + HEAD, name);
            if (end < 0 || end + 4 > in.writerIndex()) return reply(ctx, in, HEAD, MALFORMED, null);
            int type = in.getUnsignedShort(end);
            boolean ours = in.getUnsignedShort(end + 2) == INTERNET && (type == A || type == AAAA);
            int length = end + 4 - from;
            var address = names.address(name.toString(), type == AAAA);
            if (address.isEmpty()) return reply(ctx, in, length, UNKNOWN, null);
            return reply(ctx, in, length, 0, ours ? address.get().getAddress() : null);
        }

        /// @return where the question goes on; -1 for what is no name
        private static int name(ByteBuf in, int at, StringBuilder name) {
            while (at < in.writerIndex()) {
                int length = in.getUnsignedByte(at++);
                if (length == 0) return name.isEmpty() ? -1 : at;
                if (length > LABEL_MAX || at + length > in.writerIndex()) return -1;
                var label = in.toString(at, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
                if (!Tokens.every(label, c -> isNameChar((char) c))) return -1;
                if (!name.isEmpty()) name.append('.');
                if (name.append(label).length() > NAME_CHARS_MAX) return -1;
                at += length;
            }
            return -1;
        }

        private static boolean isNameChar(char c) {
            return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
        }

        /// @param asked how much of the question is repeated, its head included
        private static ByteBuf reply(
                ChannelHandlerContext ctx, ByteBuf in, int asked, int code,
                byte @Nullable [] address) {
            int from = in.readerIndex();
            var out = ctx.alloc().buffer(asked + 32);
            out.writeShort(in.getUnsignedShort(from));
            // An answer, authoritative, recursion as it was wished and offered.
            out.writeShort(0x8480 | in.getUnsignedShort(from + 2) & 0x0100 | code);
            out.writeShort(asked > HEAD ? 1 : 0).writeShort(address == null ? 0 : 1).writeShort(0).writeShort(0);
            out.writeBytes(in, from + HEAD, asked - HEAD);
            if (address == null) return out;
            // The name once more, by pointing at it; good for no longer than it takes to connect.
            out.writeShort(0xC000 | HEAD).writeShort(address.length == 4 ? A : AAAA).writeShort(INTERNET);
            return out.writeInt(1).writeShort(address.length).writeBytes(address);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.log(Level.DEBUG, "a question for a name could not be answered", cause);
        }
    }
}
