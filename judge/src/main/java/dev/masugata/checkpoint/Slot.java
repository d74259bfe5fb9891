package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.net.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The one place of a request where a credential goes. It is filled at the exit, after judging, so no secret is ever
/// part of an action, of the record or of what a gate holds.
public interface Slot {
    /// The request's headers with the credential in its slot.
    ///
    /// @throws IOException when there is none to be had now; an agent is told the message: it names no secret and no
    /// place
    Headers fill(Headers headers) throws IOException;

    /// A request with the credential in its slot.
    ///
    /// @param query   of its URL
    /// @param secrets what was put in beside what the headers show, and must not come back
    record Filled(Headers headers, String query, List<String> secrets) {}

    /// The same for a slot that is no header, or that depends on all of the request.
    default Filled fill(Action.HttpRequest request, Headers headers) throws IOException {
        return new Filled(fill(headers), request.url().query(), List.of());
    }

    /// The server did not accept what was filled in.
    ///
    /// @param status    401 or 403
    /// @param challenge its `WWW-Authenticate`, or empty
    /// @param ago       how long ago the request was filled: by now another may have brought something newer
    /// @return true when the same request will be filled otherwise
    /// @throws IOException when it will not, and a person can do something; the message says what
    default boolean refused(int status, String challenge, Duration ago) throws IOException {
        return false;
    }

    /// Sends nothing.
    Slot NONE = headers -> headers;
}
