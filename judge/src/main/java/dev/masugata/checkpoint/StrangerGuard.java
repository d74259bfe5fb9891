package dev.masugata.checkpoint;

import dev.masugata.net.AddressGuard;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/// Which addresses may be dialed for a URL that a stranger named: public ones, and those of the kind that the
/// configured server itself has. So a server on the internet cannot make Masugata call into the network it stands in.
final class StrangerGuard implements AddressGuard {
    /// What an address can reach.
    enum Kind {
        PUBLIC, PRIVATE, LOOPBACK, NEVER
    }

    private final Kind also;

    private StrangerGuard(Kind also) {
        this.also = also;
    }

    /// @param server the URL of the configured server; a name is looked up now
    static StrangerGuard beside(URI server) throws UnknownHostException {
        return new StrangerGuard(kind(InetAddress.getByName(server.getHost())));
    }

    @Override
    public void check(InetSocketAddress address) throws Refused {
        var kind = kind(address.getAddress());
        if (kind != Kind.PUBLIC && (kind == Kind.NEVER || kind != also))
            throw new Refused("`" + address.getAddress().getHostAddress() + "` is not called for what a server names");
    }

    static Kind kind(InetAddress it) {
        if (it.isLinkLocalAddress() || it.isMulticastAddress() || it.isAnyLocalAddress()) return Kind.NEVER;
        if (it.isLoopbackAddress()) return Kind.LOOPBACK;
        return it instanceof Inet6Address ? six(it.getAddress()) : four(it.getAddress(), 0);
    }

    /// IANA IPv4 Special-Purpose Address Registry.
    private static Kind four(byte[] bytes, int from) {
        int first = bytes[from] & 0xFF;
        int second = bytes[from + 1] & 0xFF;
        if (first == 0 || first >= 224) return Kind.NEVER;
        if (first == 127) return Kind.LOOPBACK;
        if (first == 169 && second == 254) return Kind.NEVER;
        boolean shared = first == 100 && second >= 64 && second < 128;
        boolean ours = first == 10 || first == 172 && second >= 16 && second < 32 || first == 192 && second == 168;
        boolean special = first == 192 && second == 0 || first == 198 && (second == 18 || second == 19);
        return shared || ours || special ? Kind.PRIVATE : Kind.PUBLIC;
    }

    /// IANA IPv6 Special-Purpose Address Registry; what carries an IPv4 address is what that one is.
    private static Kind six(byte[] bytes) {
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        if ((first & 0xFE) == 0xFC) return Kind.PRIVATE;
        if (first == 0x20 && second == 0x02) return four(bytes, 2);
        boolean translated = first == 0 && second == 0x64 && (bytes[2] & 0xFF) == 0xFF && (bytes[3] & 0xFF) == 0x9B;
        if (translated) return four(bytes, 12);
        // Teredo and what else is no part of the network of today.
        boolean teredo = first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0;
        return (first & 0xE0) == 0x20 && !teredo ? Kind.PUBLIC : Kind.NEVER;
    }
}
