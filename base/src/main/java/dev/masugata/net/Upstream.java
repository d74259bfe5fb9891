package dev.masugata.net;

import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;

/// Calls to the outside over pooled HTTP/1.1 connections. It never repeats a request whose bytes may have arrived:
/// only a connection that was found closed before the first byte is replaced by another. It follows no redirects and
/// keeps no cookies.
public final class Upstream implements AutoCloseable {
    final UpstreamOptions options;
    final AddressGuard guard;
    final SslContext tls;
    final Transport transport;
    final Resolver resolver;
    final Pool pool;

    public Upstream(UpstreamOptions options, AddressGuard guard) throws IOException {
        this(options, guard, Transport.best(), InetAddress::getAllByName);
    }

    Upstream(UpstreamOptions options, AddressGuard guard, Transport transport, Resolver.Lookup names)
            throws IOException {
        this.resolver = new Resolver(names);
        this.options = options;
        this.guard = guard;
        this.transport = transport;
        this.tls = Tls.client(options.authorities());
        this.pool = new Pool(options.perDestination(), options.connections());
    }

    /// A call that has not begun: it can be cancelled from other threads from now on.
    public Exchange exchange(OutRequest request) {
        return new Exchange(this, request);
    }

    /// Sends the request and waits for the head of the answer.
    public Exchange send(OutRequest request) throws IOException {
        return exchange(request).send();
    }

    /// Connections that are open.
    public int connections() {
        return pool.open();
    }

    /// Closes all connections; what was being exchanged breaks off.
    @Override
    public void close() {
        pool.close();
    }
}
