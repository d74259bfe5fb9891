package dev.masugata.gates.egress;

import dev.masugata.model.Action;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpField;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Reason;
import dev.masugata.net.Headers;
import dev.masugata.net.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A request as it came, read into the one form that is judged and sent; or why it has none.
final class Reading {
    /// Bytes of a request's body: it is judged as a whole before the first of them leaves.
    static final int BODY_BYTES_MAX = 32 * 1024 * 1024;

    /// Headers by which a request says that it is another one (a server that heeds them does what was not judged).
    private static final Set<String> OVERRIDES = Set.of(
            "x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url",
            "x-original-host", "x-forwarded-host", "x-host", "forwarded");

    /// Headers that carry credentials.
    static final Set<String> CREDENTIALS = Set.of(
            "authorization", "x-api-key", "api-key", "x-goog-api-key", "private-token", "job-token", "x-auth-token",
            "x-access-token", "x-amz-security-token", "x-vault-token");

    /// Methods whose requests have no body that anybody would read.
    private static final Set<String> BODYLESS = Set.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE");

    private static final Pattern QUAD = Pattern.compile(
            "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");
    private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?(0[xX][0-9a-fA-F]*|[0-9]+)\\.?");
    private static final Pattern NEEDLESS = Pattern.compile(
            "%(2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9Aa])");

    private Reading() {}

    /// Where it goes.
    ///
    /// @return empty where the request names no place: it was meant for the proxy itself
    static Optional<HttpUrl> url(Request request) {
        if (request.scheme().isEmpty() || !request.path().startsWith("/")) return Optional.empty();
        boolean tls = request.scheme().get().equals("https");
        var authority = request.host();
        int colon = authority.indexOf(':', Math.max(0, authority.lastIndexOf(']')));
        var host = colon < 0 ? authority : authority.substring(0, colon);
        int port = colon < 0 ? (tls ? 443 : 80) : Integer.parseInt(authority.substring(colon + 1));
        return Optional.of(new HttpUrl(tls, host, port, request.path(), request.query().orElse("")));
    }

    /// True if a query has a parameter of that name, however it is written.
    static boolean names(String query, String parameter) {
        for (var pair : query.split("[&;]", -1)) {
            int equals = pair.indexOf('=');
            var name = (equals < 0 ? pair : pair.substring(0, equals)).replace('+', ' ');
            try {
                // Servers take `key[]` and `KEY` for `key`.
                var plain = URLDecoder.decode(name, StandardCharsets.UTF_8).strip();
                if (plain.replaceAll("\\[.*", "").equalsIgnoreCase(parameter)) return true;
            } catch (IllegalArgumentException unreadable) {
                return true;
            }
        }
        return false;
    }

    /// Why nobody could say for sure what the request would do; empty where it is plain.
    static Optional<Reason> doubt(Action.HttpRequest request) {
        var url = request.url();
        if (!isPlainHost(url.host()))
            return doubt("egress/host", "the host is written otherwise than in its one form");
        if (NEEDLESS.matcher(url.path()).find() || NEEDLESS.matcher(url.query()).find())
            return doubt("egress/encoding", "the URL encodes what needs no encoding: write it plainly");
        for (var field : request.headers())
            if (OVERRIDES.contains(field.name()))
                return doubt("egress/override", "the header `" + field.name()
                        + "` makes it another request than it says");
        if (BODYLESS.contains(request.method()) && !request.body().isEmpty())
            return doubt("egress/body", "a " + request.method() + " with a body is read otherwise by each server");
        if (request.method().equals("TRACE") || request.method().equals("CONNECT"))
            return doubt("egress/method", request.method() + " is not passed on");
        return Optional.empty();
    }

    private static Optional<Reason> doubt(String id, String text) {
        return Optional.of(new Reason(id, text));
    }

    /// A name without a final dot, an address as everybody writes it. `0x7f.1`, `2130706433` and `[::ffff:127.0.0.1]`
    /// are addresses to some and names to others.
    static boolean isPlainHost(String host) {
        if (host.startsWith("[")) return isPlainSix(host.substring(1, host.length() - 1));
        if (host.endsWith(".") || host.contains("..") || host.startsWith(".")) return false;
        if (NUMERIC.matcher(host).matches()) return QUAD.matcher(host).matches();
        for (var label : host.split("\\.", -1))
            // Punycode shows as another name than it is.
            if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-")) return false;
        return host.length() <= 253;
    }

    private static boolean isPlainSix(String address) {
        if (address.indexOf('.') >= 0) return false;
        try {
            var parsed = InetAddress.getByName("[" + address + "]");
            return parsed.getAddress().length == 16 && compressed(parsed.getAddress()).equals(address);
        } catch (UnknownHostException none) {
            return false;
        }
    }

    /// RFC 5952, section 4.
    static String compressed(byte[] bytes) {
        var groups = new int[8];
        for (int i = 0; i < 8; i++) groups[i] = (bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF;
        int best = -1;
        int most = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) length++;
            if (length > most) {
                best = i;
                most = length;
            }
            if (length > 0) i += length - 1;
        }
        var text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                text.append("::");
                i += most - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') text.append(':');
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /// The fields that go on, in order. What an answer may be encoded in is cut down to what can be read here.
    static List<HttpField> fields(Headers headers) {
        var fields = new ArrayList<HttpField>();
        for (var field : headers.endToEnd().without("host")) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (!name.equals("accept-encoding")) fields.add(new HttpField(name, field.value()));
            else if (field.value().toLowerCase(Locale.ROOT).contains("gzip") && !has(fields, name))
                fields.add(new HttpField(name, "gzip"));
        }
        return fields;
    }

    private static boolean has(List<HttpField> fields, String name) {
        return fields.stream().anyMatch(it -> it.name().equals(name));
    }

    static HttpBody body(Request request) throws IOException {
        var headers = request.headers();
        return HttpBody.of(
                request.body().readAll(BODY_BYTES_MAX),
                headers.one("content-type").orElse(""),
                headers.one("content-encoding").orElse(""));
    }
}
