package dev.masugata.sandbox;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The rules by which a session's network brings every connection to the gate (nf_tables; linux/netfilter/nf_tables.h):
/// all TCP but that to the session's own addresses and the gate's goes to one port, every question to a name server to
/// another. They belong to the user namespace outside of the agent's, which can neither see nor change them.
final class CaptureRules {
    private static final String TABLE = "masugata";
    private static final String CHAIN = "capture";

    private static final int SUBSYSTEM = 10;
    private static final int NEW_TABLE = SUBSYSTEM << 8;
    private static final int NEW_CHAIN = SUBSYSTEM << 8 | 3;
    private static final int NEW_RULE = SUBSYSTEM << 8 | 6;
    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;

    private static final int INET = 1;
    private static final int IPV4 = 2;
    private static final int IPV6 = 10;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int LOCAL_OUT = 3;
    private static final int DESTINATION_NAT = -100;
    private static final int REGISTER = 1;
    private static final int NETWORK_HEADER = 1;
    private static final int TRANSPORT_HEADER = 2;
    private static final int META_PROTOCOL_FAMILY = 15;
    private static final int META_TRANSPORT = 16;
    private static final int RETURN = -5;

    private static final byte[] LOOPBACK_SIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private CaptureRules() {}

    /// One batch: all of it counts or none.
    ///
    /// @param gate where the gate listens inside; not captured
    /// @param port that takes TCP
    /// @param names the port that takes UDP to port 53
    static List<byte[]> batch(Inet4Address gate, int port, int names) {
        var rules = new ArrayList<byte[]>();
        rules.add(rule(family(IPV4), destination(16, new byte[] {127}), verdict()));
        rules.add(rule(family(IPV4), destination(16, gate.getAddress()), verdict()));
        rules.add(rule(family(IPV6), destination(24, LOOPBACK_SIX), verdict()));
        rules.add(rule(transport(TCP), redirect(port)));
        rules.add(rule(transport(UDP), payload(TRANSPORT_HEADER, 2, 2), equal(new byte[] {0, 53}), redirect(names)));
        var messages = new ArrayList<byte[]>();
        int sequence = 1;
        messages.add(Netlink.message(BATCH_BEGIN, Netlink.REQUEST, sequence++, head(0, SUBSYSTEM)));
        messages.add(change(NEW_TABLE, 0, sequence++, Netlink.text(1, TABLE)));
        messages.add(change(NEW_CHAIN, 0, sequence++, Netlink.text(1, TABLE), Netlink.text(3, CHAIN),
                Netlink.nested(4, Netlink.big(1, LOCAL_OUT), Netlink.big(2, DESTINATION_NAT)), Netlink.text(7, "nat")));
        for (var rule : rules)
            messages.add(change(NEW_RULE, Netlink.APPEND, sequence++, Netlink.text(1, TABLE), Netlink.text(2, CHAIN),
                    rule));
        messages.add(Netlink.message(BATCH_END, Netlink.REQUEST, sequence, head(0, SUBSYSTEM)));
        return messages;
    }

    /// Messages of a batch that the kernel answers.
    static int answers(List<byte[]> batch) {
        return batch.size() - 2;
    }

    private static byte[] change(int type, int more, int sequence, byte[]... attributes) {
        return Netlink.message(
                type, Netlink.REQUEST | Netlink.ACK | Netlink.CREATE | more, sequence,
                Netlink.joined(head(INET, 0), Netlink.joined(attributes)));
    }

    /// `struct nfgenmsg`.
    private static byte[] head(int family, int resource) {
        return new byte[] {(byte) family, 0, (byte) (resource >> 8), (byte) resource};
    }

    private static byte[] rule(byte[]... expressions) {
        return Netlink.nested(4, expressions);
    }

    private static byte[] expression(String name, byte[]... data) {
        return Netlink.nested(1, Netlink.text(1, name), Netlink.nested(2, data));
    }

    private static byte[] family(int family) {
        return Netlink.joined(meta(META_PROTOCOL_FAMILY), equal(new byte[] {(byte) family}));
    }

    private static byte[] transport(int protocol) {
        return Netlink.joined(meta(META_TRANSPORT), equal(new byte[] {(byte) protocol}));
    }

    private static byte[] destination(int offset, byte[] address) {
        return Netlink.joined(payload(NETWORK_HEADER, offset, address.length), equal(address));
    }

    private static byte[] meta(int key) {
        return expression("meta", Netlink.big(1, REGISTER), Netlink.big(2, key));
    }

    private static byte[] payload(int base, int offset, int length) {
        return expression("payload", Netlink.big(1, REGISTER), Netlink.big(2, base), Netlink.big(3, offset),
                Netlink.big(4, length));
    }

    private static byte[] equal(byte[] value) {
        return expression("cmp", Netlink.big(1, REGISTER), Netlink.big(2, 0),
                Netlink.nested(3, Netlink.attribute(1, value)));
    }

    private static byte[] verdict() {
        return expression("immediate", Netlink.big(1, 0),
                Netlink.nested(2, Netlink.nested(2, Netlink.big(1, RETURN))));
    }

    private static byte[] redirect(int port) {
        var number = ByteBuffer.allocate(2).putShort((short) port).array();
        return Netlink.joined(
                expression("immediate", Netlink.big(1, REGISTER), Netlink.nested(2, Netlink.attribute(1, number))),
                expression("redir", Netlink.big(1, REGISTER)));
    }
}
