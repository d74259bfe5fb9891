package dev.masugata.net;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A call to the outside that did not succeed.
public final class UpstreamFault extends IOException {
    /// What went wrong.
    public enum Kind {
        /// The address guard refused the address.
        REFUSED,
        /// The name does not resolve, or nobody answers there.
        UNREACHABLE,
        /// No handshake, or a certificate that is not trusted or not for that host.
        TLS,
        /// No connection was free in time.
        BUSY,
        /// It took longer than its limit.
        TIMEOUT,
        /// What came back is not strict HTTP/1.1.
        PROTOCOL,
        /// More came back than the limit.
        TOO_LARGE,
        /// The connection ended in the middle.
        BROKEN,
        /// The body could not be written by its writer.
        WRITER,
        /// [Exchange#cancel].
        CANCELLED
    }

    private final Kind kind;
    private final boolean arrived;

    UpstreamFault(Kind kind, boolean mayHaveArrived, String what, @Nullable Throwable cause) {
        super(what, cause);
        this.kind = kind;
        this.arrived = mayHaveArrived;
    }

    public Kind kind() {
        return kind;
    }

    /// True if bytes of the request may have reached the other side: then it must never be repeated.
    public boolean mayHaveArrived() {
        return arrived;
    }
}
