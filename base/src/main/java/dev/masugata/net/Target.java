package dev.masugata.net;

import java.util.Locale;
import java.util.Optional;

/// What a request line asks for (RFC 9112 section 3.2), in a notation that has one reading: RFC 3986 characters only,
/// percent signs complete, no `.` or `..` as a segment, however it is written.
///
/// @param raw as it was sent
/// @param authority of the absolute form, in lower case
/// @param path as it was sent, percent signs kept; `*` for the asterisk form
record Target(String raw, Optional<String> scheme, Optional<String> authority, String path, Optional<String> query) {
    /// @param absolute whether the absolute form is taken, as by a proxy
    static Target parse(String method, String raw, boolean absolute) throws Malformed {
        if (method.equals("CONNECT")) throw new Malformed(501, "CONNECT is not served here");
        if (raw.equals("*") && method.equals("OPTIONS"))
            return new Target(raw, Optional.empty(), Optional.empty(), raw, Optional.empty());
        if (raw.startsWith("/")) return split(raw, raw, Optional.empty(), Optional.empty());
        if (!absolute) throw new Malformed(400, "the target must begin with `/`");
        int colon = raw.indexOf("://");
        var scheme = colon < 0 ? "" : raw.substring(0, colon);
        if (!scheme.equals("http") && !scheme.equals("https"))
            throw new Malformed(400, "the target must begin with `http://` or `https://`");
        int slash = raw.indexOf('/', colon + 3);
        if (slash < 0) throw new Malformed(400, "the target has no path: write `/` after the host");
        var authority = Authority.parse(raw.substring(colon + 3, slash));
        return split(raw, raw.substring(slash), Optional.of(scheme), Optional.of(authority.text()));
    }

    private static Target split(String raw, String local, Optional<String> scheme, Optional<String> authority)
            throws Malformed {
        int mark = local.indexOf('?');
        var path = mark < 0 ? local : local.substring(0, mark);
        var query = mark < 0 ? Optional.<String>empty() : Optional.of(local.substring(mark + 1));
        if (!Tokens.every(path, Tokens::isPathChar) || !Tokens.isEncoded(path))
            throw new Malformed(400, "the path has a character that must be percent-encoded");
        if (query.isPresent() && !isQuery(query.get()))
            throw new Malformed(400, "the query has a character that must be percent-encoded");
        if (hasDotSegment(path)) throw new Malformed(400, "the path has `.` or `..` as a segment");
        return new Target(raw, scheme, authority, path, query);
    }

    private static boolean isQuery(String query) {
        return Tokens.every(query, c -> c == '?' || Tokens.isPathChar(c)) && Tokens.isEncoded(query);
    }

    private static boolean hasDotSegment(String path) {
        if (path.indexOf('.') < 0 && path.indexOf('%') < 0) return false;
        for (var segment : path.split("/", -1)) {
            var plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
            if (plain.equals(".") || plain.equals("..")) return true;
        }
        return false;
    }
}
