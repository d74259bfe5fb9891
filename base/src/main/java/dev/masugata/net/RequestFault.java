package dev.masugata.net;

import java.io.IOException;

/// A request that turned out to be at fault while its body was read. A handler may let it pass: the server answers with
/// the status and closes the connection.
public final class RequestFault extends IOException {
    private final int status;

    RequestFault(int status, String why) {
        super(why);
        this.status = status;
    }

    /// 400 malformed, 408 too slow, 413 too large.
    public int status() {
        return status;
    }
}
