package dev.masugata.app.config;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/// Reads `listen`.
///
/// @param gates  where agents call
/// @param proxy  where their other requests go
/// @param people where people look
record ListenSection(InetSocketAddress gates, InetSocketAddress proxy, InetSocketAddress people) {
    static ListenSection read(Section top) {
        var listen = top.section("listen");
        var gates = address(listen, "gates", 7171);
        var people = address(listen, "people", 7173);
        var proxy = address(listen, "proxy", 7172);
        listen.done();
        return new ListenSection(gates, proxy, people);
    }

    private static InetSocketAddress address(Section listen, String name, int port) {
        var loopback = InetSocketAddress.createUnresolved("127.0.0.1", port);
        var address = listen.parsed(name, "an address and a port such as 127.0.0.1:" + port, ListenSection::address)
                .orElse(loopback);
        // Another address needs TLS, which the gates do not offer to others yet: refused rather than open.
        if (!Set.of("127.0.0.1", "localhost", "[::1]", "::1").contains(address.getHostString()))
            listen.problemAt(
                    name,
                    "only loopback addresses can be listened on: another one needs TLS, which is not built yet");
        return address;
    }

    private static Optional<InetSocketAddress> address(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) return Optional.empty();
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return port < 0 || port > 65535
                    ? Optional.empty()
                    : Optional.of(InetSocketAddress.createUnresolved(text.substring(0, colon), port));
        } catch (NumberFormatException noPort) {
            return Optional.empty();
        }
    }
}
