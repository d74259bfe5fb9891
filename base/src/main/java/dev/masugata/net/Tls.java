package dev.masugata.net;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// TLS as both sides use it: of the JDK, 1.2 and 1.3 only, strong suites only.
final class Tls {
    private Tls() {}

    static SslContext server(TlsOptions options) throws IOException {
        try {
            var builder = SslContextBuilder.forServer(
                    new ByteArrayInputStream(options.chain()), new ByteArrayInputStream(options.key()));
            return limited(builder).build();
        } catch (IllegalArgumentException | SSLException e) {
            throw new IOException("the certificate or its key cannot be used: both must be PEM, the key PKCS#8", e);
        }
    }

    /// @param authorities certificates to trust instead of the system's, as PEM
    static SslContext client(Optional<byte[]> authorities) throws IOException {
        try {
            var builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
            authorities.ifPresent(pem -> builder.trustManager(new ByteArrayInputStream(pem)));
            return limited(builder).build();
        } catch (IllegalArgumentException | SSLException e) {
            throw new IOException("the trusted certificates cannot be used: they must be PEM", e);
        }
    }

    private static SslContextBuilder limited(SslContextBuilder builder) {
        return builder.sslProvider(SslProvider.JDK)
                .protocols(TlsOptions.PROTOCOLS)
                .ciphers(TlsOptions.SUITES, SupportedCipherSuiteFilter.INSTANCE);
    }

    static SslHandler handler(SslContext context, Channel channel, Duration handshake) {
        var handler = context.newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(handshake.toMillis());
        return handler;
    }

    /// Names the host to the server (SNI) and checks that its certificate is for it.
    static SslHandler handler(SslContext context, Channel channel, String host, int port, Duration handshake) {
        var handler = context.newHandler(channel.alloc(), host, port);
        handler.setHandshakeTimeoutMillis(handshake.toMillis());
        return handler;
    }
}
