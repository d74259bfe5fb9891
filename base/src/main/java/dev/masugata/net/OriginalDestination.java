package dev.masugata.net;

import io.netty.channel.Channel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Where a connection was meant to go before the kernel's address translation brought it here (`SO_ORIGINAL_DST`,
/// linux/netfilter_ipv4.h; `IP6T_SO_ORIGINAL_DST`, linux/netfilter_ipv6/ip6_tables.h).
final class OriginalDestination {
    private static final int LEVEL_IP = 0;
    private static final int LEVEL_IPV6 = 41;
    private static final int ORIGINAL_DESTINATION = 80;
    private static final RawUnixChannelOption FOUR =
            new RawUnixChannelOption("SO_ORIGINAL_DST", LEVEL_IP, ORIGINAL_DESTINATION, 16);
    private static final RawUnixChannelOption SIX =
            new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", LEVEL_IPV6, ORIGINAL_DESTINATION, 28);

    private OriginalDestination() {}

    /// @throws IOException when it was not translated: somebody connected here directly
    static InetSocketAddress of(Channel channel) throws IOException {
        boolean six = channel.localAddress() instanceof InetSocketAddress local
                && local.getAddress().getAddress().length == 16;
        ByteBuffer name;
        try {
            name = channel.config().getOption(six ? SIX : FOUR);
        } catch (RuntimeException none) {
            throw new IOException("the kernel tells no original destination", none);
        }
        if (name == null || name.limit() < (six ? 24 : 8)) throw new IOException("no original destination");
        int port = Short.toUnsignedInt(name.duplicate().order(java.nio.ByteOrder.BIG_ENDIAN).getShort(2));
        var address = new byte[six ? 16 : 4];
        name.get(six ? 8 : 4, address);
        return new InetSocketAddress(InetAddress.getByAddress(address), port);
    }
}
