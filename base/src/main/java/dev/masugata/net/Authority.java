package dev.masugata.net;

import java.util.Locale;

/// A host and perhaps a port, as `Host` and the absolute form carry them (RFC 3986 section 3.2), in lower case, without
/// user information and percent-encoding.
///
/// @param port -1 if none is named
record Authority(String host, int port) {
    private static final int HOST_CHARS = 255;

    static Authority parse(String text) throws Malformed {
        int bracket = text.lastIndexOf(']');
        int colon = text.indexOf(':', Math.max(bracket, 0));
        var host = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
        boolean good = bracket >= 0 ? isBracketed(host) : isName(host);
        if (!good || host.length() > HOST_CHARS) throw new Malformed(400, "the host is not one");
        return new Authority(host, colon < 0 ? -1 : port(text.substring(colon + 1)));
    }

    String text() {
        return port < 0 ? host : host + ":" + port;
    }

    private static int port(String text) throws Malformed {
        boolean number = Tokens.isDigits(text) && text.length() <= 5 && (text.length() == 1 || text.charAt(0) != '0');
        int port = number ? Integer.parseInt(text) : -1;
        if (port < 1 || port > 65_535) throw new Malformed(400, "the port is not one");
        return port;
    }

    private static boolean isName(String host) {
        return !host.isEmpty()
                && Tokens.every(
                        host, c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_');
    }

    private static boolean isBracketed(String host) {
        return host.length() > 3
                && host.startsWith("[")
                && host.endsWith("]")
                && Tokens.every(host.substring(1, host.length() - 1), c -> c == ':' || c == '.' || Tokens.isHex(c));
    }
}
