package dev.masugata.checkpoint;

import dev.masugata.net.AddressGuard;
import dev.masugata.net.Upstream;
import dev.masugata.net.UpstreamOptions;
import java.io.IOException;
import java.net.InetAddress;

/// The connections to servers that the operator configured by address.
public final class Web implements AutoCloseable {
    private final Upstream http;

    public Web() throws IOException {
        this.http = new Upstream(UpstreamOptions.DEFAULT.withBodyBytes(HttpExit.STREAM_BYTES_MAX), guard());
    }

    /// What the operator named may be on this machine or this network; what hands out a machine's credentials, or is no
    /// host at all, is never meant.
    static AddressGuard guard() {
        return address -> {
            InetAddress it = address.getAddress();
            if (it.isLinkLocalAddress() || it.isMulticastAddress() || it.isAnyLocalAddress())
                throw new AddressGuard.Refused("`" + it.getHostAddress() + "` is never called");
        };
    }

    /// A server.
    ///
    /// @param pool whose connections it uses: one for each session and credential, since a server may tie a right to a
    ///     connection
    public HttpServer server(String url, String pool, Slot slot) {
        return new HttpServer(url, http, pool, slot);
    }

    @Override
    public void close() {
        http.close();
    }
}
