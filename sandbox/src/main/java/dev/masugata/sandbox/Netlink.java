package dev.masugata.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes netlink messages and their attributes (netlink(7)): the kernel's byte order but where the protocol says
/// otherwise, each part padded to four bytes.
final class Netlink {
    static final int REQUEST = 1;
    static final int ACK = 4;
    static final int CREATE = 0x400;
    static final int APPEND = 0x800;
    private static final int NESTED = 0x8000;
    static final int HEADER = 16;

    private Netlink() {}

    /// A whole message: header, the family's own head, attributes.
    static byte[] message(int type, int flags, int sequence, byte[]... parts) {
        var body = joined(parts);
        var out = ByteBuffer.allocate(HEADER + body.length).order(ByteOrder.nativeOrder());
        out.putInt(HEADER + body.length).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(0);
        return out.put(body).array();
    }

    static byte[] attribute(int type, byte[] value) {
        int padded = value.length + 3 & ~3;
        var out = ByteBuffer.allocate(4 + padded).order(ByteOrder.nativeOrder());
        out.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return out.array();
    }

    static byte[] nested(int type, byte[]... attributes) {
        return attribute(type | NESTED, joined(attributes));
    }

    /// A number in network byte order, as nf_tables has all of its numbers.
    static byte[] big(int type, int value) {
        return attribute(type, ByteBuffer.allocate(4).putInt(value).array());
    }

    /// A number in the kernel's order, as rtnetlink has its numbers.
    static byte[] own(int type, int value) {
        return attribute(type, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
    }

    static byte[] text(int type, String text) {
        return attribute(type, (text + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) out.writeBytes(part);
        return out.toByteArray();
    }
}
