package dev.masugata.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One listener and what it serves.
///
/// @param hosts hosts that a request may name, as `host` (with no port or the listener's own) or `host:port`; others
///     get 421. [#ANY_HOST] takes all, for a proxy
/// @param origins pages (`scheme://host[:port]`) that may cause effects; requests with an effect that carry another
///     `Origin` get 403. There is no CORS
/// @param absolute whether absolute targets are taken, as by a proxy
/// @param authority of a proxy: `CONNECT` and SOCKS5 are taken, and what follows is read with certificates of its
///     making
/// @param captured whether each connection was meant for another address, which the kernel tells
public record ServerOptions(
        Listener listener,
        Optional<TlsOptions> tls,
        Set<String> hosts,
        Set<String> origins,
        boolean absolute,
        Optional<CertificateAuthority> authority,
        boolean captured,
        ServerLimits limits) {
    public static final String ANY_HOST = "*";

    public ServerOptions {
        hosts = lower(hosts);
        origins = lower(origins);
    }

    /// A listener that serves these hosts, with default limits.
    public static ServerOptions on(Listener listener, String... hosts) {
        return new ServerOptions(listener, Optional.empty(), Set.of(hosts), Set.of(), false, Optional.empty(), false,
                ServerLimits.DEFAULT);
    }

    /// A TCP port of the loopback address, 0 for a free one, under its usual names.
    public static ServerOptions loopback(int port) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return on(new Listener.Tcp(address), "localhost", "127.0.0.1", "[::1]");
    }

    /// A unix socket; its clients name the host `localhost`.
    public static ServerOptions unix(Path path) {
        return on(new Listener.Unix(path), "localhost");
    }

    public ServerOptions withTls(TlsOptions it) {
        return new ServerOptions(listener, Optional.of(it), hosts, origins, absolute, authority, captured, limits);
    }

    public ServerOptions withHosts(Set<String> it) {
        return new ServerOptions(listener, tls, it, origins, absolute, authority, captured, limits);
    }

    public ServerOptions withOrigins(Set<String> it) {
        return new ServerOptions(listener, tls, hosts, it, absolute, authority, captured, limits);
    }

    public ServerOptions withAbsolute() {
        return new ServerOptions(listener, tls, hosts, origins, true, authority, captured, limits);
    }

    public ServerOptions withLimits(ServerLimits it) {
        return new ServerOptions(listener, tls, hosts, origins, absolute, authority, captured, it);
    }

    /// A proxy: it takes any host, absolute targets, `CONNECT` and SOCKS5, and needs a [ProxyHandler].
    public ServerOptions asProxy(CertificateAuthority it) {
        return new ServerOptions(listener, tls, Set.of(ANY_HOST), Set.of(), true, Optional.of(it), false, limits);
    }

    /// Takes connections that were meant for somebody else and brought here by the kernel (`SO_ORIGINAL_DST`); what is
    /// spoken on them is opened as a proxy opens it. On an adopted listener only.
    public ServerOptions asCapture(CertificateAuthority it) {
        return new ServerOptions(listener, tls, Set.of(ANY_HOST), Set.of(), false, Optional.of(it), true, limits);
    }

    private static Set<String> lower(Set<String> texts) {
        return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }
}
