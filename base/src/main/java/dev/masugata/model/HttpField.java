package dev.masugata.model;

import java.util.Locale;
import java.util.Set;

/// A header field of a request.
///
/// @param name in lower case
public record HttpField(String name, String value) {
    /// Fields that say how, not what: a client sets them, an agent puts no values there. They are part of what is
    /// judged and sent like all others; only nobody looks for values in them.
    public static final Set<String> USUAL = Set.of(
            "accept", "accept-encoding", "accept-language", "user-agent", "content-type", "cache-control", "pragma",
            "content-encoding", "range", "if-none-match", "if-modified-since", "sec-fetch-mode", "git-protocol");

    public HttpField {
        if (!name.equals(name.toLowerCase(Locale.ROOT))) throw new IllegalArgumentException("a name is in lower case");
    }
}
