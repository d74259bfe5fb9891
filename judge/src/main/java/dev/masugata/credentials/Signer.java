package dev.masugata.credentials;

import dev.masugata.net.Headers;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A credential that is no header of its own: it is put into the query, or the request as it was judged is signed with
/// it.
public sealed interface Signer {
    /// A request that is about to leave.
    ///
    /// @param authority host, and port where it is not the usual one
    /// @param path      as it is sent
    /// @param query     as it is sent, without its question mark; empty: none
    record Outgoing(
            String method, String authority, String path, String query, Headers headers, byte[] body) {
        Outgoing with(Headers headers) {
            return new Outgoing(method, authority, path, query, headers, body);
        }
    }

    /// The request with its credential.
    ///
    /// @param secrets what of it must not come back
    record Signed(Headers headers, String query, List<String> secrets) {}

    /// @throws IOException when the secret is not to be had; an agent may be told the message
    Signed sign(Outgoing request, Instant now) throws IOException;

    /// The headers that it sets, in lower case: what a caller puts there is dropped.
    Set<String> headers();

    /// The parameter of the query that it sets; no caller may.
    default Optional<String> parameter() {
        return Optional.empty();
    }

    /// Where its secrets stand.
    List<Source> sources();

    /// How it is carried, for people.
    String slot();

    /// A parameter of the query.
    record Query(Source source, String name) implements Signer {
        @Override
        public Signed sign(Outgoing request, Instant now) throws IOException {
            var secret = source.value();
            var pair = encoded(name) + "=" + encoded(secret);
            var query = request.query().isEmpty() ? pair : request.query() + "&" + pair;
            return new Signed(request.headers(), query, List.of(secret));
        }

        @Override
        public Set<String> headers() {
            return Set.of();
        }

        @Override
        public Optional<String> parameter() {
            return Optional.of(name);
        }

        @Override
        public List<Source> sources() {
            return List.of(source);
        }

        @Override
        public String slot() {
            return "query " + name;
        }
    }

    /// AWS Signature Version 4, in headers.
    ///
    /// @param token of a temporary key
    record Aws(Source key, Source secret, Optional<Source> token, String region, String service) implements Signer {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

        @Override
        public Signed sign(Outgoing request, Instant now) throws IOException {
            var time = TIME.format(now);
            var date = time.substring(0, 8);
            var scope = date + "/" + region + "/" + service + "/aws4_request";
            var digest = hex(sha256(request.body()));
            var headers = request.headers();
            for (var own : headers()) headers = headers.without(own);
            headers = headers.with("X-Amz-Date", time);
            // What holds objects wants it said what is in the body (S3 API Reference, x-amz-content-sha256).
            if (service.equals("s3")) headers = headers.with("X-Amz-Content-Sha256", digest);
            if (token.isPresent()) headers = headers.with("X-Amz-Security-Token", token.get().value());
            var signed = new TreeMap<String, String>();
            signed.put("host", request.authority());
            for (var field : headers) {
                var name = field.name().toLowerCase(Locale.ROOT);
                if (name.startsWith("x-amz-") || name.equals("content-type"))
                    signed.merge(name, squeezed(field.value()), (one, other) -> one + "," + other);
            }
            var names = String.join(";", signed.keySet());
            var lines = new StringBuilder();
            signed.forEach((name, value) -> lines.append(name).append(':').append(value).append('\n'));
            var canonical = String.join("\n", request.method(), path(request.path()), query(request.query()),
                    lines.toString(), names, digest);
            var text = String.join("\n", "AWS4-HMAC-SHA256", time, scope,
                    hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
            var signature = hex(mac("HmacSHA256", signingKey(secret.value(), date), text));
            return new Signed(headers.with("Authorization", "AWS4-HMAC-SHA256 Credential=" + key.value() + "/" + scope
                    + ", SignedHeaders=" + names + ", Signature=" + signature), request.query(), secrets(signature));
        }

        private List<String> secrets(String signature) throws IOException {
            var secrets = new ArrayList<>(List.of(signature));
            if (token.isPresent()) secrets.add(token.get().value());
            return secrets;
        }

        private byte[] signingKey(String secret, String date) {
            var key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
            for (var part : List.of(date, region, service, "aws4_request")) key = mac("HmacSHA256", key, part);
            return key;
        }

        /// Encoded once more than it is sent, but for what holds objects.
        private String path(String sent) {
            var segments = Arrays.stream(sent.split("/", -1))
                    .map(it -> service.equals("s3") ? encoded(decoded(it)) : encoded(it));
            return String.join("/", segments.toList());
        }

        private static String query(String sent) {
            if (sent.isEmpty()) return "";
            var pairs = new ArrayList<String>();
            for (var pair : sent.split("&")) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var value = equals < 0 ? "" : pair.substring(equals + 1);
                pairs.add(encoded(decoded(name)) + "=" + encoded(decoded(value)));
            }
            pairs.sort(null);
            return String.join("&", pairs);
        }

        private static String squeezed(String value) {
            return value.strip().replaceAll(" +", " ");
        }

        @Override
        public Set<String> headers() {
            return Set.of("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256");
        }

        @Override
        public List<Source> sources() {
            var all = new ArrayList<>(List.of(key, secret));
            token.ifPresent(all::add);
            return all;
        }

        @Override
        public String slot() {
            return "AWS SigV4 for " + service + " in " + region;
        }
    }

    /// A keyed digest over parts of the request.
    ///
    /// @param sha512    instead of SHA-256
    /// @param header    that carries it
    /// @param template  its value, `{}` where the digest goes
    /// @param base64    instead of hex
    /// @param over      what is signed; `{timestamp}`, `{method}`, `{host}`, `{path}` (with its query) and `{body}` in
    ///     it stand for what they say
    /// @param timestamp the header that carries the seconds since 1970; empty: none
    record Hmac(
            Source key, boolean sha512, String header, String template, boolean base64, String over,
            Optional<String> timestamp)
            implements Signer {
        @Override
        public Signed sign(Outgoing request, Instant now) throws IOException {
            var seconds = Long.toString(now.getEpochSecond());
            var local = request.query().isEmpty() ? request.path() : request.path() + "?" + request.query();
            var name = sha512 ? "HmacSHA512" : "HmacSHA256";
            // The body last: whatever stands in it is no part of the form any more.
            var form = over.replace("{timestamp}", seconds).replace("{method}", request.method())
                    .replace("{host}", request.authority()).replace("{path}", local);
            int at = form.indexOf("{body}");
            var bytes = at < 0
                    ? form.getBytes(StandardCharsets.UTF_8)
                    : joined(form.substring(0, at), request.body(), form.substring(at + "{body}".length()));
            var digest = mac(name, key.value().getBytes(StandardCharsets.UTF_8), bytes);
            var text = base64 ? Base64.getEncoder().encodeToString(digest) : hex(digest);
            var headers = request.headers().without(header).with(header, template.replace("{}", text));
            if (timestamp.isPresent()) headers = headers.without(timestamp.get()).with(timestamp.get(), seconds);
            return new Signed(headers, request.query(), List.of(text));
        }

        private static byte[] joined(String before, byte[] body, String after) {
            var out = new java.io.ByteArrayOutputStream();
            out.writeBytes(before.getBytes(StandardCharsets.UTF_8));
            out.writeBytes(body);
            out.writeBytes(after.getBytes(StandardCharsets.UTF_8));
            return out.toByteArray();
        }

        @Override
        public Set<String> headers() {
            var own = new java.util.HashSet<String>(Set.of(header.toLowerCase(Locale.ROOT)));
            timestamp.ifPresent(it -> own.add(it.toLowerCase(Locale.ROOT)));
            return own;
        }

        @Override
        public List<Source> sources() {
            return List.of(key);
        }

        @Override
        public String slot() {
            return header + ": " + template + " (HMAC)";
        }
    }

    /// RFC 3986 section 2.3: all but the unreserved.
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java knows no SHA-256", impossible);
        }
    }

    private static byte[] mac(String algorithm, byte[] key, String text) {
        return mac(algorithm, key, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] mac(String algorithm, byte[] key, byte[] bytes) {
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java knows no " + algorithm, impossible);
        }
    }
}
