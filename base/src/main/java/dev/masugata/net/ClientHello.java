package dev.masugata.net;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The first message of a TLS client (RFC 8446 section 4.1.2), read only for the name it asks for (RFC 6066 section 3).
///
/// @param name the server name, in lower case; empty: none is named
record ClientHello(String name) {
    /// Bytes of the message: with post-quantum keys it fills two packets, not twenty.
    static final int BYTES_MAX = 16 * 1024;

    /// True if these bytes begin a TLS handshake.
    static boolean begins(int first) {
        return first == 22;
    }

    /// Reads it without taking anything.
    ///
    /// @return null while it is not whole
    static @Nullable ClientHello of(ByteBuf in) throws Malformed {
        var message = in.alloc().buffer();
        try {
            if (!gather(in, message)) {
                if (in.readableBytes() > BYTES_MAX) throw new Malformed(400, "the TLS hello is too long");
                return null;
            }
            return new ClientHello(name(message));
        } catch (IndexOutOfBoundsException broken) {
            throw new Malformed(400, "the TLS hello cannot be read");
        } finally {
            message.release();
        }
    }

    /// The handshake message may lie in several records (RFC 8446 section 5.1).
    private static boolean gather(ByteBuf in, ByteBuf message) throws Malformed {
        int at = in.readerIndex();
        while (in.writerIndex() - at >= 5) {
            if (in.getUnsignedByte(at) != 22) throw new Malformed(400, "this is no TLS handshake");
            int length = in.getUnsignedShort(at + 3);
            if (length == 0 || length > BYTES_MAX) throw new Malformed(400, "the TLS hello is too long");
            if (in.writerIndex() - at - 5 < length) return false;
            message.writeBytes(in, at + 5, length);
            at += 5 + length;
            if (message.readableBytes() >= 4) {
                if (message.getUnsignedByte(0) != 1) throw new Malformed(400, "this is no TLS hello");
                int whole = message.getUnsignedMedium(1) + 4;
                if (whole > BYTES_MAX) throw new Malformed(400, "the TLS hello is too long");
                if (message.readableBytes() >= whole) return true;
            }
        }
        return false;
    }

    private static String name(ByteBuf hello) throws Malformed {
        int at = 4 + 2 + 32;
        at += 1 + hello.getUnsignedByte(at);
        at += 2 + hello.getUnsignedShort(at);
        at += 1 + hello.getUnsignedByte(at);
        if (at + 2 > hello.readableBytes()) return "";
        int end = at + 2 + hello.getUnsignedShort(at);
        at += 2;
        while (at + 4 <= end) {
            int type = hello.getUnsignedShort(at);
            int length = hello.getUnsignedShort(at + 2);
            if (type == 0) return serverName(hello, at + 4, length);
            at += 4 + length;
        }
        return "";
    }

    private static String serverName(ByteBuf hello, int at, int length) throws Malformed {
        if (length < 5 || hello.getUnsignedByte(at + 2) != 0) throw new Malformed(400, "the TLS name cannot be read");
        int chars = hello.getUnsignedShort(at + 3);
        if (chars + 5 > length) throw new Malformed(400, "the TLS name cannot be read");
        var name = hello.toString(at + 5, chars, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return Authority.parse(name).host();
    }
}
