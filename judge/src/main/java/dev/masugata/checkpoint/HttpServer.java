package dev.masugata.checkpoint;

import dev.masugata.net.Exchange;
import dev.masugata.net.OutRequest;
import dev.masugata.net.Upstream;
import java.io.IOException;

/// Where an MCP server over HTTP is, and how it is reached. [Web] makes one.
public final class HttpServer {
    private final String url;
    private final Upstream http;
    private final String pool;
    private final Slot slot;

    HttpServer(String url, Upstream http, String pool, Slot slot) {
        this.url = url;
        this.http = http;
        this.pool = pool;
        this.slot = slot;
    }

    /// Its one endpoint (MCP, Streamable HTTP).
    String url() {
        return url;
    }

    Slot slot() {
        return slot;
    }

    /// An exchange with it, its credential in its slot; not begun yet.
    Exchange exchange(OutRequest request) throws IOException {
        try {
            return http.exchange(request.with(slot.fill(request.headers())).inPool(pool));
        } catch (IOException unfilled) {
            throw new Unfilled(unfilled);
        }
    }

    /// The slot stays empty; the message names no secret and no place.
    static final class Unfilled extends IOException {
        Unfilled(IOException why) {
            super(why.getMessage(), why);
        }
    }
}
