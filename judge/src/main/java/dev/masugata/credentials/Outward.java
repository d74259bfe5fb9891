package dev.masugata.credentials;

import dev.masugata.net.Headers;
import java.io.IOException;
import java.net.URI;

/// The way out for what authorization needs. Each call is judged and on record, follows no redirect, and reaches only
/// addresses that [Reachable] and its counterpart at the exit let through.
public interface Outward {
    /// @param shown the body as the record may know it by its digest: without secrets
    record Ask(String method, URI url, Headers headers, byte[] body, String shown) {
        static Ask get(URI url) {
            return new Ask("GET", url, Headers.of("accept", "application/json"), new byte[0], "");
        }

        /// Never what it carries.
        @Override
        public String toString() {
            return method + " " + url.getAuthority();
        }
    }

    record Reply(int status, Headers headers, byte[] body) {
        @Override
        public String toString() {
            return "status " + status;
        }
    }

    /// @throws IOException when it was refused or did not come through
    Reply call(Ask ask) throws IOException;
}
